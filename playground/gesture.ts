import type { Page } from 'playwright-core';

import { Recording } from './recording';
import { manualWorkflow } from '../dev/n8n/workflows';
import type { WorkflowJson } from '../dev/n8n/n8nClient';
import type { Simulator } from '../dev/simulator';

/** Longer than the simulated carrier takes, in milliseconds. */
const DELIVERED_MS = 60_000;

/** Notifications, the empty input panel, and what the page of the simulated Close has for whoever works with it. */
const HIDDEN = `
	.el-notification,
	[data-test-id=ndv-input-panel] { visibility: hidden !important }
	body > form, body > p { display: none }
`;

/** Picks a draft, sends it, and looks at who was texted. */
export const recordSendingADraft = async (
	page: Page,
	close: Simulator,
	show: (workflow: WorkflowJson) => Promise<void>,
) => {
	await show(manualWorkflow({ operation: 'sendDraft', output: 'simplified' }));
	await page.getByTestId('zoom-to-fit').click();
	const node = page.getByTestId('canvas-node').filter({ hasText: 'Close SMS' });
	await (await node.elementHandle())!.waitForElementState('stable');
	const recording = new Recording(page, HIDDEN);
	await recording.show(900);

	await recording.click(node, { clickCount: 2 });
	const panel = page.getByTestId('ndv');
	const sms = panel.getByTestId('resource-locator-smsId').getByTestId('rlc-input');
	await sms.waitFor();
	await page.waitForLoadState('networkidle');
	await recording.show(900);

	await recording.click(sms);
	const draft = page.getByTestId('rlc-item').filter({ hasText: 'Draft to' }).first();
	await draft.waitFor();
	await recording.show(900);
	await recording.click(draft);
	await draft.waitFor({ state: 'hidden' });
	await recording.show(700);

	await recording.click(panel.getByTestId('node-execute-button'));
	await page.getByTestId('output-panel').getByRole('cell').first().waitFor();
	await recording.show(1600);

	close.clock.advance(DELIVERED_MS);
	await page.goto(close.url);
	await recording.show(2500);
	return recording;
};
