import type { Page } from 'playwright-core';

import type { N8nClient } from './n8nClient';

/** Shows a workflow in n8n's editor, once its nodes are drawn. */
export const openWorkflow = async (page: Page, n8n: N8nClient, id: string) => {
	await page.goto(n8n.editorUrl(id));
	await page.getByTestId('canvas-node').first().waitFor();
};

/** Opens a node of the workflow that is shown, and returns its panel. */
export const openNode = async (page: Page, name: string) => {
	await page.getByTestId('canvas-node').filter({ hasText: name }).first().dblclick();
	return panelOf(page);
};

/** The panel of the node that is open. */
export const panelOf = async (page: Page) => {
	const panel = page.getByTestId('ndv');
	await panel.waitFor();
	return panel;
};

/** Searches the node panel of a new workflow, and returns the panel. */
export const searchNodes = async (page: Page, n8n: N8nClient, words: string) => {
	await page.goto(n8n.editorUrl('new'));
	await page.getByTestId('node-creator-plus-button').click();
	const panel = page.getByTestId('node-creator');
	await panel.getByTestId('node-creator-search-bar').fill(words);
	return panel;
};

/** Adds an action of Close SMS to a new workflow, and returns the panel of the node. */
export const addAction = async (page: Page, n8n: N8nClient, action: string) => {
	const panel = await searchNodes(page, n8n, 'Close SMS');
	await panel.getByText('Close SMS', { exact: true }).click();
	await panel.getByText(/^Actions/).click();
	await panel.getByText(action, { exact: true }).click();
	return await panelOf(page);
};

/** Opens the list of a field that can be picked from one, and returns its entries. */
export const openList = async (page: Page, field: string) => {
	await page.getByTestId(`resource-locator-${field}`).getByTestId('rlc-input').click();
	return page.getByTestId('rlc-item');
};

/** Adds one of the fields that a collection offers. */
export const addField = async (page: Page, collection: string, field: string) => {
	await page
		.getByTestId('parameter-item')
		.filter({ has: page.getByText(collection, { exact: true }) })
		.getByTestId('collection-parameter-add')
		.click();
	await page.getByRole('option', { name: field, exact: true }).click();
};

/** Types into a field of the node whose panel is open, and leaves it. */
export const fillIn = async (page: Page, field: string, value: string) => {
	const input = page.getByTestId(`parameter-input-${field}`).getByRole('textbox');
	await input.fill(value);
	// While it has the focus, n8n's tip may lie over what is below.
	await input.blur();
};

/** Runs the node whose panel is open, and returns the output beside it. */
export const runStep = async (page: Page) => {
	await page.getByTestId('node-execute-button').click();
	return page.getByTestId('output-panel');
};
