import execa from 'execa';
import { PackageDirectoryLoader } from 'n8n-core';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { fieldLabel } from '../nodes/shared/errors/fieldLabel';
import { example, examples } from '../dev/n8n/examples';
import { pack } from '../dev/n8n/pack';
import { fs, os, path, root } from '../dev/platform';

/** n8n's own loader, on what `npm run build` made. */
const load = async () => {
	const loader = new PackageDirectoryLoader(root);
	await loader.loadAll();
	return loader;
};

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
	dependencies?: Record<string, string>;
	peerDependencies: Record<string, string>;
}

const manifest = async () =>
	JSON.parse(await fs.readFile(`${root}/package.json`, 'utf8')) as Manifest;

test("n8n's loader finds every node and credential with its icons and its codex", async () => {
	const { nodeTypes, credentialTypes, known } = await load();
	const { n8n } = await manifest();

	expect(Object.keys(nodeTypes).length).toBe(n8n.nodes.length);
	expect(Object.keys(credentialTypes).length).toBe(n8n.credentials.length);
	for (const { type } of Object.values(nodeTypes)) {
		const { description } = type as INodeType;
		expect(description.codex).toMatchObject({
			categories: ['Sales', 'Communication'],
			alias: expect.arrayContaining(['SMS', 'text message']),
		});
		expect(description.iconUrl).toMatchObject({
			light: expect.stringMatching(/\.svg$/),
			dark: expect.stringMatching(/dark\.svg$/),
		});
		for (const { name } of description.credentials ?? [])
			expect(known.credentials).toHaveProperty(name);
	}
	for (const { type } of Object.values(credentialTypes))
		expect((type as ICredentialType).iconUrl).toBeDefined();
});

test('a package that is packed from a clean clone holds the nodes and credentials, and no sources', async () => {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-package-'));
	const { stdout } = await execa('tar', ['tzf', await pack(folder)]).finally(
		async () => await fs.rm(folder, { recursive: true }),
	);
	const files = stdout.split('\n').map((file) => file.replace(/^package\//, ''));
	const { n8n } = await manifest();

	expect(files).toEqual(expect.arrayContaining([...n8n.nodes, ...n8n.credentials]));
	expect(files.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
		'LICENSE',
		'README.md',
		'package.json',
	]);
	expect(
		files.filter(
			(file) =>
				!/^dist\/(nodes|credentials|icons)\/.*\.(js|svg|node\.json)$/.test(file) &&
				!/^dist\/nodes\/CloseSms\/__schema__\/v1\.0\.0\/\w+\/\w+\.json$/.test(file) &&
				file.startsWith('dist/'),
		),
	).toEqual([]);
});

test('the package holds the output preview of every operation', async () => {
	const { properties } = ((await load()).nodeTypes.closeSms.type as INodeType).description;
	const previews = properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }) =>
			(options as INodePropertyOptions[]).map(
				({ value }) => `${String(displayOptions?.show?.resource?.[0])}/${String(value)}.json`,
			),
		);
	const folder = `${root}/dist/nodes/CloseSms/__schema__/v1.0.0`;
	const packed = await Promise.all(
		['sms', 'smsTemplate'].map(async (resource) =>
			(await fs.readdir(`${folder}/${resource}`)).map((file) => `${resource}/${file}`),
		),
	);

	expect(packed.flat().sort()).toEqual(previews.sort());
});

test('nothing is needed at run time but n8n-workflow and node:crypto', async () => {
	const { dependencies, peerDependencies } = await manifest();
	const { stdout } = await execa('grep', ['-rhoE', 'require\\("[^."][^"]*"\\)', 'dist'], {
		cwd: root,
	});
	const required = [...new Set(stdout.split('\n'))].sort();

	expect(dependencies).toBeUndefined();
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(
		required.filter(
			(call) => !['require("n8n-workflow")', 'require("node:crypto")'].includes(call),
		),
	).toEqual([]);
});

/** Every property of a description, those inside collections too. */
const flat = (properties: INodeProperties[]): INodeProperties[] =>
	properties.flatMap((property) => [
		property,
		...flat(
			((property.options ?? []) as Array<INodeProperties & { values?: INodeProperties[] }>).flatMap(
				(option) => (option.values ? option.values : option.type ? [option] : []),
			),
		),
	]);

test('every field that Close may name in an error has the label that the error shows', async () => {
	const { nodeTypes } = await load();
	const { description } = nodeTypes.closeSms.type as INodeType;
	const sent = description.properties.flatMap((property) =>
		flat([property])
			.filter(({ routing }) => routing?.send?.type === 'body')
			.map(({ displayName, routing }) => ({
				displayName,
				field: routing!.send!.property!,
				operation: String(property.displayOptions?.show?.operation),
			})),
	);

	expect(sent.length).toBeGreaterThan(10);
	for (const { displayName, field, operation } of sent)
		expect(displayName).toBe(fieldLabel(field, { parameters: { operation } }));
});

test('an AI agent may use the node, and is told which statuses cannot be taken back', async () => {
	const { nodeTypes } = await load();
	const { description } = nodeTypes.closeSms.type as INodeType;
	const statuses = flat(description.properties).filter(
		({ name, options, routing }) =>
			name === 'status' &&
			// The filter of the same name asks for texts and changes none.
			routing?.send &&
			options?.some((option) => 'value' in option && option.value === 'outbox'),
	);

	expect(description.usableAsTool).toBe(true);
	expect(statuses.length).toBeGreaterThan(0);
	for (const { description: words, options } of statuses) {
		const outbox = (options as INodePropertyOptions[]).find(({ value }) => value === 'outbox');
		expect(`${words} ${outbox?.description}`).toMatch(/cannot be taken back/);
	}
});

test('docs/examples.md has every example, and no other', async () => {
	const page = await fs.readFile(path.join(root, 'docs', 'examples.md'), 'utf8');
	const linked = [...page.matchAll(/\(\.\.\/examples\/([\w-]+)\.json\)/g)].map(([, name]) => name);
	expect(linked.sort()).toEqual((await examples()).sort());
});

test('no example decides by the words of an error', async () => {
	for (const name of await examples()) {
		const { nodes } = await example(`${name}.json`);
		const values = JSON.stringify(nodes.map(({ parameters }) => parameters));
		expect([name, values.match(/error(\.message)?\.(includes|startsWith|match)\(/g)]).toEqual([
			name,
			null,
		]);
	}
});
