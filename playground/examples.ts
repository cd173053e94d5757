import type { WorkflowJson } from './n8nClient';
import { fs, path, root } from '../test/platform';

/** Where Close is; the examples that call it themselves name it. */
const CLOSE = 'https://api.close.com/api/v1';

/**
 * Reads one of `examples/` as it is there.
 *
 * @param baseUrl Close's stand-in, for those nodes that do not take the address from the credential
 */
export const example = async (file: string, baseUrl = CLOSE): Promise<WorkflowJson> => {
	const text = await fs.readFile(path.join(root, 'examples', file), 'utf8');
	return JSON.parse(text.replaceAll(CLOSE, baseUrl)) as WorkflowJson;
};
