import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES } from '../../../shared/closeTypes';
import { findDifferences, getChangeTime } from './responseCheck';

/** What a read shows about a request whose outcome was unknown. */
export type ReadBackResult =
	/** It was carried out. */
	| 'applied'
	/** It was not, and can be sent again. */
	| 'notApplied'
	/** It was not, and cannot be any more: the SMS was locked before the request, or by somebody else. */
	| 'locked'
	/** The SMS is no draft any more, but not as was asked: nobody can say who changed it. */
	| 'unclear';

/**
 * How far the clock by which Close dates a text may be behind the one that dates its responses. Too little would call a
 * text that we sent somebody else's, and have it sent again; too much only takes for ours what was sent just so.
 */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * What a read proves. It shows our change only if the change can be ours: neither a state from before our request began
 * nor one that is not what we asked for was caused by it.
 *
 * @param asked the body of the request
 * @param found the SMS as it was read
 * @param startedAt when the request began, in milliseconds since 1970 by Close's clock; NaN when that is not known
 */
export function judgeReadBack(
	asked: IDataObject,
	found: IDataObject,
	startedAt: number,
): ReadBackResult {
	const isAsAsked = findDifferences(asked, found).length === 0;
	if (found.status === 'draft') return isAsAsked ? 'applied' : 'notApplied';
	const changedAt = getChangeTime(found);
	const isBefore = changedAt < startedAt - CLOCK_TOLERANCE_MS;
	if (isAsAsked) return isBefore ? 'locked' : 'applied';
	// Close takes a text back to draft until it has gone out.
	if (asked.status === 'draft')
		return OUTGOING_STATUSES.has(found.status) ? 'notApplied' : 'locked';
	// No request to send makes a received text. A status that we do not know may mean that it was sent.
	return isBefore || found.status === 'inbox' ? 'locked' : 'unclear';
}
