import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { MissedTime } from './catchUp/missedTime';
import type { StoredSubscription } from './subscriptionDecision';

/** What a trigger stores in n8n's static data; while it listens for a test event it has one of its own. */
export interface TriggerStaticData extends StoredSubscription, Record<string, unknown> {
	/** Of the subscription that Close was last asked for. */
	fingerprint?: string;
	/** The process that removes the subscription, unless the workflow is published again at once. */
	removedBy?: string;
	/** When the workflow was unpublished; in milliseconds since 1970, as the following. */
	unpublishedAt?: number;
	/** Since when these events are wanted. */
	wantedSince?: number;
	/** Which events are wanted, in short. */
	wanted?: string;
	/** When the trigger was away, and may not have caught up yet. */
	missed?: MissedTime;
}

/**
 * Only hooks write to it. A delivery must not: n8n would store all static data of the workflow as they were when the
 * delivery began.
 */
export const getStaticData = (context: IHookFunctions | IWebhookFunctions) =>
	context.getWorkflowStaticData('node') as TriggerStaticData;
