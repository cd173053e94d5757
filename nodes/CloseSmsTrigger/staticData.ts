import type { IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { MissedTime } from './catchUp/missedTime';
import type { StoredSubscription } from './subscriptionDecision';

/** What a trigger stores in n8n's static data; while it listens for a test event it has one of its own. */
export interface TriggerStaticData extends StoredSubscription, Record<string, unknown> {
	/** Of the subscription that Close was last asked for. */
	fingerprint?: string;
	/** The process that removes the subscription, unless the workflow is published again at once. */
	removedBy?: string;
	/** When the workflow was unpublished; in milliseconds since 1970 by Close's clock, as the following. */
	unpublishedAt?: number;
	/** Of which trigger the times here are, see `getOwner`. */
	owner?: string;
	/** Of which credential, see `getAccount`. */
	account?: string;
	/** Since when these events are wanted. */
	wantedSince?: number;
	/** Which events are wanted, in short. */
	wanted?: string;
	/** When the trigger was away, and may not have caught up yet. */
	missed?: MissedTime;
	/** By what the credential has made changes, the present one last. */
	makers?: OwnMaker[];
}

/** A key or an app by which a credential makes changes, as Close names it in events. */
interface OwnMaker {
	id: string;
	/** Until when the credential was known to have it. */
	until?: number;
}

/**
 * Only hooks write to it. A delivery must not: n8n would store all static data of the workflow as they were when the
 * delivery began.
 */
export const getStaticData = (context: IHookFunctions | ITriggerFunctions | IWebhookFunctions) =>
	context.getWorkflowStaticData('node') as TriggerStaticData;

const OURS = 'closeSmsTrigger';

/** By the ID of a node: what was stored of it when the workflow was unpublished. */
type Unpublished = Record<string, TriggerStaticData | undefined>;

/** While the workflow is not published: a trigger that gets another name then has no static data of its own any more. */
const getAllUnpublished = (context: IHookFunctions) =>
	(context.getWorkflowStaticData('global')[OURS] ?? {}) as Unpublished;

export const getUnpublished = (context: IHookFunctions): TriggerStaticData | undefined =>
	getAllUnpublished(context)[context.getNode().id];

/** @param stored nothing once the workflow is published again */
export function setUnpublished(context: IHookFunctions, stored?: TriggerStaticData): void {
	const global = context.getWorkflowStaticData('global');
	const { [context.getNode().id]: former, ...others } = getAllUnpublished(context);
	if (stored) global[OURS] = { ...others, [context.getNode().id]: { ...stored } };
	else if (former && Object.keys(others).length > 0) global[OURS] = others;
	else if (former) delete global[OURS];
}
