import execa from 'execa';

import { fs, path, root } from '../platform';
import { SCHEMA_FOLDER, toOutputSchemas } from './outputSchemas';
import { getSamples } from './samples';

// `npm run schemas`: writes the output previews of all operations anew. It runs in jest, which compiles the node: tsx
// takes its codex file, `CloseSms.node.json`, for it.
test('write', async () => {
	const schemas = toOutputSchemas(await getSamples());
	await fs.rm(path.join(root, SCHEMA_FOLDER), { recursive: true, force: true });
	for (const [file, schema] of schemas) {
		await fs.mkdir(path.dirname(file), { recursive: true });
		await fs.writeFile(file, JSON.stringify(schema));
	}
	await execa('prettier', ['--write', SCHEMA_FOLDER], { cwd: root, preferLocal: true });
});
