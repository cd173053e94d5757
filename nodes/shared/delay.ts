import { sleep } from 'n8n-workflow';

/** Milliseconds on a clock that, unlike the system time, is never set forward or back. */
export const monotonicNow = () => performance.now();

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

/**
 * 0.5, 1, 2 … seconds up to half a minute, each with jitter so that two runs do not wake together.
 *
 * @param attempt counted from 0
 * @returns milliseconds
 */
export const backoffDelay = (attempt: number): number =>
	Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2);

/** Listeners to an abort, by signal. */
const waiting = new WeakMap<AbortSignal, { all: Set<() => void>; wakeAll: () => void }>();

/** Everything that waits for a signal shares one listener: Node.js takes more than ten for a leak and warns. */
function listen(signal: AbortSignal, wake: () => void): () => void {
	const known = waiting.get(signal);
	const all = known?.all ?? new Set();
	const group = known ?? { all, wakeAll: () => [...all].forEach((one) => one()) };
	if (!known) {
		waiting.set(signal, group);
		signal.addEventListener('abort', group.wakeAll);
	}
	all.add(wake);
	return () => {
		all.delete(wake);
		if (all.size > 0 || waiting.get(signal) !== group) return;
		waiting.delete(signal);
		signal.removeEventListener('abort', group.wakeAll);
	};
}

/** Calls a function, a new one each time, once a signal is aborted. @returns to be called when nobody waits any more */
export function onAbort(signals: Array<AbortSignal | undefined>, wake: () => void): () => void {
	const ends = signals.map((signal) => signal && listen(signal, wake));
	return () => ends.forEach((end) => end?.());
}

/** Waits until something is settled, or one of the signals is aborted. Never throws, and leaves no listener behind. */
export async function untilAborted(
	settled: Promise<unknown>,
	signals: Array<AbortSignal | undefined>,
): Promise<void> {
	if (signals.some((signal) => signal?.aborted)) return;
	let wake!: () => void;
	const first = new Promise<void>((resolve) => (wake = resolve));
	const end = onAbort(signals, wake);
	settled.then(wake, wake);
	await first;
	end();
}

/**
 * What a promise settles to; something else when it takes longer. What becomes of it after that counts for nothing, and
 * is no unhandled rejection either.
 *
 * @param toLate makes what is returned in its place; it is given how long was waited, in milliseconds
 */
export async function withinTime<T>(
	promise: Promise<T>,
	milliseconds: number,
	toLate: (afterMs: number) => T,
): Promise<T> {
	let isWaiting = true;
	const startedAt = monotonicNow();
	const limit = delay(milliseconds, undefined, () => isWaiting).then(() =>
		toLate(monotonicNow() - startedAt),
	);
	return await Promise.race([promise, limit]).finally(() => (isWaiting = false));
}

/** n8n-workflow's `sleep` cannot be cancelled, so a long wait is made of short ones: no timer outlives its run for long. */
const MAX_SLEEP_MS = 1000;

/**
 * Waits. Ends early, without an error, when the execution is cancelled or the wait is no longer needed.
 *
 * @param isWanted is asked about once a second whether the wait is still needed
 */
export async function delay(
	milliseconds: number,
	signal?: AbortSignal,
	isWanted = () => true,
): Promise<void> {
	let wake!: () => void;
	const cancelled = new Promise<void>((resolve) => (wake = resolve));
	const stopListening = onAbort([signal], wake);
	const end = monotonicNow() + milliseconds;
	for (
		let left = milliseconds;
		left > 0 && !signal?.aborted && isWanted();
		left = end - monotonicNow()
	) {
		await Promise.race([sleep(Math.min(left, MAX_SLEEP_MS)), cancelled]);
	}
	stopListening();
}
