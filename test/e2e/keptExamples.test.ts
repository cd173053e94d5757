import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { bringExample, type KeptExample } from '../../dev/n8n/keptExamples';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

const FILE = 'schedule-todays-drafts.json';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

const setUp = async () => {
	const credentials = await n8n.addSimulatorCredential(close);
	const told: string[] = [];
	const bring = async (kept?: KeptExample) =>
		await bringExample(n8n, FILE, credentials, { kept, tell: (name) => told.push(name) });
	return { bring, told };
};

const read = async (id: string) =>
	(await n8n.rest.get<{ data: WorkflowJson }>(`/workflows/${id}`)).data.data;

/** Gives the first node other parameters, as a person does, or as an older file had them. */
const change = async (id: string, content: string) => {
	const { nodes, versionId } = await read(id);
	const [note, ...rest] = nodes;
	const changed = [{ ...note, parameters: { ...note.parameters, content } }, ...rest];
	await n8n.rest.patch(`/workflows/${id}`, { nodes: changed, versionId });
};

const noteOf = async (id: string) => (await read(id)).nodes[0].parameters.content;

test('an example of an older version is updated where nobody has changed it, published or not', async () => {
	const { bring, told } = await setUp();
	const first = await bring();
	const note = await noteOf(first.id);
	await change(first.id, 'As an older file had it');
	const older = { ...first, versionId: await n8n.versionOf(first.id), hash: 'of that file' };
	await n8n.activate(first.id);

	const updated = await bring(older);
	await n8n.deactivate(first.id);

	expect(updated.id).toBe(first.id);
	expect(updated.hash).toBe(first.hash);
	expect(await noteOf(first.id)).toBe(note);
	expect(await bring(updated)).toEqual(updated);
	expect(told).toEqual([]);
});

test('an example that somebody has changed in n8n is kept, and the person is told', async () => {
	const { bring, told } = await setUp();
	const first = await bring();
	await change(first.id, 'Mine');

	const kept = await bring({ ...first, hash: 'of an older file' });

	expect(kept.id).toBe(first.id);
	expect(await noteOf(first.id)).toBe('Mine');
	expect(told).toEqual([(await read(first.id)).name]);
});

test('an example that was deleted comes again', async () => {
	const { bring } = await setUp();
	const first = await bring();
	await n8n.rest.post(`/workflows/${first.id}/archive`, {});

	const again = await bring(first);

	expect(again.id).not.toBe(first.id);
	expect(await n8n.versionOf(again.id)).toBe(again.versionId);
});
