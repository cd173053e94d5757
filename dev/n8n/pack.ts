import { npm } from './npm';
import { createHash, fs, path, root } from '../platform';

const NOT_SOURCE = new Set(['node_modules', '.git', 'dist']);
const isSource = (file: string) => !NOT_SOURCE.has(path.basename(file));

/** Copies what this package is built from into a new folder in `folder`, and returns its path. */
export const copySources = async (folder: string) => {
	const source = path.join(folder, 'source');
	// Of an earlier start, where the folder is kept.
	await fs.rm(source, { recursive: true, force: true });
	await fs.cp(root, source, { recursive: true, filter: isSource });
	return source;
};

/** A key for what is in a folder, whoever made it and whenever: the names and the bytes of its sources. */
export const hashSources = async (folder: string) => {
	const hash = createHash('sha256');
	const add = async (current: string) => {
		const entries = await fs.readdir(current, { withFileTypes: true });
		entries.sort((one, other) => (one.name < other.name ? -1 : 1));
		for (const entry of entries.filter(({ name }) => isSource(name))) {
			const file = path.join(current, entry.name);
			if (entry.isDirectory()) await add(file);
			else {
				const bytes = await fs.readFile(file);
				hash.update(`${path.relative(folder, file)}\0${bytes.length}\0`).update(bytes);
			}
		}
	};
	await add(folder);
	return hash.digest('hex');
};

/**
 * Builds and packs this package as it would be published, and returns the path of the tarball in `folder`.
 * A copy is built, so that `dist` does not change under whoever is using it.
 *
 * @param source a copy of the sources; made unless given
 */
export const pack = async (folder: string, source?: string) => {
	const copy = source ?? (await copySources(folder));
	await fs.symlink(path.resolve(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
	await npm(['pack', '--ignore-scripts=false', '--pack-destination', folder], copy);
	const tarball = (await fs.readdir(folder)).find((file) => file.endsWith('.tgz'))!;
	return path.join(folder, tarball);
};
