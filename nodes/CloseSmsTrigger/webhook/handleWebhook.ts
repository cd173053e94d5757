import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { decideStart, getStartRules } from '../decideStart';
import { getProcessedEvents } from '../processedEvents';
import { getStaticData } from '../staticData';
import { toTriggerKey } from '../triggerKey';
import { verifyRequest } from './verifyRequest';
import { deferUntilResponse } from './waitForResponse';

/** What is used here of the response, which is Node's own. */
interface ServerResponse {
	/** Whether it has been sent as far as n8n is concerned, even if the caller has hung up. */
	writableEnded: boolean;
	writeHead(status: number, headers: Record<string, string>): ServerResponse;
	end(body: string): void;
}

/** Close need not deliver this again, and the workflow does not start. */
const ACKNOWLEDGED: IWebhookResponseData = { webhookResponse: { message: 'Acknowledged' } };

/** Close delivers an event again that is answered like this. How soon is up to Close; it need not heed `retry-after`. */
const UNDER_WAY = {
	status: 503,
	reason: 'An earlier delivery of this event is still being processed',
	headers: { 'retry-after': '10' },
};

const NOT_READABLE = {
	...UNDER_WAY,
	reason: 'Close did not show what this event depends on',
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
 * Whether n8n is still at work on this delivery. It ends the response also when the caller has hung up. What nobody
 * holds any more is over too, so this keeps neither response nor request.
 */
function trackResponse(response: ServerResponse): () => boolean {
	const reference = new WeakRef(response);
	return () => reference.deref()?.writableEnded === false;
}

/** The events that this process knows; a test listens with a subscription of its own, and starts anew each time. */
const getKnownEvents = (context: IWebhookFunctions) =>
	getProcessedEvents(
		context.getMode() === 'manual'
			? String(getStaticData(context).subscriptionId)
			: toTriggerKey(context),
	);

/**
 * Responds to a request to the webhook address, and starts the workflow if Close delivers a selected event for the first
 * time.
 *
 * n8n stores the execution, then reads `webhookResponse` and responds. So an event is processed once that is read. If
 * n8n has ended its response and never read it, it failed, and the next delivery starts the workflow.
 */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { rejection, event } = await verifyRequest(context);
	if (rejection) return respond(context, rejection);
	if (!event) return ACKNOWLEDGED;
	const output = context.getNodeParameter('output');
	const start = await decideStart(context, event, getStartRules(context), output);
	if (start === 'notReadable') return respond(context, NOT_READABLE);
	if (!start) return ACKNOWLEDGED;
	const { key, item } = start;
	const events = getKnownEvents(context);
	const isAtWork = trackResponse(getResponse(context));
	const claim = events.claim(key, isAtWork);
	if (claim === 'processed') return ACKNOWLEDGED;
	if (claim === 'underWay') return respond(context, UNDER_WAY);
	deferUntilResponse(item, () => !isAtWork());
	return {
		workflowData: [[item]],
		get webhookResponse() {
			events.complete(key);
			return { message: 'Workflow was started' };
		},
	};
}
