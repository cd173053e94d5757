import { createHash, fs, path, root, say } from '../platform';
import { runJest } from './jest';
import { AT_ONCE, NO_JUDGES } from './settings';

/** A test file, and what it does without a mutant. */
export interface Judge {
	file: string;
	seconds: number;
	/** How often it reaches each mutant, by id. */
	reached: Record<string, number>;
}

interface JestResults {
	testResults: Array<{
		name: string;
		status: string;
		/** What failed, and how. */
		message: string;
		startTime: number;
		endTime: number;
	}>;
}

const CACHE = path.join(root, 'node_modules/.cache/mutation/judges.json');

const readJson = async <T>(file: string) => JSON.parse(await fs.readFile(file, 'utf8')) as T;

async function listTests(sandbox: string, projects: string[]): Promise<string[]> {
	const { stdout } = await runJest(sandbox, [
		'--listTests',
		'--json',
		'--selectProjects',
		...projects,
	]);
	return (JSON.parse(stdout.slice(stdout.indexOf('['))) as string[])
		.map((file) => path.relative(sandbox, file).split(path.sep).join('/'))
		.filter((file) => !NO_JUDGES.test(file))
		.sort();
}

/** Runs these test files once, without a mutant. */
async function record(sandbox: string, files: string[], projects: string[]): Promise<Judge[]> {
	const folder = path.join(sandbox, '.reached');
	const report = path.join(sandbox, '.results.json');
	await fs.mkdir(folder, { recursive: true });
	await runJest(
		sandbox,
		[
			...['--selectProjects', ...projects],
			...['--maxWorkers', String(AT_ONCE)],
			...['--json', '--outputFile', report],
			...['--runTestsByPath', ...files],
		],
		{ env: { REACHED_FOLDER: folder } },
	);
	const { testResults } = await readJson<JestResults>(report);
	const reached = new Map<string, Judge['reached']>();
	for (const name of await fs.readdir(folder)) {
		const one = await readJson<{ testPath: string; reached: Judge['reached'] }>(
			path.join(folder, name),
		);
		reached.set(one.testPath, one.reached);
	}
	for (const { name, status, message } of testResults)
		if (status !== 'passed') {
			const [first = message, ...others] = message.match(/^ *●.*$/gm) ?? [];
			say(`Left out, because it fails without a mutant: ${path.relative(sandbox, name)}`);
			say(`${first}${others.length > 0 ? ` and ${others.length} more` : ''}`);
		}
	return testResults
		.filter(({ status }) => status === 'passed')
		.map(({ name, startTime, endTime }) => ({
			file: path.relative(sandbox, name).split(path.sep).join('/'),
			seconds: (endTime - startTime) / 1000,
			reached: reached.get(name) ?? {},
		}));
}

/** Changes with whatever may change what a test file reaches, but for the test file itself and this tool. */
async function surroundings(sandbox: string, files: string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const file of files)
		if (/\.(ts|m?js|json)$/.test(file) && !/\.test\.ts$|^dev\/mutation\//.test(file))
			hash.update(`${file}\n`).update(await fs.readFile(path.join(sandbox, file)));
	return hash.digest('hex');
}

type Cache = Record<string, Judge>;

/**
 * The test files that may judge, quickest first, and how many may not, because they fail anyway. What each reaches is remembered until it or something else in the
 * checkout changes, so that after a new test only this one is run to find out.
 */
export async function findJudges(
	sandbox: string,
	files: string[],
	projects: string[],
): Promise<{ judges: Judge[]; leftOut: number }> {
	const tests = await listTests(sandbox, projects);
	const around = await surroundings(sandbox, files);
	const keys = new Map<string, string>();
	for (const file of tests) {
		const content = await fs.readFile(path.join(sandbox, file));
		keys.set(
			file,
			createHash('sha256').update(`${around} ${file}\n`).update(content).digest('hex'),
		);
	}
	const stored = await readJson<{ around: string; cache: Cache }>(CACHE).catch(() => undefined);
	const cache: Cache = stored?.around === around ? stored.cache : {};
	const isKnown = (file: string) => (keys.get(file) ?? '') in cache;
	const unknown = tests.filter((file) => !isKnown(file));
	if (unknown.length > 0) {
		say(`Running ${unknown.length} test files without a mutant, to see what each of them reaches`);
		for (const judge of await record(sandbox, unknown, projects))
			cache[keys.get(judge.file) ?? ''] = judge;
		await fs.mkdir(path.dirname(CACHE), { recursive: true });
		await fs.writeFile(CACHE, JSON.stringify({ around, cache }));
	}
	const judges = tests
		.filter(isKnown)
		.map((file) => cache[keys.get(file) ?? ''])
		.sort((a, b) => a.seconds - b.seconds);
	return { judges, leftOut: tests.length - judges.length };
}
