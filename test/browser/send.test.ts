import { manualWorkflow } from '../../dev/n8n/workflows';
import { addField, fillIn, openList, openNode, openWorkflow, runStep } from '../../dev/n8n/editor';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

beforeEach(() => close.reset());

afterAll(async () => await close.stop());

/** The canvas with a node that has these parameters. */
const openCanvas = async (parameters: Parameters<typeof manualWorkflow>[0]) => {
	const page = await openPage();
	const id = await n8n.importWorkflow(
		manualWorkflow(parameters),
		await n8n.addSimulatorCredential(close),
	);
	await openWorkflow(page, n8n, id);
	return page;
};

const NOTICE = /^Texts a real person/;

test('a person is picked by name, a number of ours from the list, and the text goes out once', async () => {
	const { maria } = close.account.contacts;
	const [{ phone }] = maria.phones;
	const page = await openCanvas({ operation: 'send' });
	const panel = await openNode(page, 'Close SMS');
	await panel.getByText(NOTICE).waitFor();

	const people = await openList(page, 'to');
	await page.getByTestId('rlc-search').fill('maria');
	await people.filter({ hasText: /^Maria Santos/ }).click();
	await (await openList(page, 'from')).filter({ hasText: 'Office' }).click();
	await fillIn(page, 'message', 'Does 3 pm suit you?');
	const output = await runStep(page);
	await output.getByRole('cell', { name: 'Does 3 pm suit you?' }).first().waitFor();
	close.clock.advance(60_000);

	expect(close.texted).toMatchObject([{ text: 'Does 3 pm suit you?' }]);
	expect(close.timesTexted(phone)).toBe(1);
	expect(close.sms(close.texted[0].smsId)).toMatchObject({ contact_id: maria.id });
});

test('once Dry Run is added, nothing warns of a text, and the canvas says so', async () => {
	const page = await openCanvas({ operation: 'send' });
	const panel = await openNode(page, 'Close SMS');
	await panel.getByText(NOTICE).waitFor();
	await addField(page, 'Options', 'Dry Run');

	await panel.getByText(NOTICE).waitFor({ state: 'hidden' });
	await page.keyboard.press('Escape');
	await page
		.getByTestId('canvas-node')
		.filter({ hasText: 'Dry run: Send a new SMS now' })
		.waitFor();
});

test.each([
	[{ operation: 'send' }, 'Send a new SMS now', true],
	[{ operation: 'send', when: 'at' }, 'Send a new SMS at a time', true],
	[{ operation: 'sendDraft' }, 'Send a draft now', true],
	[{ operation: 'create' }, 'Create a draft', false],
	[{ operation: 'create', mode: 'logSent' }, 'Log a sent SMS', false],
	[{ operation: 'update', updateFields: { text: 'Hi' } }, 'Update an SMS', false],
	[{ operation: 'update', updateFields: { status: 'outbox' } }, 'Update and send now', true],
	[{ operation: 'update', updateFields: { status: 'sent' } }, 'Log as sent', false],
])(
	'%j: the canvas says "%s"; a warning that a person is texted: %s',
	async (parameters, words, isWarned) => {
		const page = await openCanvas(parameters);
		const node = page.getByTestId('canvas-node').filter({ hasText: 'Close SMS' });
		await node.getByText(words, { exact: true }).waitFor();
		const panel = await openNode(page, 'Close SMS');
		await panel.getByTestId('parameter-input-operation').waitFor();

		expect(await panel.getByText(NOTICE).count()).toBe(isWarned ? 1 : 0);
	},
);
