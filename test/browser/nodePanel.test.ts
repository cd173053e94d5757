import { addAction, searchNodes } from '../../dev/n8n/editor';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

test.each(['sms', 'close', 'text message', 'send sms', 'receive sms'])(
	'who searches for "%s" finds Close SMS',
	async (words) => {
		const panel = await searchNodes(await openPage(), n8n, words);

		const found = panel.getByTestId('item-iterator-item').filter({ hasText: 'Close SMS' });
		await found.waitFor();

		expect(await found.textContent()).toMatch(/^Close SMS.*SMS in Close CRM/);
	},
);

test('an action is added to the workflow, ready to be filled in', async () => {
	const page = await openPage();
	const panel = await addAction(page, n8n, 'Schedule SMS draft (texts real people)');
	await panel.getByTestId('parameter-input-sendAt').waitFor();
	const operation = panel.getByTestId('parameter-input-operation').getByRole('combobox');

	expect(await operation.inputValue()).toBe('Schedule');
	expect(await page.getByTestId('canvas-node').allTextContents()).toContainEqual(
		expect.stringContaining('Schedule SMS draft (texts real people)'),
	);
});
