import { replaceNow } from '../../../dev/platform';
import type { setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A trigger that starts for what it missed. */
export const CATCH_UP = { events: ['received'], options: { catchUp: 24 } };
/** In n8n's log, once it has. */
export const CAUGHT_UP = /The trigger has caught up on/;

/** Does something when it is earlier. */
export const backIn = async <T>(milliseconds: number, act: () => Promise<T>): Promise<T> => {
	const now = Date.now;
	const restore = replaceNow(() => now() - milliseconds);
	try {
		return await act();
	} finally {
		restore();
	}
};

/** The texts with which a workflow was started, in order. */
export const texts = ({ runs }: TestWorkflow) => runs.map(({ text }) => text);

/** A person texts the account. */
export const hearFrom =
	(trigger: ReturnType<typeof setUpTrigger>) =>
	(...all: string[]) => {
		for (const text of all) trigger.close.receive({ from: '+14155550102', text });
	};
