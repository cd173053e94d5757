import { lock } from 'proper-lockfile';

import { cacheFolder } from './cache';
import type { KeptExample } from './keptExamples';
import { fs, path } from '../platform';

/** What one start of n8n leaves for the next, beside n8n's own data. */
interface Kept {
	encryptionKey: string;
	password: string;
	/** Port of n8n. */
	port: number;
	/** Port of the simulated Close. */
	closePort: number;
	/** ID of the credential in n8n. */
	credential: string;
	/** The examples, by their files. */
	examples: Record<string, KeptExample>;
	/** ID of the published example, as it was kept before all were kept by their files. */
	example: string;
}

/** A folder with the data of an n8n that is used again by the next start. */
export interface KeptData {
	folder: string;
	known: Partial<Kept>;
	remember(more: Partial<Kept>): Promise<void>;
	/** Lets another process use it. */
	stop(): Promise<void>;
}

/**
 * Opens the data that `npm start` keeps for one version of n8n, whose database an older one could not read.
 *
 * @param fresh whether to delete what was kept
 * @returns undefined while another process uses it
 */
export const openKeptData = async (
	version: string,
	{ fresh = false } = {},
): Promise<KeptData | undefined> => {
	const folder = path.join(cacheFolder(), 'start', version);
	await fs.mkdir(folder, { recursive: true });
	const unlock = await lock(folder, { realpath: false }).catch(() => undefined);
	if (!unlock) return undefined;
	if (fresh) {
		await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
		await fs.mkdir(folder, { recursive: true });
	}
	const file = path.join(folder, 'kept.json');
	const known = JSON.parse(await fs.readFile(file, 'utf8').catch(() => '{}')) as Partial<Kept>;
	return {
		folder,
		known,
		remember: async (more) => {
			Object.assign(known, more);
			await fs.writeFile(file, JSON.stringify(known, null, '\t'), { mode: 0o600 });
		},
		stop: async () => await unlock().catch(() => undefined),
	};
};
