import type { IExecuteSingleFunctions } from 'n8n-workflow';
import { ItemFailure } from './itemFailure';

/** What tells which item an error is about; a trigger has none. */
export type ItemContext = Partial<Pick<IExecuteSingleFunctions, 'getItemIndex'>>;

/**
 * Something is wrong with what the user entered.
 *
 * @param what a sentence without full stop that names the field by its label
 * @param next what to do about it
 */
export const validationError = (context: ItemContext, what: string, next?: string): ItemFailure =>
	new ItemFailure({ what, next, outcome: 'notDone', itemIndex: context.getItemIndex?.() });
