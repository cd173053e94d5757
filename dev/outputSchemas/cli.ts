import { format, resolveConfig } from 'prettier';

import { fs, path, root, say } from '../platform';
import { toOutputSchemas } from './outputSchemas';
import { getSamples } from './samples';

/** `npm run schemas`: writes the output previews of all operations anew. */
async function main(): Promise<void> {
	const schemas = toOutputSchemas(await getSamples());
	await fs.rm(path.join(root, 'nodes/CloseSms/__schema__'), { recursive: true, force: true });
	for (const [file, schema] of schemas) {
		const config = await resolveConfig(file);
		await fs.mkdir(path.dirname(file), { recursive: true });
		await fs.writeFile(file, await format(JSON.stringify(schema), { ...config, parser: 'json' }));
		say(path.relative(root, file));
	}
}

void main();
