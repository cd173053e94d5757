import { seededRandom } from './random';
import type { ReceivedRequest } from '../types';

/**
 * How long something takes, in real milliseconds: always as long, or as long as chance has it, between `from` and `to`
 * and the same for the same seed and order of arrival.
 */
export type ChosenLatency = number | { seed: number; from: number; to: number };

/** The same, or as long as a function says of each request. */
export type Latency = ChosenLatency | ((request: ReceivedRequest) => number);

/** Says of one request after the other how long it takes, in milliseconds. */
export function toLatency(latency: Latency): (request: ReceivedRequest) => number {
	if (typeof latency === 'function') return latency;
	if (typeof latency === 'number') return () => latency;
	const next = seededRandom(latency.seed);
	return () => latency.from + next() * (latency.to - latency.from);
}
