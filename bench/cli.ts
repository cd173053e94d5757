import { ensureN8n, type Install } from '../dev/n8n/install';
import { fs, os, parseArgs, path, process, root, say } from '../dev/platform';
import { drawChart } from './chart';
import { runCase, type Result } from './measure';
import { plan } from './plan';
import { compile, startClose } from './processes';
import { bars, goals, noise, table } from './report';
import { triggerRates } from './trigger';

const { values: options } = parseArgs({
	options: {
		/** the whole plan, in place of the rows that the README names */
		all: { type: 'boolean', default: false },
		/** with `--all` */
		sizes: { type: 'string', default: '100,1000,10000' },
		rounds: { type: 'string' },
		/** only rows whose conditions contain this, without the trigger */
		only: { type: 'string' },
		/** puts the result into docs/benchmarks.md, and the picture beside it */
		write: { type: 'boolean', default: false },
	},
});
const rounds = Number(options.rounds ?? (options.all ? 3 : 2));
const cases = plan({
	sizes: options.all ? options.sizes.split(',').map(Number) : undefined,
	only: options.only,
});

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
	for (const one of cases) results.push(await runCase({ close, program, install }, one, rounds));
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
	const rates = options.only ? undefined : await triggerRates(rounds);
	const report = `${new Date().toISOString().slice(0, 10)}, ${machine(install)}. Medians of ${rounds} rounds. The time of the baseline differed by ${noise(results)} between rounds; load before and after ${before.toFixed(1)} and ${os.loadavg()[0].toFixed(1)}.

${table(results, rates)}

Goals:

${goals(results, rates)}`;
	say(`\n${report}`);
	if (!options.write) return;
	await write(report);
	const picture = path.join(root, 'docs', 'images', 'benchmarks.svg');
	await fs.writeFile(picture, `${await drawChart(bars(results))}\n`);
}

void main();
