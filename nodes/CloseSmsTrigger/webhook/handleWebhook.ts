import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { getCredentialType } from '../../shared/authentication';
import { utcTime, type CloseEvent } from './closeEvent';
import { verifyDelivery, type Rejection } from './verifyDelivery';
import { getEventName, type EventName } from '../events';
import { MAX_AGE } from '../options';
import { toOutput } from './output';
import { getProcessedEvents, type ProcessedEvents } from './processedEvents';
import type { TriggerStaticData } from '../subscription';
import { getEventSelection } from '../eventSelection';

/** What is used here of the response, which is Node's own. */
interface ServerResponse {
	statusCode: number;
	writeHead(status: number, headers: Record<string, string>): ServerResponse;
	end(body: string): void;
	once(event: 'finish', then: () => void): void;
}

/** Close need not deliver this again, and the workflow does not start. */
const ACKNOWLEDGED: IWebhookResponseData = { webhookResponse: { message: 'Noted' } };

const getResponse = (context: IWebhookFunctions) =>
	context.getResponseObject() as unknown as ServerResponse;

function reject(context: IWebhookFunctions, { status, reason }: Rejection): IWebhookResponseData {
	getResponse(context)
		.writeHead(status, { 'content-type': 'application/json' })
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
	if (!context.getNodeParameter('ignoreOwnChanges', true)) return false;
	const { apiKey } = await context.getCredentials<{ apiKey?: string }>(getCredentialType(context));
	return apiKey?.split('.')[0] === event.api_key_id;
}

/**
 * Responds to a request to the webhook address, and starts the workflow if Close delivers a selected event for the first
 * time.
 *
 * n8n stores the execution before it responds, and static data with the response. If it responds with an error, the
 * event must be unknown when Close delivers it again.
 */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const staticData = context.getWorkflowStaticData('node') as TriggerStaticData;
	const { rejection, event } = verifyDelivery(
		{ headers: context.getHeaderData(), body: context.getRequestObject().rawBody },
		{
			subscriptionId: staticData.subscriptionId,
			signatureKey: staticData.signatureKey,
			maxAge: (context.getNodeParameter('options.maxAge', MAX_AGE) as number) * 60,
			now: Date.now(),
		},
	);
	if (rejection) return reject(context, rejection);
	const name = event && getEventName(event, getEventSelection(context));
	if (!name || (await isOwnChange(context, event, name))) return ACKNOWLEDGED;
	const processed = getProcessedEvents(
		String(staticData.subscriptionId),
		staticData.processedEvents,
	);
	if (!processed.claim(event.id, Date.parse(utcTime(event)))) return ACKNOWLEDGED;
	const response = getResponse(context);
	response.once('finish', () => {
		if (response.statusCode >= 400) processed.release(event.id);
	});
	return {
		workflowData: [[{ json: toOutput(event, name, context.getNodeParameter('output')) }]],
		get webhookResponse() {
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
