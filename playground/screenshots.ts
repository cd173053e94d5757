import type { Browser } from 'playwright-core';

import { openBrowser, signedInContext } from '../dev/n8n/browser';
import { openNode, openWorkflow } from '../dev/n8n/editor';
import { example, examples } from '../dev/n8n/examples';
import { startN8n, type N8n } from '../dev/n8n/n8n';
import { recordSendingADraft } from './gesture';
import { PANELS, panelsWorkflow } from './panels';
import { canvas, SCENES, type Scene } from './scenes';
import { fs, parseArgs, path, process, root, say } from '../dev/platform';
import { startSimulator, type Simulator } from '../dev/simulator';

const FOLDER = path.join(root, 'docs', 'images');
const VIEW = { width: 1040, height: 740 };
/** Small enough to be read in a README without being scaled down. */
const RECORDED_VIEW = { width: 960, height: 600 };
/** High enough for a panel without scrolling. */
const PANEL_VIEW = { width: 1040, height: 1200 };

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
const PANEL_WIDTHS = `localStorage.setItem(
	'N8N_NDV_PANEL_WIDTH_REGULAR', JSON.stringify({ left: 2, main: 44, right: 54 }),
)`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { panels: { type: 'string' } },
});

/**
 * Draws the pictures of the documentation in a real n8n; with names as arguments, only these. With `--panels FOLDER`,
 * draws the panel of each operation there instead, in light and dark, to be looked at.
 */
const main = async () => {
	const close = await startSimulator();
	const n8n = await startN8n();
	const browser = await openBrowser();
	try {
		if (values.panels) {
			await drawPanels(browser, n8n, close, values.panels);
			return;
		}
		await fs.mkdir(FOLDER, { recursive: true });
		await draw(browser, n8n, close, 'light', { ...SCENES, ...(await exampleScenes()) });
		await draw(browser, n8n, close, 'dark', { dark: SCENES.update });
		if (isWanted(GESTURE)) await record(browser, n8n, close);
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
	await window.addInitScript(PANEL_WIDTHS);
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
		await tell(file);
	}
};

const isWanted = (name: string) => positionals.length === 0 || positionals.includes(name);

const GESTURE = 'send-a-draft';

const record = async (browser: Browser, n8n: N8n, close: Simulator) => {
	close.reset();
	const credentials = await n8n.addSimulatorCredential(close, { name: 'Close' });
	const window = await signedInContext(browser, n8n, { viewport: RECORDED_VIEW });
	await window.addInitScript(PANEL_WIDTHS);
	const page = await window.newPage();
	const recording = await recordSendingADraft(page, close, async (workflow) => {
		await openWorkflow(page, n8n, await n8n.importWorkflow(workflow, credentials));
	});
	await window.close();
	const file = path.join(FOLDER, `${GESTURE}.gif`);
	await recording.save(file);
	await tell(file);
};

const drawPanels = async (browser: Browser, n8n: N8n, close: Simulator, folder: string) => {
	await fs.mkdir(folder, { recursive: true });
	const credentials = await n8n.addSimulatorCredential(close, { name: 'Close' });
	const id = await n8n.importWorkflow(panelsWorkflow, credentials);
	for (const colorScheme of ['light', 'dark'] as const) {
		const window = await signedInContext(browser, n8n, { viewport: PANEL_VIEW, colorScheme });
		const page = await window.newPage();
		await openWorkflow(page, n8n, id);
		await page.getByTestId('zoom-to-fit').click();
		for (const name of Object.keys(PANELS).filter(isWanted)) {
			const panel = await openNode(page, name);
			const file = path.join(folder, `${name}.${colorScheme}.png`);
			await panel.getByTestId('node-parameters').screenshot({ path: file, animations: 'disabled' });
			await page.keyboard.press('Escape');
			await panel.waitFor({ state: 'hidden' });
			await tell(file);
		}
		await window.close();
	}
};

/** Names the file that was written, and its size. */
const tell = async (file: string) => {
	const { size } = await fs.stat(file);
	say(`${path.relative(root, file)}  ${(size / 1000).toFixed(0)} kB`);
};

main().catch((error: Error) => {
	say(error.message);
	process.exitCode = 1;
});
