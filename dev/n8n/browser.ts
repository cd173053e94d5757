import { chromium, selectors, type Browser, type BrowserContextOptions } from 'playwright-core';

import type { N8nClient } from './n8nClient';
import { fs, process } from '../platform';

/** Where Chromium usually is, on Debian and Ubuntu, macOS and Windows. */
const USUAL_PATHS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** How long to wait for a part of the page, in milliseconds. */
const TIMEOUT_MS = 60_000;

// The attribute by which n8n's editor names its elements.
selectors.setTestIdAttribute('data-test-id');

/** No window, and no background requests by Chromium. */
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

/** A browser context in which n8n's owner is signed in. */
export const signedInContext = async (
	browser: Browser,
	{ url, cookie }: N8nClient,
	look: BrowserContextOptions = {},
) => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...look });
	context.setDefaultTimeout(TIMEOUT_MS);
	const [name, value] = cookie.split('=');
	await context.addCookies([{ name, value, url }]);
	return context;
};

const chromiumPath = async () => {
	const { CHROMIUM_PATH } = process.env;
	for (const file of CHROMIUM_PATH ? [CHROMIUM_PATH] : USUAL_PATHS) {
		if (await fs.stat(file).catch(() => undefined)) return file;
	}
	throw new Error(
		'No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
	);
};
