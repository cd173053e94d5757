import { ensureN8n, type Install } from '../dev/n8n/install';
import { fs, os, parseArgs, path, process, root, say } from '../dev/platform';
import { drawChart } from './chart';
import { runCase, type Result } from './measure';
import { plan } from './plan';
import { compile, startClose } from './processes';
import {
	bars,
	goals,
	noise,
	ownCostGoals,
	ownCostTable,
	ownFunctions,
	paceGoals,
	paceTable,
	requestGoals,
	requestsTable,
	table,
} from './report';
import { measureOwnCost } from './ownCost';
import { COUNTS, measurePace, measureRequests, type Lab } from './requests';
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
		/** only how many requests a text takes: a minute, on a busy machine too */
		requests: { type: 'boolean', default: false },
		/** with `--requests` or `--pace`: texts in one run */
		texts: { type: 'string', default: COUNTS.join(',') },
		/** only how long sending takes over the least that Close's limit allows, for the longest run: ten minutes for 1,000 */
		pace: { type: 'boolean', default: false },
		/** only whose code takes the CPU of a run, and when its first SMS leaves: two minutes */
		profile: { type: 'boolean', default: false },
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

async function withLab<T>(install: Install, act: (lab: Lab) => Promise<T>): Promise<T> {
	const close = await startClose();
	const { program, remove } = await compile(install);
	const found = await act({ close, program, install });
	await close.stop();
	await remove();
	return found;
}

/** What is written into docs/benchmarks.md, between comments of these names. */
type Part = 'measured' | 'requests' | 'pace' | 'profile';

async function write(part: Part, report: string): Promise<void> {
	const file = path.join(root, 'docs', 'benchmarks.md');
	const text = await fs.readFile(file, 'utf8');
	const marks = new RegExp(`(<!-- ${part} -->\\n)[^]*(\\n<!-- /${part} -->)`);
	await fs.writeFile(
		file,
		text.replace(marks, (_, start, end) => `${start}\n${report}\n${end}`),
	);
}

async function tell(part: Part, report: string): Promise<void> {
	say(`\n${report}`);
	if (options.write) await write(part, report);
}

const today = () => new Date().toISOString().slice(0, 10);

const counts = options.texts.split(',').map(Number);

async function countRequests(install: Install): Promise<void> {
	const rows = await withLab(install, async (lab) => await measureRequests(lab, counts));
	const report = `${today()}, n8n ${install.version}.\n\n${requestsTable(rows, counts)}\n\nGoals:\n\n${requestGoals(rows, counts)}`;
	await tell('requests', report);
}

async function timeSending(install: Install): Promise<void> {
	const count = counts[counts.length - 1];
	const rows = await withLab(install, async (lab) => await measurePace(lab, count));
	const report = `${today()}, ${machine(install)}.\n\n${paceTable(rows, count)}\n\nGoals:\n\n${paceGoals(rows)}`;
	await tell('pace', report);
}

async function profile(install: Install): Promise<void> {
	const before = os.loadavg()[0];
	const rows = await withLab(install, measureOwnCost);
	say(ownFunctions(rows));
	const report = `${today()}, ${machine(install)}; load before ${before.toFixed(1)}.\n\n${ownCostTable(rows)}\n\nGoals:\n\n${ownCostGoals(rows)}`;
	await tell('profile', report);
}

async function measureSpeed(install: Install): Promise<void> {
	const before = os.loadavg()[0];
	const results = await withLab(install, async (lab) => {
		const found: Result[] = [];
		for (const one of cases) found.push(await runCase(lab, one, rounds));
		return found;
	});
	const rates = options.only ? undefined : await triggerRates(rounds);
	const report = `${today()}, ${machine(install)}. Medians of ${rounds} rounds. The time of the baseline differed by ${noise(results)} between rounds; load before and after ${before.toFixed(1)} and ${os.loadavg()[0].toFixed(1)}.

${table(results, rates)}

Goals:

${goals(results)}`;
	await tell('measured', report);
	if (!options.write) return;
	const picture = path.join(root, 'docs', 'images', 'benchmarks.svg');
	await fs.writeFile(picture, `${await drawChart(bars(results))}\n`);
}

async function main(): Promise<void> {
	const install = await ensureN8n();
	if (options.profile) return await profile(install);
	if (options.pace) return await timeSending(install);
	if (!options.only) await countRequests(install);
	if (options.requests) return;
	await profile(install);
	await measureSpeed(install);
}

void main();
