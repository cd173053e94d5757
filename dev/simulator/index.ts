import { process } from '../platform';
import { controlRoutes } from './control/control';
import { parseDoubts, type Doubts } from './faults/doubts';
import type { RateLimitSetting } from './limits/rateLimit';
import { part } from './http/part';
import { createServer } from './server';
import { Simulator } from './simulator';
import { State } from './state';

export type { Doubts } from './faults/doubts';
export type { Fault, RandomFaults } from './faults/faults';
export type { FaultMatch } from './faults/faultMatch';
export { CLOSE_RATE_LIMIT, type RateLimitSetting } from './limits/rateLimit';
export type * from './types';
export { signature } from './webhooks/webhookDelivery';
export type { WebhookEvent } from './webhooks/webhookEvents';
export type { Subscription } from './webhooks/subscription';

export type { Simulator };

interface StartOptions {
	port?: number;
	doubts?: Partial<Doubts>;
	rateLimit?: RateLimitSetting;
	/** The name by which others reach this machine. Given, the simulator listens on all of its addresses. */
	seenAs?: string;
}

/**
 * Starts a simulator on the given port of loopback (see `seenAs`), else on a free one; `stop()` it when done.
 *
 * @param doubts how it behaves where nobody knows how Close does, else as the environment's CLOSE_DOUBTS says, else as
 * strictly as Close could (see `DOUBTS`)
 * @param rateLimit none unless given
 *
 * A reset comes back to both.
 */
export async function startSimulator({
	port = 0,
	doubts,
	rateLimit,
	seenAs,
}: StartOptions = {}): Promise<Simulator> {
	const state = new State({ doubts: doubts ?? parseDoubts(process.env.CLOSE_DOUBTS), rateLimit });
	const app = createServer(state);
	const close = new Simulator(state, app);
	app.register(part('control', (control) => controlRoutes(control, close)));
	state.url = await app.listen({ host: seenAs ? '0.0.0.0' : '127.0.0.1', port });
	if (seenAs) state.url = `http://${seenAs}:${new URL(state.url).port}`;
	return close;
}
