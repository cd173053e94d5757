import type { IHookFunctions, IWebhookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { getMaker, type CloseEvent } from './closeEvent';
import { toEventKey } from './eventKey';
import { getEventName, mayBeOptIn, type EventSelection } from './events';
import { getEventSelection } from './eventSelection';
import { withEventKey } from './execution/startOnce';
import { ignoresKeywords, ignoresOwnChanges } from './options';
import { toEventOutput } from './webhook/output';
import { isOwnChange } from './webhook/ownChanges';
import { readChangeBehind } from './webhook/readChangeBehind';
import { readOptIn } from './webhook/readOptIn';

/** What decides whether an event starts the workflow. */
export interface StartRules {
	selection: EventSelection;
	ignoresOwnChanges: boolean;
}

export const getStartRules = (
	context: IHookFunctions | IWebhookFunctions | ITriggerFunctions,
): StartRules => ({
	selection: { ...getEventSelection(context), ignoresKeywords: ignoresKeywords(context) },
	ignoresOwnChanges: ignoresOwnChanges(context),
});

/**
 * Decides whether an event starts the workflow, and with which item.
 *
 * @param output see `toEventOutput`
 * @returns undefined when it does not; `notReadable` when Close could not be asked for what that depends on
 */
export async function decideStart(
	context: IWebhookFunctions | ITriggerFunctions,
	event: CloseEvent,
	rules: StartRules,
	output: unknown,
) {
	const isOptIn = mayBeOptIn(event, rules.selection) && (await readOptIn(context, event));
	if (isOptIn === undefined) return 'notReadable';
	const name = getEventName(event, rules.selection, isOptIn);
	if (!name) return undefined;
	const { madeBy } = rules.selection;
	// That a text failed is an outcome, and never counts as a change of one's own.
	const ignoresOwn = rules.ignoresOwnChanges && name !== 'failed';
	if (ignoresOwn && (await isOwnChange(context, event))) return undefined;
	if (madeBy || ignoresOwn) {
		const change = await readChangeBehind(context, event, name);
		if (!change) return 'notReadable';
		const known = change === 'unknown' ? event : change;
		if (madeBy && getMaker(known) !== madeBy) return undefined;
		if (ignoresOwn && change === 'unknown') {
			// It may start itself over and over.
			context.logger.warn(
				'An SMS that was sent did not start the workflow, because Close does not show who let it go out: it may be one of its own. To start for all of them, switch Ignore Own Changes off.',
			);
			return undefined;
		}
		if (ignoresOwn && known !== event && (await isOwnChange(context, known))) return undefined;
	}
	const key = toEventKey(event, name);
	return { key, item: withEventKey(toEventOutput(event, name, output), key) };
}
