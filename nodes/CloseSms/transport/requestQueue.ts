import { availableAt, recordSent, type EndpointGroup, type RateLimiter } from './rateLimiter';
import { monotonicNow, delay } from '../../shared/delay';

/** A request that waits until it may go out. */
interface Waiting {
	/** The item that it is for. */
	index: number;
	group: EndpointGroup;
	/** By the clock `now`. */
	deadline: number;
	isWanted: () => boolean;
	/** Whether it must wait for how another item ends. */
	isHeld: () => boolean;
	end: (turn: Turn) => void;
}

/** `go`; `tooLate` when that would be after it is given up; `unwanted` when nobody wants it to go any more. */
export type Turn = 'go' | 'tooLate' | 'unwanted';

/** The requests of a run that wait for their turn: in each group of endpoints the lowest item comes first. */
export interface Line {
	pace: RateLimiter;
	signal?: AbortSignal;
	waiting: Waiting[];
	/** When time alone will let somebody go; earlier there is nothing to look for. */
	alarm: number;
}

export const newLine = (pace: RateLimiter, signal?: AbortSignal): Line => ({
	pace,
	signal,
	waiting: [],
	alarm: Infinity,
});

/** What is to become of a request now; a time when it has to wait until then. */
function turnNow(pace: RateLimiter, { group, deadline, isWanted, isHeld }: Waiting): Turn | number {
	if (!isWanted()) return 'unwanted';
	if (isHeld()) return Infinity;
	const at = availableAt(pace, group);
	if (at <= monotonicNow()) return 'go';
	return at !== Infinity && at > deadline ? 'tooLate' : at;
}

/** Lets go whoever may go. To be called whenever that may have changed: after an answer, and when a run is stopped. */
export function serve(line: Line): void {
	let next = Infinity;
	const still: Waiting[] = [];
	for (const one of line.waiting) {
		const turn = turnNow(line.pace, one);
		if (typeof turn === 'number') {
			next = Math.min(next, turn);
			still.push(one);
			continue;
		}
		if (turn === 'go') recordSent(line.pace, one.group);
		one.end(turn);
	}
	line.waiting = still;
	if (next < line.alarm) void setAlarm(line, next);
}

async function setAlarm(line: Line, at: number): Promise<void> {
	line.alarm = at;
	await delay(at - monotonicNow(), line.signal, () => line.waiting.length > 0);
	if (line.alarm === at) line.alarm = Infinity;
	serve(line);
}

/** Waits until a request may go out. When it may, it counts as sent. */
export async function turnOf(line: Line, request: Omit<Waiting, 'end'>): Promise<Turn> {
	return await new Promise<Turn>((end) => {
		line.waiting.push({ ...request, end });
		// One that was refused goes before those that come after it, so that it is not refused again and again.
		line.waiting.sort((one, other) => one.index - other.index);
		serve(line);
	});
}
