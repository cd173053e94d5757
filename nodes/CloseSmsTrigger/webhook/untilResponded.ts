import { sleep, type INodeExecutionData } from 'n8n-workflow';

/** By the item that a delivery became: whether n8n has responded to it. */
const deliveries = new WeakMap<object, () => boolean>();

const POLL_MS = 20;
/** A response that takes longer holds up the workflow no more. */
const MAX_WAIT_MS = 10_000;

/** Has the workflow go on with this item only once n8n has responded to its delivery, see `untilResponded`. */
export function holdUntilResponded(
	{ json }: INodeExecutionData,
	hasResponded: () => boolean,
): void {
	deliveries.set(json, hasResponded);
}

/**
 * Waits until n8n has responded to the deliveries of these items.
 *
 * n8n 2.41 starts an execution first, and then stores which events were processed and responds. If it is killed in
 * between, Close delivers again, and the workflow starts once more: it must not have texted anybody by then. In queue
 * mode a worker runs it, which knows nothing of the delivery: there it goes on at once.
 */
export async function untilResponded(items: INodeExecutionData[]): Promise<void> {
	for (const { json } of items) {
		const hasResponded = deliveries.get(json) ?? (() => true);
		for (let waited = 0; waited < MAX_WAIT_MS && !hasResponded(); waited += POLL_MS)
			await sleep(POLL_MS);
	}
}
