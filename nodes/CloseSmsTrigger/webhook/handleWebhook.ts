import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { getCredentialType } from '../../shared/authentication';
import { getEventName, mayBeOptIn, type EventName } from '../events';
import { getEventSelection } from '../eventSelection';
import { getMaxAge, ignoresKeywords, ignoresOwnChanges } from '../options';
import type { TriggerStaticData } from '../subscription';
import type { CloseEvent } from './closeEvent';
import { toEventKey } from './eventKey';
import { toOutput } from './output';
import { getProcessedEvents, type ProcessedEvents } from './processedEvents';
import { readOptIn } from './readOptIn';
import { holdUntilResponded } from './untilResponded';
import { verifyDelivery } from './verifyDelivery';

/** What is used here of the response, which is Node's own. */
interface ServerResponse {
	/** Whether it has been sent as far as n8n is concerned, even if the caller has hung up. */
	writableEnded: boolean;
	writeHead(status: number, headers: Record<string, string>): ServerResponse;
	end(body: string): void;
}

/** Close need not deliver this again, and the workflow does not start. */
const ACKNOWLEDGED: IWebhookResponseData = { webhookResponse: { message: 'Noted' } };

/** Close delivers an event again that is answered like this. How soon is up to Close; it need not heed `retry-after`. */
const UNDER_WAY = {
	status: 503,
	reason: 'An earlier delivery of this event is still being processed',
	headers: { 'retry-after': '10' },
};

const NOT_READABLE = {
	...UNDER_WAY,
	reason: 'Close did not show the texts that this event depends on',
};

const getResponse = (context: IWebhookFunctions) =>
	context.getResponseObject() as unknown as ServerResponse;

function respond(
	context: IWebhookFunctions,
	{ status, reason, headers }: { status: number; reason: string; headers?: Record<string, string> },
): IWebhookResponseData {
	getResponse(context)
		.writeHead(status, { 'content-type': 'application/json', ...headers })
		.end(JSON.stringify({ message: reason }));
	return { noWebhookResponse: true };
}

/**
 * Whether the API key of this credential made the change: a workflow that writes to Close could start itself over and
 * over. That a text failed is an outcome and never counts as a change of the key.
 */
async function isOwnChange(
	context: IWebhookFunctions,
	event: CloseEvent,
	name: EventName,
): Promise<boolean> {
	if (!event.api_key_id || name === 'failed') return false;
	if (!ignoresOwnChanges(context)) return false;
	const { apiKey } = await context.getCredentials<{ apiKey?: string }>(getCredentialType(context));
	return apiKey?.split('.')[0] === event.api_key_id;
}

/**
 * Responds to a request to the webhook address, and starts the workflow if Close delivers a selected event for the first
 * time.
 *
 * n8n stores the execution, then reads `webhookResponse`, stores static data and responds. So an event is processed once
 * that is read. If n8n has ended its response and never read it, it failed, and the next delivery starts the workflow:
 * this also holds when Close hung up in between, which alone says nothing.
 */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const staticData = context.getWorkflowStaticData('node') as TriggerStaticData;
	const { rejection, event } = verifyDelivery(
		{ headers: context.getHeaderData(), body: context.getRequestObject().rawBody },
		{
			subscriptionId: staticData.subscriptionId,
			signatureKey: staticData.signatureKey,
			maxAge: getMaxAge(context) * 60,
			now: Date.now(),
		},
	);
	if (rejection) return respond(context, rejection);
	if (!event) return ACKNOWLEDGED;
	const selection = { ...getEventSelection(context), ignoresKeywords: ignoresKeywords(context) };
	const isOptIn = mayBeOptIn(event, selection) && (await readOptIn(context, event));
	if (isOptIn === undefined) return respond(context, NOT_READABLE);
	const name = getEventName(event, selection, isOptIn);
	if (!name || (await isOwnChange(context, event, name))) return ACKNOWLEDGED;
	const json = toOutput(event, name, context.getNodeParameter('output'));
	const processed = getProcessedEvents(
		String(staticData.subscriptionId),
		staticData.processedEvents,
	);
	const key = toEventKey(event, name);
	const response = getResponse(context);
	const hasResponded = () => response.writableEnded;
	const claim = processed.claim(key, () => !hasResponded());
	if (claim === 'processed') return ACKNOWLEDGED;
	if (claim === 'underWay') return respond(context, UNDER_WAY);
	const item = { json };
	holdUntilResponded(item, hasResponded);
	return {
		workflowData: [[item]],
		get webhookResponse() {
			processed.complete(key);
			persistProcessedEvents(staticData, processed);
			return { message: 'Workflow was started' };
		},
	};
}

/**
 * Has n8n store the processed events. While n8n 2.41 stores the execution it forgets that static data has changed, so
 * this is done when it reads the response: after that, and right before it stores static data.
 */
function persistProcessedEvents(staticData: TriggerStaticData, processed: ProcessedEvents): void {
	// Serialized only when n8n stores it, so that of two simultaneous deliveries the one stored last contains both.
	staticData.processedEvents = { toJSON: () => processed.serialize() };
}
