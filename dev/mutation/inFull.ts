import execa from 'execa';
import { fs, os, path, root, say } from '../platform';
import { listModules } from './modules';
import { AT_ONCE, GOAL } from './settings';

/** Counted from 1. */
interface Place {
	line: number;
	column: number;
}

/** What of StrykerJS's report is read (mutation-testing-report-schema). */
interface Report {
	files: Record<
		string,
		{
			source: string;
			mutants: Array<{
				status: string;
				mutatorName: string;
				replacement?: string;
				location: { start: Place };
			}>;
		}
	>;
}

interface Score {
	module: string;
	noticed: number;
	total: number;
	survivors: string[];
	seconds: number;
}

const NOTICED = new Set(['Killed', 'Timeout', 'RuntimeError']);
const SURVIVED = new Set(['Survived', 'NoCoverage']);

/** What the editor shows of a property decides nothing: its words are left out. */
const LABEL = /\b(action|description|displayName|hint|name|placeholder):\s*$/;

const percent = (noticed: number, total: number) =>
	total === 0 ? 100 : Math.floor((1000 * noticed) / total) / 10;

/** Tries every mutant of one module on its own tests. */
async function tryModule(module: string, tests: string[], folder: string): Promise<Score> {
	const start = Date.now();
	const name = module.replace(/\W+/g, '-');
	const report = path.join(folder, `${name}.json`);
	const { all, exitCode } = await execa(
		'stryker',
		['run', 'dev/mutation/stryker.config.mjs', '--mutate', module],
		{
			cwd: root,
			preferLocal: true,
			all: true,
			reject: false,
			env: {
				MUTATION_TESTS: JSON.stringify(tests),
				MUTATION_REPORT: report,
				MUTATION_TEMP: path.join(folder, name),
			},
		},
	);
	if (exitCode !== 0) throw new Error(`StrykerJS failed on ${module}:\n${all}`);
	const { files } = JSON.parse(await fs.readFile(report, 'utf8')) as Report;
	const { mutants: found, source } = files[module];
	const lines = source.split('\n');
	/** What stands in front of a mutant, in its line and the one above. */
	const before = ({ line, column }: Place) =>
		`${lines[line - 2] ?? ''}\n${lines[line - 1].slice(0, column - 1)}`;
	const mutants = found.filter(
		({ mutatorName, location }) =>
			mutatorName !== 'StringLiteral' || !LABEL.test(before(location.start)),
	);
	const left = mutants.filter(({ status }) => SURVIVED.has(status));
	return {
		module,
		noticed: mutants.filter(({ status }) => NOTICED.has(status)).length,
		total: mutants.filter(({ status }) => NOTICED.has(status) || SURVIVED.has(status)).length,
		survivors: left.map(({ status, mutatorName, replacement, location: { start: at } }) =>
			[
				`${module}:${at.line}:${at.column}  ${mutatorName}${status === 'NoCoverage' ? ', no test reaches it' : ''}`,
				`- ${lines[at.line - 1].trim()}`,
				`+ ${replacement ?? ''}`,
			].join('\n'),
		),
		seconds: (Date.now() - start) / 1000,
	};
}

/**
 * Tries every mutant of the modules that unit tests hold, each module by itself with its own tests: a mutant of what runs
 * while a module is loaded would otherwise be tried on all tests.
 *
 * @param names of modules, without folder and extension; all unless given
 * @returns whether each of them reaches the goal
 */
export async function tryModules(names?: string[]): Promise<boolean> {
	const all = [...(await listModules())];
	const chosen = names
		? all.filter(([module]) => names.includes(path.basename(module, '.ts')))
		: all;
	if (chosen.length === 0) throw new Error(`There is no such module: ${names?.join(', ')}`);
	const folder = await fs.mkdtemp(path.join(await fs.realpath(os.tmpdir()), 'close-sms-stryker-'));
	// StrykerJS links a folder of modules, but not what is a link itself, as in a worktree of git.
	const modules = await fs.realpath(path.join(root, 'node_modules'));
	await fs.symlink(modules, path.join(folder, 'node_modules'));
	const scores: Score[] = [];
	// The workers share one iterator: each takes the next module when it is free.
	const queue = chosen.values();
	const work = async () => {
		for (const [module, tests] of queue) {
			const score = await tryModule(module, tests, folder);
			scores.push(score);
			const { noticed, total, survivors, seconds } = score;
			say(
				`${percent(noticed, total)} %  ${noticed} of ${total}  ${module}  ${seconds.toFixed(0)} s`,
			);
			for (const survivor of survivors) say(`\n${survivor}`);
			if (survivors.length > 0) say('');
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work)).finally(
		async () => await fs.rm(folder, { recursive: true, force: true }),
	);
	const sum = (key: 'noticed' | 'total') => scores.reduce((all, one) => all + one[key], 0);
	say(`\n${sum('noticed')} of ${sum('total')} noticed: ${percent(sum('noticed'), sum('total'))} %`);
	const below = scores.filter(({ noticed, total }) => percent(noticed, total) < GOAL);
	for (const { module } of below) say(`Below ${GOAL} %: ${module}`);
	return below.length === 0;
}
