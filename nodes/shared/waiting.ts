import { sleep } from 'n8n-workflow';

/** Milliseconds on a clock that, unlike the date, nobody sets forward or back. */
export const now = () => performance.now();

const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 30_000;

/** 0.5, 1, 2 … seconds up to half a minute, each with jitter so that two runs do not wake together. */
export const backOff = (attempt: number): number =>
	Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** attempt) * (0.5 + Math.random() / 2);

/** n8n-workflow's `sleep` cannot be ended, so a long wait is made of short ones: none outlives its run for long. */
const LONGEST_SLEEP = 1000;

/** Waits, at most until the execution is cancelled or nobody waits any more. */
export async function waitFor(
	milliseconds: number,
	signal?: AbortSignal,
	isWanted = () => true,
): Promise<void> {
	let wake!: () => void;
	const cancelled = new Promise<void>((resolve) => (wake = resolve));
	signal?.addEventListener('abort', wake);
	const end = now() + milliseconds;
	for (let left = milliseconds; left > 0 && !signal?.aborted && isWanted(); left = end - now()) {
		await Promise.race([sleep(Math.min(left, LONGEST_SLEEP)), cancelled]);
	}
	signal?.removeEventListener('abort', wake);
}
