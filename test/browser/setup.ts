import type { Browser, BrowserContext } from 'playwright-core';

import { openBrowser, signedInContext } from '../../dev/n8n/browser';
import { n8n } from '../e2e/n8n';

type Theme = 'light' | 'dark';

jest.setTimeout(180_000);

let browser: Browser;
/** One for all pages of a theme, so that the editor is fetched once. */
const windows = new Map<Theme, BrowserContext>();

beforeAll(async () => {
	browser = await openBrowser();
});

afterEach(async () => {
	for (const page of [...windows.values()].flatMap((window) => window.pages())) await page.close();
});

afterAll(async () => await browser.close());

/** Opens a page that n8n's owner is signed in to; it is closed after the test. */
export const openPage = async (theme: Theme = 'light') => {
	if (!windows.has(theme)) {
		windows.set(theme, await signedInContext(browser, n8n, { colorScheme: theme }));
	}
	return await windows.get(theme)!.newPage();
};
