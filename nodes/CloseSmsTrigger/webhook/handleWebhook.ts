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

/** What is used here of the answer to a call; that of Node.js itself has it. */
interface NodeResponse {
	statusCode: number;
	writeHead(status: number, headers: Record<string, string>): NodeResponse;
	end(body: string): void;
	once(event: 'finish', then: () => void): void;
}

/** Close is content, and the workflow does not run. */
const ACKNOWLEDGED: IWebhookResponseData = { webhookResponse: { message: 'Noted' } };

const getResponse = (context: IWebhookFunctions) =>
	context.getResponseObject() as unknown as NodeResponse;

function reject(context: IWebhookFunctions, { status, reason }: Rejection): IWebhookResponseData {
	getResponse(context)
		.writeHead(status, { 'content-type': 'application/json' })
		.end(JSON.stringify({ message: reason }));
	return { noWebhookResponse: true };
}

/**
 * Whether this credential's API key made a change, which could start the workflow over and over. That a text failed is
 * an outcome and never counts as one.
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
 * Answers a call of the webhook address: starts the workflow if Close brings something wanted for the first time.
 *
 * n8n stores the execution before it answers, and stores what is kept here with the answer; if it answers with an
 * error, Close's next try must find the event unknown.
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
	const seen = getProcessedEvents(String(staticData.subscriptionId), staticData.seen);
	if (!seen.claim(event.id, Date.parse(utcTime(event)))) return ACKNOWLEDGED;
	const answer = getResponse(context);
	answer.once('finish', () => {
		if (answer.statusCode >= 400) seen.release(event.id);
	});
	return {
		workflowData: [[{ json: toOutput(event, name, context.getNodeParameter('output')) }]],
		get webhookResponse() {
			persistProcessedEvents(staticData, seen);
			return { message: 'Workflow was started' };
		},
	};
}

/**
 * Has n8n store what is known. n8n 2.41 forgets that static data has changed while it stores the execution, so this is
 * done when it asks what to answer: after that, and right before it stores static data.
 */
function persistProcessedEvents(staticData: TriggerStaticData, seen: ProcessedEvents): void {
	// Written out only when it is stored, so that of two deliveries the one stored last has both.
	staticData.seen = { toJSON: () => seen.serialize() };
}
