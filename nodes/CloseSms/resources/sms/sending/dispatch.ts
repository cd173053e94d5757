import type { SmsActivity } from '../../../../shared/closeTypes';
import { monotonicNow } from '../../../../shared/delay';
import type {
	CloseResponse,
	HandlerContext,
	RoutingRequest,
} from '../../../transport/request/operationHandler';
import type { SendPlan } from './planSend';
import { StaleError } from '../../../transport/flowErrors';

/** How old what was found out may be when a decision is made, and for how long the decision holds: a minute together. */
const MAX_AGE_MS = 30_000;

/** An earlier text in view of which nothing goes out. */
export interface Skip {
	earlier: SmsActivity;
	/** Makes a sentence of why. @param when e.g. "sent at …" */
	explain: (when: string) => string;
}

interface Dispatch<D extends SendPlan | Skip> {
	/**
	 * Decides how the text goes out.
	 *
	 * @param since when what it rests on must have been read at the earliest, by `monotonicNow`
	 * @throws {ItemFailure} why it must not go out
	 */
	decide: (since: number) => Promise<D>;
	/** Makes the request that has the plan's body. */
	toRequest: (plan: SendPlan) => RoutingRequest;
	send: HandlerContext['send'];
}

/** When what is decided now must have been read at the earliest, by `monotonicNow`. */
export const getFreshSince = (): number => monotonicNow() - MAX_AGE_MS;

/**
 * Sends the request that lets a text go out. A run may wait long for Close, and meanwhile the hours may end or the person
 * may opt out: what is older than a minute as the request goes out is asked again, and so is everything before a retry.
 *
 * @throws {ItemFailure} when it must not go out any more; whatever `send` throws
 */
export async function dispatch<D extends SendPlan | Skip>(
	context: HandlerContext,
	{ decide, toRequest, send }: Dispatch<D>,
): Promise<{ response: CloseResponse; plan: SendPlan } | Extract<D, Skip>> {
	const budget = context.newBudget();
	let since = getFreshSince();
	for (;;) {
		const decision: SendPlan | Skip = await decide(since);
		if ('earlier' in decision) return decision as Extract<D, Skip>;
		const plan = decision;
		const decidedAt = monotonicNow();
		const { sent } = budget;
		const isStale = () =>
			budget.sent !== sent ||
			monotonicNow() - decidedAt > MAX_AGE_MS ||
			plan.isStale(context.now());
		const request = toRequest(plan);
		const assumed = plan.note ? { body: { ...plan.body }, note: plan.note } : request.assumed;
		const response = await send({ ...request, isStale, budget, assumed }).catch((error: Error) => {
			if (error instanceof StaleError) return undefined;
			throw error;
		});
		if (response) return { response, plan };
		since = budget.sent > sent ? decidedAt : getFreshSince();
	}
}
