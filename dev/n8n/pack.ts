import { npm } from './npm';
import { fs, path, root } from '../platform';

const NOT_SOURCE = new Set(['node_modules', '.git', 'dist']);

/**
 * Builds and packs this package as it would be published, and returns the path of the tarball in `folder`.
 * A copy is built, so that `dist` does not change under whoever is using it.
 */
export const pack = async (folder: string) => {
	const source = path.join(folder, 'source');
	// Of an earlier start, where the folder is kept.
	await fs.rm(source, { recursive: true, force: true });
	await fs.cp(root, source, {
		recursive: true,
		filter: (file) => !NOT_SOURCE.has(path.basename(file)),
	});
	await fs.symlink(
		path.resolve(root, 'node_modules'),
		path.join(source, 'node_modules'),
		'junction',
	);
	await npm(['pack', '--ignore-scripts=false', '--pack-destination', folder], source);
	const tarball = (await fs.readdir(folder)).find((file) => file.endsWith('.tgz'))!;
	return path.join(folder, tarball);
};
