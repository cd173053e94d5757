import { sleep } from 'n8n-workflow';
import { serve } from './requestQueue';
import type { Run } from './run';
import { delay } from '../../shared/delay';

/** n8n's Request Options, Batching: a pause after so many items. The engine's own pauses end before the first request. */
async function pauseBatch(run: Run): Promise<void> {
	run.batch!.paused = true;
	await delay(run.batch!.interval, run.signal);
	run.batch!.paused = false;
	run.batch!.left = run.batch!.size;
	startNext(run);
}

function mayStartNow(run: Run): boolean {
	if (run.stopped || run.held.size > 0) return false;
	if (!run.open || run.next >= run.waiting.length) return false;
	if (run.inFlight >= Math.floor(run.pace.concurrency)) return false;
	if (!run.batch || run.batch.left > 0) return true;
	if (!run.batch.paused) void pauseBatch(run);
	return false;
}

/** Lets items start in input order, as many at once as the pace allows. */
function startNext(run: Run): void {
	if (run.signal?.aborted) run.stopped = true;
	while (mayStartNow(run)) {
		const { start } = run.waiting[run.next++];
		run.inFlight++;
		if (run.batch) run.batch.left--;
		start(true);
	}
	if (!run.stopped) return;
	while (run.next < run.waiting.length) run.waiting[run.next++].start(false);
	if (run.inFlight === 0) for (const wake of run.whenIdle.splice(0)) wake();
}

/** The engine brings all items in one go before it lets a timer run: after that the first of the input is known. */
async function openWhenAllAreHere(run: Run): Promise<void> {
	await sleep(0);
	run.waiting.sort((one, other) => one.index - other.index);
	run.open = true;
	startNext(run);
}

/**
 * Waits for an item's turn.
 *
 * @returns false when the run was stopped before, so that the item must not start
 */
export async function turn(run: Run, index: number): Promise<boolean> {
	return await new Promise<boolean>((start) => {
		run.waiting.push({ index, start });
		if (run.waiting.length === 1) void openWhenAllAreHere(run);
		else startNext(run);
	});
}

/**
 * Starts nothing while an item whose request failed looks at what has become of it: it may come to a good end yet, or
 * stop the run.
 */
export function hold(run: Run, index: number): void {
	run.held.add(index);
}

/** Ends an item's turn. */
export function endTurn(run: Run, index: number): void {
	run.held.delete(index);
	run.inFlight--;
	serve(run.line);
	startNext(run);
}

/** Starts nothing more; an item that had its turn but waits before its first request does not start either. */
export function stopRun(run: Run): void {
	run.stopped = true;
	serve(run.line);
	startNext(run);
}

/** Waits until every item whose turn came before a stop has come to its end. */
export async function idle(run: Run): Promise<void> {
	if (run.inFlight > 0) await new Promise<void>((wake) => run.whenIdle.push(wake));
}
