import { DateTime } from 'luxon';
import type { Locator, Page } from 'playwright-core';

import { manualWorkflow, triggerWorkflow } from '../dev/n8n/workflows';
import { addField, openList, openNode, runStep } from '../dev/n8n/editor';
import type { WorkflowJson } from '../dev/n8n/n8nClient';

/** A part of the page, in pixels. */
interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/**
 * Brings something into view, and returns the part of the page to show.
 *
 * @param show imports a workflow, with a credential for it, and opens it
 */
export type Scene = (page: Page, show: (workflow: WorkflowJson) => Promise<void>) => Promise<Box>;

/** Room around a node for its connections and its name, in pixels. */
const MARGIN = { side: 64, top: 24, bottom: 88 };

const boxOf = async (place: Locator) => (await place.first().boundingBox())!;

/** Without its edge, past whose round corners the page behind is seen. */
const within = ({ x, y, width, height }: Box, edge = 2): Box => ({
	x: x + edge,
	y: y + edge,
	width: width - 2 * edge,
	height: height - 2 * edge,
});

/** Room below what a panel is cut at, in pixels: what follows is not to be seen in part. */
const CUT_MARGIN = 8;

/** The part of a box from its top down to the end of something in it. */
const downTo = (box: Box, { y, height }: Box, margin = CUT_MARGIN): Box => ({
	...box,
	height: y + height + margin - box.y,
});

const updated: Scene = async (page, show) => {
	const nineOClock = DateTime.now().plus({ weeks: 1 }).startOf('day').set({ hour: 9 });
	const updateFields = {
		dateScheduled: nineOClock.toFormat("yyyy-MM-dd'T'HH:mm:ss"),
		status: 'scheduled',
		text: 'Good morning Maria, we will be there today at 10.',
	};
	await show(manualWorkflow({ operation: 'update', updateFields }));
	await openNode(page, 'Close SMS');
	await (await openList(page, 'smsId')).filter({ hasText: 'Draft to' }).click();
	const output = await runStep(page);
	await output.getByTestId('radio-button-json').click();
	await output.getByText('"acti_').waitFor();
	return within(await boxOf(page.getByTestId('ndv')));
};

const dryRun: Scene = async (page, show) => {
	const message = 'Hi Maria, does Thursday at 3 pm suit you?';
	await show(manualWorkflow({ operation: 'send', message, options: { dryRun: true } }));
	await openNode(page, 'Close SMS');
	await (await openList(page, 'to')).filter({ hasText: /^Maria Santos/ }).click();
	await (await openList(page, 'from')).filter({ hasText: 'Office' }).click();
	const output = await runStep(page);
	await output.getByTestId('radio-button-json').click();
	await output.getByText('Would text').first().waitFor();
	return within(await boxOf(page.getByTestId('ndv')));
};

const refused: Scene = async (page, show) => {
	await show(
		manualWorkflow({ operation: 'update', updateFields: { text: 'Does Friday suit you?' } }),
	);
	await openNode(page, 'Close SMS');
	await (await openList(page, 'smsId')).filter({ hasText: 'Sent to' }).click();
	const output = await runStep(page);
	await output.getByText('Close refused this').first().waitFor();
	const panel = page.getByTestId('ndv');
	return downTo(
		within(await boxOf(panel)),
		await boxOf(panel.getByTestId('collection-parameter-add')),
	);
};

const list: Scene = async (page, show) => {
	await show(manualWorkflow({ operation: 'sendDraft' }));
	await openNode(page, 'Close SMS');
	const entries = await openList(page, 'smsId');
	await entries.filter({ hasText: 'Draft to' }).waitFor();
	const parameters = await boxOf(page.getByTestId('node-parameters'));
	return downTo(parameters, await boxOf(entries.last()));
};

const credential: Scene = async (page, show) => {
	await show(manualWorkflow({ operation: 'sendDraft' }));
	await openNode(page, 'Close SMS');
	await page.getByTestId('credential-edit-button').click();
	await page.getByText('Connection tested successfully').waitFor();
	await page.getByRole('button', { name: 'Retry', disabled: false }).waitFor();
	const dialog = await boxOf(page.getByTestId('editCredential-modal'));
	const parameter = page.getByTestId('credential-connection-parameter').nth(1);
	return downTo(dialog, await boxOf(parameter), MARGIN.top);
};

const trigger: Scene = async (page, show) => {
	await show(triggerWorkflow({ events: ['received', 'failed'] }));
	await openNode(page, 'Close SMS Trigger');
	await addField(page, 'Filters', 'Local Phone');
	await (await openList(page, 'localPhone')).filter({ hasText: 'Office' }).click();
	const parameters = page.getByTestId('node-parameters');
	return downTo(await boxOf(parameters), await boxOf(parameters.getByPlaceholder('Add Option')));
};

/** The pictures of the nodes, by the names of their files. */
export const SCENES: Record<string, Scene> = {
	update: updated,
	'dry-run': dryRun,
	error: refused,
	list,
	credential,
	trigger,
};

/** A whole workflow, with its notes. */
export const canvas =
	(workflow: WorkflowJson): Scene =>
	async (page, show) => {
		// Room for the largest without zooming out.
		await page.setViewportSize({ width: 1500, height: 1000 });
		await show(workflow);
		await page.getByTestId('zoom-to-fit').click();
		const nodes = page.locator('.vue-flow__node');
		const last = await nodes.last().elementHandle();
		await last!.waitForElementState('stable');
		const boxes = await Promise.all(
			(await nodes.all()).map(async (node) => (await node.boundingBox())!),
		);
		return around(boxes, await boxOf(page.locator('.vue-flow')));
	};

/** The part of the canvas that has all of these. */
const around = (boxes: Box[], canvasBox: Box): Box => {
	const x = Math.min(...boxes.map((box) => box.x)) - MARGIN.side;
	const y = Math.min(...boxes.map((box) => box.y)) - MARGIN.top;
	const right = Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN.side;
	const bottom = Math.min(
		Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN.bottom,
		canvasBox.y + canvasBox.height,
	);
	return { x, y, width: right - x, height: bottom - y };
};
