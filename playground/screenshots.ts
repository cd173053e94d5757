import axios from 'axios';
import type { Page } from 'playwright-core';

import { openBrowser, openNode, openWorkflow, signIn } from './browser';
import { example } from './examples';
import { startN8n, type N8n } from './n8n';
import { until } from './until';
import { fs, path, process, root, say } from '../test/platform';
import { startSimulator, type Simulator } from '../test/simulator';

const FOLDER = path.join(root, 'docs', 'images');

/** Draws the pictures of the documentation, in a real n8n. */
const main = async () => {
	await fs.mkdir(FOLDER, { recursive: true });
	const close = await startSimulator();
	const n8n = await startN8n();
	const browser = await openBrowser();
	try {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		await signIn(context, n8n);
		await drawWebhookExample(await context.newPage(), n8n, close);
	} finally {
		await browser.close();
		await n8n.stop();
		await close.stop();
	}
};

const draw = async (page: Page, name: string) => {
	// Icons come after what they stand in.
	await page.waitForLoadState('networkidle');
	await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
	say(`docs/images/${name}.png`);
};

/** The webhook example in the canvas, and its node after a draft was sent by the editor's own test run. */
const drawWebhookExample = async (page: Page, n8n: N8n, { account, baseUrl }: Simulator) => {
	const data = { authentication: 'basic', apiKey: account.apiKey, accessToken: '', baseUrl };
	const closeSmsApi = await n8n.createCredential('closeSmsApi', 'Close', data);
	const workflow = await example('webhook-send-draft-now.json');
	const id = await n8n.importWorkflow(workflow, { closeSmsApi });
	await openWorkflow(page, n8n, id);
	await draw(page, 'webhook-example');
	await page.getByTestId('execute-workflow-button').click();
	await until(
		async () => await called(n8n.testWebhookUrl('send-draft-now'), account.texts.draft.id),
	);
	await openNode(page, 'Send the draft');
	const output = page.getByTestId('output-panel');
	await output.getByText('JSON', { exact: true }).click();
	await output.getByText('outbox').waitFor();
	await draw(page, 'update');
};

/** Calls the webhook and tells whether it was there. */
const called = async (url: string, smsId: string) =>
	await axios.post(url, { smsId }).then(
		() => true,
		() => false,
	);

main().catch((error: Error) => {
	say(error.message);
	process.exitCode = 1;
});
