import execa from 'execa';
import { PackageDirectoryLoader } from 'n8n-core';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { fieldLabel } from '../nodes/shared/errors/fieldLabel';
import { fs, root } from '../dev/platform';

/** n8n's own loader, on what `npm run build` made. */
const load = async () => {
	const loader = new PackageDirectoryLoader(root);
	await loader.loadAll();
	return loader;
};

const manifest = async () =>
	JSON.parse(await fs.readFile(`${root}/package.json`, 'utf8')) as Record<string, unknown>;

test("n8n's loader finds every node and credential, with icons and codex", async () => {
	const { nodeTypes, credentialTypes, known } = await load();
	const { n8n } = (await manifest()) as { n8n: { nodes: string[]; credentials: string[] } };

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

test('the package holds what n8n needs and nothing else', async () => {
	const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
	});
	const report = JSON.parse(stdout) as
		| Array<{ files: Array<{ path: string }> }>
		| Record<string, { files: Array<{ path: string }> }>;
	const files = Object.values(report)[0].files.map(({ path }) => path);

	expect(files.filter((path) => !path.startsWith('dist/')).sort()).toEqual([
		'LICENSE',
		'README.md',
		'package.json',
	]);
	expect(
		files.filter(
			(path) =>
				!/^dist\/(nodes|credentials|icons)\/.*\.(js|svg|node\.json)$/.test(path) &&
				!/^dist\/nodes\/CloseSms\/__schema__\/v1\.0\.0\/\w+\/\w+\.json$/.test(path) &&
				path.startsWith('dist/'),
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
