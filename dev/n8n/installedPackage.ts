import { cached } from './cache';
import { npmInstall } from './npm';
import { copySources, hashSources, pack } from './pack';
import { fs, os, path } from '../platform';

const FOLDER = 'package';
const KEPT_FOR_MS = 24 * 3_600_000;

/** Installs a tarball of this package into `folder` as n8n does: the node must use the running n8n's own n8n-workflow. */
const installInto = async (folder: string, tarball: string) =>
	await npmInstall(folder, tarball, { flags: ['--legacy-peer-deps'] });

/**
 * Builds, packs and installs this package, which takes ten seconds, unless that has been done with the same sources.
 *
 * @returns a folder in the cache, to be copied
 */
const installedPackage = async () => {
	const temp = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-package-'));
	try {
		const source = await copySources(temp);
		const name = path.join(FOLDER, await hashSources(source));
		const folder = await cached(name, async (unfinished) => {
			const tarball = await pack(temp, source);
			// Beside what npm makes of it: npm looks for it again when a person adds another package.
			const kept = path.join(unfinished, path.basename(tarball));
			await fs.copyFile(tarball, kept);
			await installInto(unfinished, kept);
		});
		const now = new Date();
		await fs.utimes(folder, now, now);
		await removeOld(path.dirname(folder));
		return folder;
	} finally {
		await fs.rm(temp, { recursive: true, force: true });
	}
};

/** Removes what nobody has used for a day. */
const removeOld = async (folder: string) => {
	for (const name of await fs.readdir(folder)) {
		const one = path.join(folder, name);
		const { mtimeMs } = await fs.stat(one).catch(() => ({ mtimeMs: Infinity }));
		if (Date.now() - mtimeMs > KEPT_FOR_MS) await fs.rm(one, { recursive: true, force: true });
	}
};

/**
 * Puts this package where n8n with the data folder `home` looks for community nodes.
 *
 * @param packagePath a tarball of it; built and packed unless given
 */
export const installPackage = async (home: string, packagePath?: string) => {
	const nodes = path.join(home, '.n8n', 'nodes');
	// What an earlier start left may be another build of the same version, which npm would keep.
	await fs.rm(nodes, { recursive: true, force: true });
	await fs.mkdir(nodes, { recursive: true });
	if (packagePath) await installInto(nodes, packagePath);
	else await fs.cp(await installedPackage(), nodes, { recursive: true, verbatimSymlinks: true });
};
