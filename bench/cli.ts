import { ensureN8n, type Install } from '../dev/n8n/install';
import { fs, os, path, process, root, say } from '../dev/platform';
import { runCase, type Result } from './measure';
import { plan } from './plan';
import { compile, startClose } from './processes';
import { goals, noise, table } from './report';
import { triggerRates } from './trigger';

/** `--rounds 5`, `--sizes 100,1000`; `--write` puts the result into docs/benchmarks.md. */
function option(name: string): string | undefined {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? undefined : process.argv[at + 1];
}

const rounds = Number(option('rounds') ?? 3);
const sizes = (option('sizes') ?? '100,1000,10000').split(',').map(Number);

function machine({ version, node }: Install): string {
	const [{ model }] = os.cpus();
	const memory = Math.round(os.totalmem() / 2 ** 30);
	const nodeVersion =
		node === process.execPath
			? process.version
			: `Node ${path.basename(path.resolve(node, '..', '..', '..', '..'))}`;
	return `${os.cpus().length} cores (${model}), ${memory} GB, ${os.type()}; n8n ${version} on ${nodeVersion}`;
}

async function measureAll(install: Install): Promise<Result[]> {
	const close = await startClose();
	const { program, remove } = await compile(install);
	const results: Result[] = [];
	for (const one of plan(sizes))
		results.push(await runCase({ close, program, install }, one, rounds));
	await close.stop();
	await remove();
	return results;
}

const MARKS = /(<!-- measured -->\n)[^]*(\n<!-- \/measured -->)/;

async function write(report: string): Promise<void> {
	const file = path.join(root, 'docs', 'benchmarks.md');
	const text = await fs.readFile(file, 'utf8');
	await fs.writeFile(
		file,
		text.replace(MARKS, (_, start, end) => `${start}\n${report}\n${end}`),
	);
}

async function main(): Promise<void> {
	const install = await ensureN8n();
	const before = os.loadavg()[0];
	const results = await measureAll(install);
	const rates = await triggerRates(rounds);
	const report = `${new Date().toISOString().slice(0, 10)}, ${machine(install)}. Medians of ${rounds} rounds. The time of the baseline differed by ${noise(results)} between rounds; load before and after ${before.toFixed(1)} and ${os.loadavg()[0].toFixed(1)}.

${table(results, rates)}

Goals:

${goals(results, rates)}`;
	say(`\n${report}`);
	if (process.argv.includes('--write')) await write(report);
}

void main();
