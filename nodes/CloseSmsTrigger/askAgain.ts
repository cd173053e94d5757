import type { IHookFunctions } from 'n8n-workflow';
import { delay } from '../shared/delay';

/** When Close is asked again; later, every half hour. */
const MINUTES = [1, 5, 15];
const LATER_MINUTES = 30;
const MINUTE_MS = 60_000;

/** By trigger: the latest asking. */
const asking = new Map<string, symbol>();

export const stopAsking = (trigger: string): void => void asking.delete(trigger);

/**
 * Asks Close again in the background until it has answered, or the trigger is stopped.
 *
 * @param ask returns whether it need not be asked again; must not throw
 */
export function askAgain(
	trigger: string,
	ask: (isWanted: () => boolean) => Promise<boolean>,
): void {
	const own = Symbol(trigger);
	const isWanted = () => asking.get(trigger) === own;
	const askOn = async () => {
		for (let attempt = 0; isWanted(); attempt++) {
			await delay((MINUTES[attempt] ?? LATER_MINUTES) * MINUTE_MS, undefined, isWanted);
			if (isWanted() && (await ask(isWanted)) && isWanted()) stopAsking(trigger);
		}
	};
	asking.set(trigger, own);
	void askOn();
}

const PARAMETERS = ['authentication', 'events', 'filters', 'options', 'ignoreOwnChanges'];

/**
 * A context with which a hook can be continued later. By then n8n evaluates no expressions for it, and would store all
 * static data of the workflow as they are now, so what is stored with it is kept by this process only.
 */
export function forLater(context: IHookFunctions): IHookFunctions {
	const values = new Map(PARAMETERS.map((name) => [name, context.getNodeParameter(name, null)]));
	const stored = { node: { ...context.getWorkflowStaticData('node') }, global: {} };
	const changes: Partial<Record<string | symbol, unknown>> = {
		getNodeParameter: (name: string, fallback?: unknown) => values.get(name) ?? fallback,
		getWorkflowStaticData: (type: keyof typeof stored) => stored[type],
		getActivationMode: () => 'update',
	};
	return new Proxy(context, {
		get: (target, name): unknown => changes[name] ?? Reflect.get(target, name),
	});
}
