import execa from 'execa';
import { performance, process, root, say } from './platform';

/** What to run while one works: lint of what has changed since main, types, imports, unused code, unit tests. */

const git = async (...args: string[]) =>
	(await execa('git', args, { cwd: root })).stdout.split('\n').filter(Boolean);

/** Where this branch left main; on main itself, the last commit. */
async function base(): Promise<string> {
	for (const main of ['origin/main', 'main'])
		try {
			return (await git('merge-base', main, 'HEAD'))[0];
		} catch {
			// There is no such branch, as in a shallow clone.
		}
	return 'HEAD';
}

async function changedFiles(): Promise<string[]> {
	const changed = await git('diff', '--name-only', '--diff-filter=d', await base());
	const added = await git('ls-files', '--others', '--exclude-standard');
	// What eslint.config.mjs, which is n8n's, looks at.
	return [...changed, ...added].filter((file) => /\.ts$|^package\.json$/.test(file));
}

async function step(name: string, command: string, args: string[]): Promise<boolean> {
	const start = performance.now();
	const { exitCode, all } = await execa(command, args, {
		cwd: root,
		preferLocal: true,
		all: true,
		reject: false,
		env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
	});
	const seconds = ((performance.now() - start) / 1000).toFixed(0);
	say(`${exitCode === 0 ? 'passed' : 'FAILED'} ${seconds} s  ${name}`);
	if (exitCode !== 0) say(all ?? '');
	return exitCode === 0;
}

async function main(): Promise<void> {
	const files = await changedFiles();
	const lint = ['--max-warnings', '0', ...files];
	const passed = await Promise.all([
		files.length === 0 || step(`lint of ${files.length} changed files`, 'eslint', lint),
		// What was found last time is kept: the next time takes a third as long.
		step('types', 'tsc', [
			...['-p', 'test', '--incremental'],
			...['--tsBuildInfoFile', 'node_modules/.cache/check.tsbuildinfo'],
		]),
		step('imports', 'npm', ['run', 'deps']),
		step('nothing unused', 'knip', []),
		step('unit tests', 'jest', ['--selectProjects', 'unit', '--maxWorkers', '2']),
	]);
	if (!passed.every(Boolean)) process.exitCode = 1;
}

void main();
