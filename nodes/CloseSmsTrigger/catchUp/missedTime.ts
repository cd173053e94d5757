import { closeClock } from '../../shared/closeClock';
import { toUtc } from '../closeEvent';
import type { Subscription } from '../subscriptionDecision';

/**
 * When Close delivered nothing to the trigger, or gave up; in milliseconds since 1970, as everything here. What is stored
 * is by Close's clock: the own one may have been set right since.
 */
export interface MissedTime {
	from: number;
	until: number;
}

/** What is to be caught up on, by the own clock: what Close's is may become known only later. */
export interface TimeToCatchUp extends MissedTime {
	/** What is stored of it. */
	missed?: MissedTime;
	/** Whether it is about what n8n may have accepted while it was starting. */
	isStart?: boolean;
}

/** What is stored about what the trigger had to hear of. */
export interface StoredTimes {
	/** When the workflow was unpublished; nothing unless it was since it was published last. */
	unpublishedAt?: number;
	/** Since when these events are wanted. */
	wantedSince?: number;
	/** What was missed and may not have been caught up on. */
	missed?: MissedTime;
}

/** What Close had when the workflow was published or n8n started. */
export type FormerSubscription = Subscription | 'none' | 'unknown';

export const toIso = (time: number) => new Date(time).toISOString();

/**
 * Close pauses a subscription when all deliveries have failed for three days. It counts in spans
 * (`recent_consecutive_fail_buckets_cnt`), so the first failure may be a little earlier.
 */
const FAILED_MS = 74 * 3_600_000;

/** When Close paused a subscription; what it had to deliver was given up then. */
function failingSince({ date_updated: changedAt, pause_reason: reason }: Subscription) {
	const pausedAt = Date.parse(toUtc(changedAt ?? ''));
	return reason === 'api' ? pausedAt : pausedAt - FAILED_MS;
}

/** Close had not delivered everything yet when the trigger went away, and is not always on time. */
export const MARGIN_MS = 5 * 60_000;

/** The time to catch up on: a little more than what was missed, and nothing from before these events were wanted. */
export const withMargin = (
	{ from, until }: MissedTime,
	{ wantedSince = from }: StoredTimes,
): MissedTime => ({ from: Math.max(from - MARGIN_MS, wantedSince), until });

export const toOwnClock = ({ from, until }: MissedTime): MissedTime => ({
	from: closeClock.toOwnTime(from),
	until: closeClock.toOwnTime(until),
});

/** Close may deliver that much later what happened just before n8n starts. */
const BEFORE_START_MS = 10 * 60_000;

/**
 * The time in which n8n may have accepted something without looking at it: while its database is not ready, it answers
 * every request with status 200 (n8n 2.41, `AbstractServer.setupHealthCheck`).
 *
 * @param startedAt when the process started
 */
export const findStartTime = (startedAt: number, now: number): MissedTime => ({
	from: startedAt - BEFORE_START_MS,
	until: now,
});

/** Later a restart reads nothing again: n8n may have forgotten which of these events have started the workflow. */
const REPEATED_FOR_MS = 96 * 3_600_000;

/** What may not have been caught up on, unless it is too long ago. */
export const findInterrupted = ({ missed }: StoredTimes, now: number): MissedTime | undefined =>
	missed && now - missed.until <= REPEATED_FOR_MS ? missed : undefined;

/**
 * Finds out when the trigger was away.
 *
 * While Close has an active subscription nothing is missed: for three days it delivers again what n8n did not accept.
 *
 * @param before the subscription that Close had until now, before it was changed; `unknown` when Close could not be asked
 * @returns undefined when nothing was missed that these events are about
 */
export function findMissedTime(
	{ unpublishedAt, wantedSince, missed }: StoredTimes,
	before: FormerSubscription,
	now: number,
): MissedTime | undefined {
	if (wantedSince === undefined) return undefined;
	const wasAway = before === 'none' || (before !== 'unknown' && before.status === 'paused');
	const earlier = findInterrupted({ missed }, now);
	if (!wasAway) return earlier;
	const awaySince = before === 'none' ? unpublishedAt : failingSince(before);
	// What is not known, or cannot be read, may be long ago.
	const from = Math.max(wantedSince, awaySince || 0);
	return { from: Math.min(from, earlier?.from ?? from), until: now };
}
