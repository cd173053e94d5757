import execa from 'execa';
import { fs, parseArgs, path, process, root, say } from '../platform';
import { seededRandom } from '../simulator/faults/random';
import { tryModules } from './inFull';
import { findJudges } from './judges';
import { describe, instrument, sample, type Sources } from './mutants';
import { createSandbox, listFiles } from './sandbox';
import { GOAL, MUTATED, PROJECTS } from './settings';
import { tryMutants, type Verdict } from './trial';

const USAGE = `npm run mutation                                 every mutant of the modules that unit tests cover, with StrykerJS
npm run mutation -- --module readBack            of these modules only; --module may be repeated
npm run mutation -- --sample 60 [--seed 1]       a random sample of ${MUTATED}, with every test that reaches a mutant
npm run mutation -- --file nodes/x.ts --line 20  each mutant on that line (without --line: in that file or folder)
    --project unit                               only with the tests of that jest project`;

const { values } = parseArgs({
	options: {
		module: { type: 'string', multiple: true },
		sample: { type: 'string' },
		seed: { type: 'string' },
		file: { type: 'string' },
		line: { type: 'string' },
		project: { type: 'string', multiple: true },
		help: { type: 'boolean' },
	},
});

/** Percent, with the 95 % confidence interval by Wilson: what the score of all mutants may be, given that of a sample. */
function score(noticed: number, total: number): string {
	const z = 1.96;
	const share = noticed / total;
	const centre = share + z ** 2 / (2 * total);
	const spread = z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
	const [low, high] = [centre - spread, centre + spread].map((bound) =>
		Math.round((100 * bound) / (1 + z ** 2 / total)),
	);
	return `${noticed} of ${total} noticed: ${((100 * noticed) / total).toFixed(1)} % (95 % confidence: ${low} to ${high} %)`;
}

function summarize(verdicts: Verdict[]): void {
	const survivors = verdicts.filter(({ noticed }) => !noticed);
	if (survivors.length > 0) say('\nSurvivors:');
	for (const { mutant, reason } of survivors) {
		const { file, line, column, original, replacement } = mutant;
		say(`\n${file}:${line}:${column}\n- ${original}\n+ ${replacement}\n  ${reason}`);
	}
	const noticed = verdicts.length - survivors.length;
	say(`\n${score(noticed, verdicts.length)}`);
	process.exitCode = (100 * noticed) / verdicts.length < GOAL ? 1 : 0;
}

async function trySome(): Promise<void> {
	const projects = values.project ?? PROJECTS;
	const files = await listFiles();
	const sources: Sources = new Map();
	for (const file of files)
		if (file.startsWith(MUTATED) && file.endsWith('.ts'))
			sources.set(file, await fs.readFile(path.join(root, file), 'utf8'));
	const { mutants, instrumented } = await instrument(sources);
	const candidates = mutants.filter(
		({ file, line }) =>
			file.startsWith(values.file ?? MUTATED) && (!values.line || line === Number(values.line)),
	);
	if (candidates.length === 0) throw new Error('There is no mutant of that kind at that place');

	const seed = Number(values.seed ?? Date.now() % 100_000);
	const chosen = values.sample
		? sample(candidates, Number(values.sample), seededRandom(seed))
		: candidates;
	const { stdout: commit } = await execa('git', ['describe', '--always', '--dirty'], { cwd: root });
	say(
		`${chosen.length} of ${candidates.length} mutants${values.sample ? `, --seed ${seed}` : ''}, commit ${commit}`,
	);

	const sandbox = await createSandbox(files, instrumented);
	const { judges, leftOut } = await findJudges(sandbox, files, projects);
	let done = 0;
	const verdicts = await tryMutants(sandbox, chosen, judges, projects, (verdict) => {
		done++;
		const { mutant, noticed, reason, seconds } = verdict;
		say(
			`${done}/${chosen.length} ${noticed ? 'noticed ' : 'SURVIVED'} ${seconds.toFixed(0)} s  ${describe(mutant)}${noticed ? `  (${reason})` : ''}`,
		);
	});
	summarize(verdicts);
	if (leftOut > 0) say(`Without ${leftOut} test files, which fail without a mutant`);
}

async function main(): Promise<void> {
	if (values.help) {
		say(USAGE);
		return;
	}
	if (values.sample || values.file) return await trySome();
	process.exitCode = (await tryModules(values.module)) ? 0 : 1;
}

// The sandbox is removed when the process exits, also after Ctrl-C.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
void main();
