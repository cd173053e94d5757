import { lock } from 'proper-lockfile';

import { fs, os, path, process } from '../platform';

/** Where n8n and Node are kept between runs: `CLOSE_SMS_CACHE`, else the user's cache folder. Safe to delete. */
export const cacheFolder = () => {
	const { CLOSE_SMS_CACHE, XDG_CACHE_HOME } = process.env;
	if (CLOSE_SMS_CACHE) return path.resolve(CLOSE_SMS_CACHE);
	return path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'n8n-nodes-close-sms');
};

const exists = async (file: string) =>
	await fs.access(file).then(
		() => true,
		() => false,
	);

/**
 * Returns the cache's folder `name`, and has `fill` make it first if it is missing. It appears whole or not at all; when
 * several processes need it at once, one fills it while the others wait.
 *
 * @throws whatever `fill` throws; nothing is kept then.
 */
export const cached = async (name: string, fill: (folder: string) => Promise<void>) => {
	const folder = path.join(cacheFolder(), name);
	if (await exists(folder)) return folder;
	await fs.mkdir(path.dirname(folder), { recursive: true });
	const unlock = await lock(folder, {
		realpath: false,
		retries: { forever: true, maxTimeout: 2_000 },
	});
	try {
		if (!(await exists(folder))) await fillAtomically(folder, fill);
	} finally {
		await unlock();
	}
	return folder;
};

const fillAtomically = async (folder: string, fill: (folder: string) => Promise<void>) => {
	const unfinished = `${folder}.unfinished`;
	await fs.rm(unfinished, { recursive: true, force: true });
	await fs.mkdir(unfinished);
	try {
		await fill(unfinished);
		await fs.rename(unfinished, folder);
	} finally {
		await fs.rm(unfinished, { recursive: true, force: true });
	}
};
