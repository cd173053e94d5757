import type { IHookFunctions } from 'n8n-workflow';
import { getStartRules } from '../decideStart';
import { getCatchUp } from '../options';
import {
	getStaticData,
	getUnpublished,
	setUnpublished,
	type TriggerStaticData,
} from '../staticData';
import { toFingerprint } from '../subscriptionDecision';
import { toTriggerKey } from '../triggerKey';
import { closeClock } from '../../shared/closeClock';
import { monotonicNow } from '../../shared/delay';
import { getAccount, getOwner } from './owner';
import {
	findMissedTime,
	findStartTime,
	toIso,
	toOwnClock,
	withMargin,
	type FormerSubscription,
	type MissedTime,
	type TimeToCatchUp,
} from './missedTime';

type Take = (time: TimeToCatchUp) => void;

/** By trigger: what is to be caught up on since this process published it or started, until it is taken over. */
const handedOver = new Map<string, TimeToCatchUp[]>();
/** By trigger: what takes that over. n8n may need many attempts until Close has a subscription. */
const takers = new Map<string, Take>();
/** By trigger: what n8n may have accepted while it was starting, until that has been caught up on. */
const starts = new Map<string, TimeToCatchUp>();
/** By trigger: until when this process has caught up, by Close's clock. */
const caughtUp = new Map<string, number>();
/** By trigger: what this process did last, and if it unpublished it, when. An execution may write back what was stored before. */
const noted = new Map<string, { unpublishedAt?: number }>();

function describeAway({ from, until }: MissedTime, isSinceKnown: boolean): string {
	const minutes = Math.ceil((until - from) / 60_000);
	const span = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
	return isSinceKnown
		? `Close may not have delivered everything to this trigger for ${span}, from ${toIso(from)} to ${toIso(until)}`
		: `Close had no webhook subscription for this trigger anymore, and it is not known since when: it may have missed what happened since ${toIso(from)}`;
}

function describeMissed(away: string, hours: number): string {
	return hours > 0
		? `${away}. It catches up on what is at most ${hours} hours old.`
		: `${away}. What was missed does not start the workflow; with the option Catch Up it does, as soon as the workflow is published with it.`;
}

const describeChanged = (away: string) =>
	`${away}. What happened then does not start the workflow, because other events are wanted now.`;

const describeAnew = (now: number, why: string) =>
	`What happened before ${toIso(now)} does not start the workflow: ${why}, and it is not known here what has started the workflow before. If somebody may be waiting for an answer, look in Close at what came in before.`;

const describeGivenUp = ({ from, until }: MissedTime) =>
	`The trigger catches up no more on what it missed from ${toIso(from)} to ${toIso(until)}: that is more than four days ago`;

/** Why the stored times may be of another trigger or organization; false when they are of this one. */
function findForeign(
	stored: TriggerStaticData,
	before: FormerSubscription,
	{ owner, account, isImported }: { owner: string; account: string; isImported: boolean },
): string | false {
	if (stored.owner === undefined) return 'n8n has nothing stored of it';
	if (stored.owner !== owner)
		return 'n8n had stored what another n8n, workflow, node or address was to catch up on';
	if (isImported) return 'what n8n has stored of it is from when it was published, as in an export';
	// Close shows a subscription to the organization that it is in.
	const isShown = typeof before === 'object' && before.id === stored.subscriptionId;
	return (
		stored.account !== account &&
		!isShown &&
		'the credential has another key, which may be of another organization, because Close does not show the former webhook subscription to it'
	);
}

/**
 * Notes that Close delivers to the trigger from now on, says in the log when it was away, and hands that over to the
 * trigger function, which alone can start executions by itself. To be called before the subscription is stored.
 *
 * @param before see `findMissedTime`
 */
export async function noteListening(
	context: IHookFunctions,
	before: FormerSubscription,
): Promise<void> {
	if (context.getMode() === 'manual') return;
	const now = closeClock.now();
	const trigger = toTriggerKey(context);
	const present = { owner: getOwner(context), account: await getAccount(context) };
	const stored = getStaticData(context);
	const former = getUnpublished(context);
	// What is stored under this name may be another trigger's, which has changed its name.
	if (former) {
		const { subscriptionId, unpublishedAt, owner, account, wanted, wantedSince, missed, makers } =
			former;
		const times = { unpublishedAt, wanted, wantedSince, missed };
		Object.assign(stored, { subscriptionId, owner, account, makers, ...times });
	}
	setUnpublished(context);
	const here = noted.get(trigger);
	if (here?.unpublishedAt !== undefined) stored.unpublishedAt ??= here.unpublishedAt;
	noted.set(trigger, {});
	if (stored.missed && (caughtUp.get(trigger) ?? 0) >= stored.missed.until) delete stored.missed;
	const hours = getCatchUp(context);
	const known = stored.missed;
	// Before a person can publish a workflow again it is unpublished, which n8n tells; an import brings what was stored before.
	const isImported =
		!here && stored.unpublishedAt === undefined && context.getActivationMode() === 'activate';
	const foreign = findForeign(stored, before, { ...present, isImported });
	let missed = foreign ? undefined : findMissedTime(stored, before, now);
	const wanted = toFingerprint(getStartRules(context));
	const isSinceKnown = before !== 'none' || stored.unpublishedAt !== undefined;
	const away = missed && missed !== known && describeAway(missed, isSinceKnown);
	const isFirst = stored.owner === undefined && context.getActivationMode() !== 'init';
	if (foreign && !isFirst) context.logger.info(describeAnew(now, foreign));
	if (foreign || stored.wanted !== wanted) {
		const interrupted = known && hours > 0 && describeAway(known, true);
		const leftOut = !foreign && (away || interrupted);
		if (leftOut) context.logger.info(describeChanged(leftOut));
		missed = undefined;
		starts.delete(trigger);
		Object.assign(stored, { wanted, wantedSince: now });
	} else if (away) context.logger.info(describeMissed(away, hours));
	else if (known && !missed) context.logger.info(describeGivenUp(known));
	for (const [name, value] of Object.entries(present))
		if (stored[name] !== value) stored[name] = value;
	if ('unpublishedAt' in stored) delete stored.unpublishedAt;
	if (missed !== known) stored.missed = missed;
	if (missed) handOver(trigger, { ...toOwnClock(withMargin(missed, stored)), missed });
	if (stored.wantedSince !== now && context.getActivationMode() === 'init') {
		const started = findStartTime(now - monotonicNow(), now);
		starts.set(trigger, { ...toOwnClock(withMargin(started, stored)), isStart: true });
	}
	const start = starts.get(trigger);
	if (start && hours > 0) handOver(trigger, start);
}

/**
 * Notes that n8n unpublishes the workflow, maybe to publish it with other settings.
 *
 * @param isShown whether Close shows the stored subscription to the credential as it is now
 */
export async function noteUnpublished(context: IHookFunctions, isShown: boolean): Promise<void> {
	handedOver.delete(toTriggerKey(context));
	const stored = getStaticData(context);
	stored.unpublishedAt ??= closeClock.now();
	noted.set(toTriggerKey(context), { unpublishedAt: stored.unpublishedAt });
	if (isShown) stored.account = await getAccount(context);
}

function handOver(trigger: string, time: TimeToCatchUp): void {
	const take = takers.get(trigger);
	if (take) take(time);
	else handedOver.set(trigger, [...(handedOver.get(trigger) ?? []), time]);
}

/**
 * Has what a trigger missed taken over, as soon as Close delivers to it again.
 *
 * @returns cancels it
 */
export function onMissed(trigger: string, take: Take): () => void {
	takers.set(trigger, take);
	for (const time of handedOver.get(trigger) ?? []) take(time);
	handedOver.delete(trigger);
	return () => {
		if (takers.get(trigger) === take) takers.delete(trigger);
	};
}

export function noteCaughtUp(trigger: string, time: TimeToCatchUp): void {
	if (time.missed) caughtUp.set(trigger, time.missed.until);
	else if (starts.get(trigger) === time) starts.delete(trigger);
}
