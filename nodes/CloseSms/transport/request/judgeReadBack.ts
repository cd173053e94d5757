import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES } from '../../../shared/closeTypes';
import { CLOSE_CLOCK_SKEW_MS, findDifferences, getChangeTime, hasFailed } from './responseCheck';

/** What a read shows about a request whose outcome was unknown. */
export type ReadBackResult =
	/** It was carried out. */
	| 'applied'
	/** It was, and Close could not send the text. */
	| 'failed'
	/** It was not, and can be sent again. */
	| 'notApplied'
	/** It was not, and cannot be any more: the SMS was locked before the request, or by somebody else. */
	| 'locked'
	/** The SMS is not as it was to be, and to send the request again would not make it so: nobody can say who changed it. */
	| 'unclear';

/**
 * Where it is not known when a draft had last changed before a request: how long after the request began a change may be
 * dated that was there before it, in milliseconds. Close's Date header, by which that is told, has whole seconds.
 */
const DATE_HEADER_MS = 1000;

/** What was asked of an SMS. */
export interface Asked {
	/** The body of the request. */
	body: IDataObject;
	/** What the item was to do; the body unless more is known. */
	expected?: IDataObject;
	/** What the SMS was before, and is to stay, and when it had last changed (`date_updated`). */
	kept?: IDataObject;
	/** When the request began, in milliseconds since 1970 by Close's clock; NaN when that is not known. */
	startedAt: number;
	/** When it had begun at the latest, by the same clock; `startedAt` unless given. */
	startedBy?: number;
}

/**
 * What a read proves. It shows our change only if the change can be ours: neither a state from before our request began
 * nor one that is not what we asked for was caused by it.
 *
 * @param found the SMS as it was read
 */
export function judgeReadBack(
	{ body, expected = body, kept = {}, startedAt, startedBy = startedAt }: Asked,
	found: IDataObject,
): ReadBackResult {
	const differences = findDifferences(expected, found);
	const isAsAsked = differences.length === 0;
	const changedAt = getChangeTime(found);
	if (found.status === 'draft') {
		if (isAsAsked) return 'applied';
		// Somebody changed it, perhaps back to a draft after it was carried out.
		const keptAt = getChangeTime(kept);
		const wasChanged =
			findDifferences(kept, found).length > 0 ||
			Number.isNaN(changedAt) ||
			(Number.isNaN(keptAt) ? changedAt > startedBy + DATE_HEADER_MS : changedAt !== keptAt);
		if (OUTGOING_STATUSES.has(expected.status) && wasChanged) return 'unclear';
		// In a way that our request leaves as it is.
		return differences.every((field) => field in body) ? 'notApplied' : 'unclear';
	}
	// Within the skew it counts as ours: too little would have a person send again what we sent, and too much only takes
	// for ours what somebody sent just so.
	const isBefore = changedAt < startedAt - CLOSE_CLOCK_SKEW_MS;
	if (isAsAsked) return isBefore ? 'locked' : 'applied';
	// Close takes a text back to draft until it has gone out.
	if (expected.status === 'draft')
		return OUTGOING_STATUSES.has(found.status) ? 'notApplied' : 'locked';
	if (hasFailed(expected, found)) return isBefore ? 'locked' : 'failed';
	// No request to send makes a received text. A status that we do not know may mean that it was sent.
	return isBefore || found.status === 'inbox' ? 'locked' : 'unclear';
}
