import type { WorkflowJson } from './n8nClient';
import { fs, path, root } from '../platform';

const FOLDER = path.join(root, 'examples');

/** Reads a file of `examples/`. */
export const example = async (file: string) => {
	const text = await fs.readFile(path.join(FOLDER, file), 'utf8');
	return JSON.parse(text) as WorkflowJson;
};

/** The names of all files of `examples/`, without ".json". */
export const examples = async () =>
	(await fs.readdir(FOLDER)).map((file) => path.basename(file, '.json'));
