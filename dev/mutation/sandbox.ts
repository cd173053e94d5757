import execa from 'execa';
import { fs, os, path, process, rmSync, root } from '../platform';
import type { Sources } from './mutants';

/** Every file of the checkout, committed or new, that git does not ignore. */
export async function listFiles(): Promise<string[]> {
	const { stdout } = await execa(
		'git',
		['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
		{ cwd: root },
	);
	const { stdout: deleted } = await execa('git', ['ls-files', '--deleted'], { cwd: root });
	const gone = new Set(deleted.split('\n'));
	return stdout.split('\n').filter((file) => !gone.has(file));
}

/** A copy of the checkout outside git, in which the instrumented files take the place of the original ones. */
export async function createSandbox(files: string[], instrumented: Sources): Promise<string> {
	// Jest needs the real path; on macOS the folder for temporary files is behind a link.
	const temp = await fs.realpath(os.tmpdir());
	const folder = await fs.mkdtemp(path.join(temp, 'close-sms-mutation-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	for (const file of files) {
		const target = path.join(folder, file);
		await fs.mkdir(path.dirname(target), { recursive: true });
		const content = instrumented.get(file);
		if (content === undefined) await fs.copyFile(path.join(root, file), target);
		else await fs.writeFile(target, content);
	}
	const modules = await fs.realpath(path.join(root, 'node_modules'));
	await fs.symlink(modules, path.join(folder, 'node_modules'));
	return folder;
}
