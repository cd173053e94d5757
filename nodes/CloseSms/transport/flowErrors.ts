/**
 * Why a request was not sent, or a wait ended: no failures of Close, and nothing that a person reads. What is final for the
 * item becomes an `ItemFailure`.
 */

/** Thrown for an item that had sent nothing when its run was stopped or cancelled. */
export class NotStartedError extends Error {}

/** Thrown for a request that was not sent because the execution was cancelled. */
export class CancelledError extends Error {}

/** Thrown for a request that was not sent in time. */
export class DeadlineError extends Error {
	/** @param waitedFor what it had to wait for at last */
	constructor(readonly waitedFor: 'rateLimit' | 'otherItem' = 'rateLimit') {
		super();
	}
}

/** Thrown for a request that could text a person, or leads to one, after its run was stopped. */
export class StoppedError extends Error {}

/** Thrown for a request that was stale by the time it could be sent. */
export class StaleError extends Error {}

/** Thrown when the wait for another item took too long. */
export class WaitTimeoutError extends Error {}
