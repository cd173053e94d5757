import type { FunctionsBase } from 'n8n-workflow';

/** Identifies a trigger within this process. It is still the same after it was renamed, and not in a copy. */
export const toTriggerKey = (context: Pick<FunctionsBase, 'getWorkflow' | 'getNode'>): string =>
	`${context.getWorkflow().id} ${context.getNode().id}`;
