import type { WorkflowJson } from './n8nClient';
import { fs, path, root } from '../test/platform';

/** Reads one of `examples/`. */
export const example = async (file: string) => {
	const text = await fs.readFile(path.join(root, 'examples', file), 'utf8');
	return JSON.parse(text) as WorkflowJson;
};
