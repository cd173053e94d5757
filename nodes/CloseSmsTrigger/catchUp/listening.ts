import type { IHookFunctions } from 'n8n-workflow';
import { getStartRules } from '../decideStart';
import { getCatchUp } from '../options';
import { getStaticData, getUnpublished, setUnpublished } from '../staticData';
import { toFingerprint } from '../subscriptionDecision';
import { toTriggerKey } from '../triggerKey';
import { monotonicNow } from '../../shared/delay';
import {
	findMissedTime,
	findStartTime,
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
/** By trigger: until when this process has caught up. */
const caughtUp = new Map<string, number>();

const toIso = (time: number) => new Date(time).toISOString();

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

const describeGivenUp = ({ from, until }: MissedTime) =>
	`The trigger catches up no more on what it missed from ${toIso(from)} to ${toIso(until)}: that is more than four days ago`;

/**
 * Notes that Close delivers to the trigger from now on, says in the log when it was away, and hands that over to the
 * trigger function, which alone can start executions by itself.
 *
 * @param before see `findMissedTime`
 */
export function noteListening(context: IHookFunctions, before: FormerSubscription): void {
	if (context.getMode() === 'manual') return;
	const now = Date.now();
	const trigger = toTriggerKey(context);
	const stored = getStaticData(context);
	const former = getUnpublished(context);
	// What is stored under this name may be another trigger's, which has changed its name.
	if (former) {
		const { unpublishedAt, wanted, wantedSince, missed, makers } = former;
		Object.assign(stored, { unpublishedAt, wanted, wantedSince, missed, makers });
	}
	setUnpublished(context);
	if (stored.missed && (caughtUp.get(trigger) ?? 0) >= stored.missed.until) delete stored.missed;
	const known = stored.missed;
	let missed = findMissedTime(stored, before, now);
	const wanted = toFingerprint(getStartRules(context));
	const isSinceKnown = before !== 'none' || stored.unpublishedAt !== undefined;
	const away = missed && missed !== known && describeAway(missed, isSinceKnown);
	if (stored.wanted !== wanted) {
		const interrupted = known && getCatchUp(context) > 0 && describeAway(known, true);
		const leftOut = away || interrupted;
		if (leftOut) context.logger.info(describeChanged(leftOut));
		missed = undefined;
		starts.delete(trigger);
		Object.assign(stored, { wanted, wantedSince: now });
	} else if (away) context.logger.info(describeMissed(away, getCatchUp(context)));
	else if (known && !missed) context.logger.info(describeGivenUp(known));
	if ('unpublishedAt' in stored) delete stored.unpublishedAt;
	if (missed !== known) stored.missed = missed;
	if (missed) handOver(trigger, withMargin(missed, stored));
	if (stored.wantedSince !== now && context.getActivationMode() === 'init') {
		const started = findStartTime(now - monotonicNow(), now);
		starts.set(trigger, { ...withMargin(started, stored), isStart: true });
	}
	const start = starts.get(trigger);
	if (start && getCatchUp(context) > 0) handOver(trigger, start);
}

/** Notes that n8n unpublishes the workflow, maybe to publish it with other settings. */
export function noteUnpublished(context: IHookFunctions): void {
	handedOver.delete(toTriggerKey(context));
	getStaticData(context).unpublishedAt ??= Date.now();
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
	if (!time.isStart) caughtUp.set(trigger, time.until);
	else if (starts.get(trigger) === time) starts.delete(trigger);
}
