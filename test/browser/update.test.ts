import type { Locator } from 'playwright-core';

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

/** The panel of a node that is set to update an SMS. */
const openUpdate = async () => {
	const page = await openPage();
	const id = await n8n.importWorkflow(
		manualWorkflow({ operation: 'update' }),
		await n8n.addSimulatorCredential(close),
	);
	await openWorkflow(page, n8n, id);
	await openNode(page, 'Close SMS');
	return page;
};

test('a draft is picked from the list and changed, and comes out as Close has it then', async () => {
	const { draft } = close.account.texts;
	const page = await openUpdate();

	await (await openList(page, 'smsId')).filter({ hasText: /^Draft to .*Hi Maria/ }).click();
	await addField(page, 'Update Fields', 'Remote Phone');
	await fillIn(page, 'remotePhone', '+14155550102');
	await addField(page, 'Update Fields', 'Text');
	await fillIn(page, 'text', 'Is 11 fine too?');
	const output = await runStep(page);
	await output.getByRole('cell', { name: 'Is 11 fine too?' }).waitFor();
	await output.getByRole('cell', { name: draft.id }).waitFor();

	expect(close.sms(draft.id)).toMatchObject({
		status: 'draft',
		text: 'Is 11 fine too?',
		remote_phone: '+14155550102',
	});
	expect(close.texted).toEqual([]);
});

test('the search of the list finds a text by its words', async () => {
	const page = await openUpdate();
	const entries = await openList(page, 'smsId');
	await entries.filter({ hasText: /^Scheduled for/ }).waitFor();

	await page.getByTestId('rlc-search').fill('estimate');
	await entries.filter({ hasText: /^Scheduled for/ }).waitFor({ state: 'hidden' });
	await entries.first().waitFor();

	expect(await entries.allTextContents()).toEqual([
		expect.stringContaining('Your estimate is ready.'),
	]);
});

test("what Close refuses is shown in Close's words, with what to do", async () => {
	const page = await openUpdate();

	await (await openList(page, 'smsId')).filter({ hasText: /^Sent to/ }).click();
	await addField(page, 'Update Fields', 'Text');
	await fillIn(page, 'text', 'Or Friday?');
	const output = await runStep(page);
	const shown = [
		output.getByText('Only draft SMS activities can be edited.').first(),
		output.getByText(/Close edits only drafts/).first(),
	];
	for (const words of shown) {
		await words.waitFor();
		expect(await isCutOff(words)).toBe(false);
	}
});

const isCutOff = async (words: Locator) =>
	await words.evaluate(
		(box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight,
	);
