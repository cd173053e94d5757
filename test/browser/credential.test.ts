import type { Page } from 'playwright-core';

import { addAction } from '../../dev/n8n/editor';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/** Close's address is hidden in the dialog: it is given on the way from the editor to n8n. */
const withAddressOf = async (page: Page, baseUrl: string) =>
	await page.route(/\/rest\/credentials/, async (route) => {
		const body = route.request().postDataJSON();
		if (!body) return await route.continue();
		Object.assign((body.credentials ?? body).data, { baseUrl });
		await route.continue({ postData: JSON.stringify(body) });
	});

test('a credential is made in the node: a wrong key is told as such, the right one is taken', async () => {
	const page = await openPage();
	await withAddressOf(page, close.baseUrl);
	await n8n.addSimulatorCredential(close);
	const panel = await addAction(page, n8n, 'Update SMS (may text real people)');
	await panel.getByTestId('node-credentials-slot').getByRole('combobox').click();
	await page.getByText(/new credential/).click();
	const dialog = page.getByTestId('editCredential-modal');
	const key = dialog.getByTestId('parameter-input-apiKey').getByRole('textbox');
	const save = dialog.getByRole('button', { name: 'Save' });

	await key.fill('api_wrong.key');
	await save.click();
	await dialog.getByText('More details').click();
	await dialog.getByText(/^Close was reached but does not know this key or token/).waitFor();

	await key.fill(close.account.apiKey);
	await save.click();
	await dialog.waitFor({ state: 'hidden' });
	await panel.getByTestId('credential-edit-button').click();
	await dialog.getByText('Connection tested successfully').waitFor();

	// n8n may ask more than once.
	const statuses = close.requests.map(({ path, status }) => `${path} ${status}`);
	expect([...new Set(statuses)]).toEqual(['/me/ 401', '/me/ 200']);
});
