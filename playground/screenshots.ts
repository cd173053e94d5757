import type { Browser } from 'playwright-core';

import { openBrowser, signedInContext } from '../dev/n8n/browser';
import { openWorkflow } from '../dev/n8n/editor';
import { example, examples } from '../dev/n8n/examples';
import { startN8n, type N8n } from '../dev/n8n/n8n';
import { canvas, SCENES, type Scene } from './scenes';
import { fs, path, process, root, say } from '../dev/platform';
import { startSimulator, type Simulator } from '../dev/simulator';

const FOLDER = path.join(root, 'docs', 'images');
const VIEW = { width: 1040, height: 740 };

/** Notifications, what floats over the canvas or sticks out of a node, and the empty input panel. */
const HIDDEN = `
	.el-notification,
	.vue-flow__panel,
	[class*=_executionButtons_],
	[class*=_nodeButtonsWrapper_],
	[data-test-id^=execute-workflow-button],
	[data-test-id=canvas-handle-plus-wrapper],
	[data-test-id=floating-nodes],
	[data-test-id=ndv-input-panel] { visibility: hidden !important }
`;

/** Gives the output of a node the room of its input; in hundredths. */
const PANELS = `localStorage.setItem(
	'N8N_NDV_PANEL_WIDTH_REGULAR', JSON.stringify({ left: 2, main: 40, right: 58 }),
)`;

/** Draws the pictures of the documentation in a real n8n; with names as arguments, only these. */
const main = async () => {
	await fs.mkdir(FOLDER, { recursive: true });
	const close = await startSimulator();
	const n8n = await startN8n();
	const browser = await openBrowser();
	try {
		await draw(browser, n8n, close, 'light', { ...SCENES, ...(await exampleScenes()) });
		await draw(browser, n8n, close, 'dark', { dark: SCENES.update });
	} finally {
		await browser.close();
		await n8n.stop();
		await close.stop();
	}
};

/** One of each example, named as its file. */
const exampleScenes = async () => {
	const scenes: Record<string, Scene> = {};
	for (const name of await examples()) scenes[name] = canvas(await example(`${name}.json`));
	return scenes;
};

const draw = async (
	browser: Browser,
	n8n: N8n,
	close: Simulator,
	colorScheme: 'light' | 'dark',
	scenes: Record<string, Scene>,
) => {
	const credentials = await n8n.addSimulatorCredential(close, { name: 'Close' });
	const window = await signedInContext(browser, n8n, { viewport: VIEW, colorScheme });
	await window.addInitScript(PANELS);
	for (const [name, scene] of Object.entries(scenes).filter(([name]) => isWanted(name))) {
		close.reset();
		const page = await window.newPage();
		const clip = await scene(page, async (workflow) => {
			await openWorkflow(page, n8n, await n8n.importWorkflow(workflow, credentials));
		});
		// Icons load last.
		await page.waitForLoadState('networkidle');
		const file = path.join(FOLDER, `${name}.png`);
		await page.screenshot({ path: file, clip, animations: 'disabled', style: HIDDEN });
		await page.close();
		say(`docs/images/${name}.png  ${((await fs.stat(file)).size / 1000).toFixed(0)} kB`);
	}
};

const isWanted = (name: string) => {
	const wanted = process.argv.slice(2);
	return wanted.length === 0 || wanted.includes(name);
};

main().catch((error: Error) => {
	say(error.message);
	process.exitCode = 1;
});
