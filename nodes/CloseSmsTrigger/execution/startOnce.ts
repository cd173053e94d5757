import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { getProcessedEvents, type EventKey } from '../processedEvents';
import { toTriggerKey } from '../triggerKey';
import { waitForResponse } from '../webhook/waitForResponse';
import { getEventClaims } from './eventClaims';

/** An item with the key of its event, as n8n stores it with the execution. It goes no further than the trigger. */
interface EventItem extends INodeExecutionData {
	eventKey: EventKey & IDataObject;
}

export const withEventKey = (json: IDataObject, key: EventKey): EventItem => ({
	json,
	eventKey: { ...key },
});

/** Those of a delivery, of what the trigger catches up on, and of a Retry, which goes on whatever the claim results in. */
const CLAIMING_MODES: WorkflowExecuteMode[] = ['webhook', 'trigger', 'retry'];

const isEventItem = (item: INodeExecutionData): item is EventItem => 'eventKey' in item;

/** So many are stored for each trigger, 1.4 MB in n8n's database; n8n forgets the oldest first. */
const MAX_ENTRIES = 50_000;

/** An event's name in n8n's storage. Of what is repeatable each change counts. */
const toEntry = ({ id, time, isRepeatable }: EventKey) => (isRepeatable ? `${id} ${time}` : id);

/**
 * @param isShared whether another process may claim the same event
 * @returns whether this execution goes on with the event of this item
 * @throws {NodeOperationError} when that cannot be known
 */
async function claimEvent(
	context: IExecuteFunctions,
	{ eventKey }: EventItem,
	isShared: boolean,
): Promise<boolean> {
	const trigger = toTriggerKey(context);
	const executionId = context.getExecutionId();
	const isRetry = context.getMode() === 'retry';
	const claim = { event: toEntry(eventKey), executionId, isShared };
	const result = await getEventClaims(trigger)
		.claim(claim, async (entries) => {
			const options = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;
			return (await context.helpers.checkProcessedAndRecord(entries, 'node', options)).new;
		})
		.catch((error: Error) => {
			if (isRetry) {
				context.logger.warn(
					`n8n could not store that this event starts the workflow: ${error.message}. The Retry goes on. With Catch Up, the next start of n8n may start it once more for the same event.`,
				);
				return 'claimed';
			}
			throw new NodeOperationError(
				context.getNode(),
				'n8n could not store that this event starts the workflow',
				{
					description: `The workflow did not go on, because this event may have started it before. n8n's storage says: ${error.message}. To run it all the same, choose Retry for this execution.`,
				},
			);
		});
	getProcessedEvents(trigger).complete(eventKey);
	if (result === 'claimedBefore')
		throw new NodeOperationError(context.getNode(), 'n8n began this execution a second time', {
			description:
				'Its first run ended without a word, for example because a worker was killed, and may have done something already. So the workflow did not go on. Look at what was done; to run it all the same, choose Retry for this execution.',
		});
	return isRetry || result === 'claimed';
}

/**
 * Passes on the items of the webhook whose event has not started the workflow before.
 *
 * n8n can start two executions for one event: it restarts before it has responded, then runs what it had stored, and
 * Close delivers the event again. What a person starts (a test, a retry) always goes on.
 *
 * @throws {NodeOperationError} when it cannot be known whether the event has started the workflow
 */
export async function startOnce(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const started: INodeExecutionData[] = [];
	for (const item of context.getInputData()) {
		const isInOwnProcess = await waitForResponse(item);
		const goesOn =
			!CLAIMING_MODES.includes(context.getMode()) ||
			!isEventItem(item) ||
			(await claimEvent(context, item, !isInOwnProcess));
		if (goesOn) started.push({ json: item.json });
	}
	if (started.length === 0)
		context.addExecutionHints({
			message: 'This event had started the workflow before, so it did not start again.',
			location: 'outputPane',
		});
	return started;
}
