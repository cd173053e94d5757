import { sleep, type INodeExecutionData } from 'n8n-workflow';

/** By the data of an item: whether n8n has responded to the delivery that it came with. */
const deliveries = new WeakMap<object, () => boolean>();

const POLL_MS = 10;
/** A response that takes longer no longer holds up the workflow. */
const MAX_WAIT_MS = 10_000;

/** Has the workflow go on with this item only once n8n has responded to its delivery, see `waitForResponse`. */
export function deferUntilResponse(
	{ json }: INodeExecutionData,
	hasResponded: () => boolean,
): void {
	deliveries.set(json, hasResponded);
}

/**
 * Waits until n8n has responded to the delivery of this item. If n8n is killed before, Close delivers again, and the
 * workflow must not have done anything by then.
 *
 * @returns whether this process received the delivery. If not, a worker of the queue mode runs it, or n8n has restarted.
 */
export async function waitForResponse({ json }: INodeExecutionData): Promise<boolean> {
	const hasResponded = deliveries.get(json);
	for (let waited = 0; waited < MAX_WAIT_MS && hasResponded?.() === false; waited += POLL_MS)
		await sleep(POLL_MS);
	return hasResponded !== undefined;
}
