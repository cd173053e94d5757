import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { credentialOf } from '../shared/authentication';
import { utcTime, type CloseEvent } from './closeEvent';
import { readDelivery, type Refusal } from './delivery';
import { eventNameOf, type EventName } from './events';
import { MAX_AGE } from './options';
import { shaped } from './output';
import { seenOf, type Seen } from './seen';
import type { Kept } from './subscription';
import { wishOf } from './wish';

/** What is used here of the answer to a call; that of Node.js itself has it. */
interface Answer {
	statusCode: number;
	writeHead(status: number, headers: Record<string, string>): Answer;
	end(body: string): void;
	once(event: 'finish', then: () => void): void;
}

/** Close is content, and the workflow does not run. */
const NOTHING_TO_DO: IWebhookResponseData = { webhookResponse: { message: 'Noted' } };

const answerOf = (context: IWebhookFunctions) => context.getResponseObject() as unknown as Answer;

function refuse(context: IWebhookFunctions, { status, reason }: Refusal): IWebhookResponseData {
	answerOf(context)
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
	const { apiKey } = await context.getCredentials<{ apiKey?: string }>(credentialOf(context));
	return apiKey?.split('.')[0] === event.api_key_id;
}

/**
 * Answers a call of the webhook address: starts the workflow if Close brings something wanted for the first time.
 *
 * n8n stores the execution before it answers, and stores what is kept here with the answer; if it answers with an
 * error, Close's next try must find the event unknown.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const kept = context.getWorkflowStaticData('node') as Kept;
	const { refusal, event } = readDelivery(
		{ headers: context.getHeaderData(), body: context.getRequestObject().rawBody },
		{
			subscriptionId: kept.subscriptionId,
			signatureKey: kept.signatureKey,
			maxAge: (context.getNodeParameter('options.maxAge', MAX_AGE) as number) * 60,
			now: Date.now(),
		},
	);
	if (refusal) return refuse(context, refusal);
	const name = event && eventNameOf(event, wishOf(context));
	if (!name || (await isOwnChange(context, event, name))) return NOTHING_TO_DO;
	const seen = seenOf(String(kept.subscriptionId), kept.seen);
	if (!seen.take(event.id, Date.parse(utcTime(event)))) return NOTHING_TO_DO;
	const answer = answerOf(context);
	answer.once('finish', () => {
		if (answer.statusCode >= 400) seen.takeBack(event.id);
	});
	return {
		workflowData: [[{ json: shaped(event, name, context.getNodeParameter('output')) }]],
		get webhookResponse() {
			keepSeen(kept, seen);
			return { message: 'Workflow was started' };
		},
	};
}

/**
 * Has n8n store what is known. n8n 2.41 forgets that static data has changed while it stores the execution, so this is
 * done when it asks what to answer: after that, and right before it stores static data.
 */
function keepSeen(kept: Kept, seen: Seen): void {
	// Written out only when it is stored, so that of two deliveries the one stored last has both.
	kept.seen = { toJSON: () => seen.text() };
}
