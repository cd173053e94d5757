import { fits, type FaultMatch } from './faultMatch';
import type { ReceivedRequest } from '../types';

/** Which request: the n-th (the first, unless given) of those that fit. */
export interface Moment extends FaultMatch {
	nth?: number;
}

interface Interruption {
	when: 'before' | 'after';
	match: FaultMatch;
	/** how many more fit, until it is this one's turn */
	left: number;
	act: (request: ReceivedRequest) => void;
}

/** What happens at chosen moments of a run: before Close looks at a request, or after it was carried out. */
export class Interruptions {
	private waiting: Interruption[] = [];

	add(when: Interruption['when'], { nth = 1, ...match }: Moment, act: Interruption['act']): void {
		this.waiting.push({ when, match, left: nth, act });
	}

	clear(): void {
		this.waiting = [];
	}

	/** Lets happen what was to happen now. */
	at(when: Interruption['when'], request: ReceivedRequest): void {
		const fitting = this.waiting.filter((one) => one.when === when && fits(one.match, request));
		for (const one of fitting) one.left--;
		const due = fitting.filter(({ left }) => left === 0);
		this.waiting = this.waiting.filter((one) => !due.includes(one));
		for (const { act } of due) act(request);
	}
}
