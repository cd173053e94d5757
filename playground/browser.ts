import { chromium, selectors, type BrowserContext, type Page } from 'playwright-core';

import type { N8nClient } from './n8nClient';
import { fs, process } from '../test/platform';

/** Where Chromium usually is, on Debian and Ubuntu, macOS and Windows. */
const USUAL_PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

// What n8n's editor marks its parts with.
selectors.setTestIdAttribute('data-test-id');

/** Without a window, and without Chromium calling home. */
const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--disable-quic',
	'--no-first-run',
];

/**
 * Starts a headless Chromium; `close()` it when done.
 *
 * @throws Error if there is none at `CHROMIUM_PATH` or in the usual places
 */
export const openBrowser = async () =>
	await chromium.launch({ executablePath: await chromiumPath(), args: ARGS });

const chromiumPath = async () => {
	const { CHROMIUM_PATH } = process.env;
	for (const file of CHROMIUM_PATH ? [CHROMIUM_PATH] : USUAL_PLACES) {
		if (await fs.stat(file).catch(() => undefined)) return file;
	}
	throw new Error(
		'No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
	);
};

/** Lets a browser context act as n8n's owner. */
export const signIn = async (context: BrowserContext, { url, cookie }: N8nClient) => {
	const [name, value] = cookie.split('=');
	await context.addCookies([{ name, value, url }]);
};

/** Shows a workflow in the editor, once all its nodes are drawn. */
export const openWorkflow = async (page: Page, n8n: N8nClient, id: string) => {
	await page.goto(n8n.editorUrl(id));
	await page.getByTestId('canvas-node').first().waitFor();
};

/** Opens the panel of a node of the workflow that is shown. */
export const openNode = async (page: Page, name: string) => {
	await page.getByTestId('canvas-node').filter({ hasText: name }).first().dblclick();
	await page.getByTestId('ndv').waitFor();
};
