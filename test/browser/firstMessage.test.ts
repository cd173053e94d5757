import type { Page } from 'playwright-core';

import { openList, panelOf, runStep, searchNodes } from '../../dev/n8n/editor';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/** Counts in the page itself, where no helper of a test can click unseen. Returns how many there were so far. */
const countClicks = async (page: Page) => {
	const clicks: string[] = [];
	await page.exposeFunction('told', (what: string) => clicks.push(what));
	await page.evaluate(() =>
		document.addEventListener(
			'pointerdown',
			({ isTrusted, target }) => {
				const { told } = window as unknown as { told: (what: string) => void };
				if (isTrusted) told((target as HTMLElement).outerHTML.slice(0, 200));
			},
			{ capture: true },
		),
	);
	return clicks;
};

test('from an empty canvas to a sent text in nine clicks, and the person is texted once', async () => {
	const { contacts, phoneNumbers } = close.account;
	await n8n.addSimulatorCredential(close);
	const page = await openPage();
	const panel = await searchNodes(page, n8n, 'send sms');
	const clicks = await countClicks(page);

	await panel.getByText('Close SMS', { exact: true }).click();
	// Closed where the workflow has no trigger yet: n8n offers the triggers first.
	await panel.getByText(/^Actions/).click();
	await panel.getByText('Send SMS (texts real people)', { exact: true }).click();
	await panelOf(page);
	await (await openList(page, 'to')).filter({ hasText: /^Maria Santos/ }).click();
	await (await openList(page, 'from')).filter({ hasText: 'Office' }).click();
	await page.getByTestId('parameter-input-message').getByRole('textbox').click();
	// At once: n8n's editor takes what is typed key by key a moment later, and a run before that has only the beginning.
	await page.keyboard.insertText('Does 3 pm suit you?');
	const output = await runStep(page);
	await output.getByRole('cell', { name: 'Does 3 pm suit you?' }).first().waitFor();
	close.clock.advance(60_000);

	expect(clicks).toHaveLength(9);
	expect(close.texted).toMatchObject([{ text: 'Does 3 pm suit you?' }]);
	expect(close.timesTexted(contacts.maria.phones[0].phone)).toBe(1);
	expect(close.sms(close.texted[0].smsId)).toMatchObject({
		local_phone: phoneNumbers.main.number,
		contact_id: contacts.maria.id,
	});
});
