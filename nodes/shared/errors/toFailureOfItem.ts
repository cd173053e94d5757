import { ItemFailure } from './itemFailure';
import type { ItemContext } from './validationError';

/** Whatever was thrown, as a failure of the item: an error of n8n's own, as of an expression, keeps its words. */
export function toFailureOfItem(context: ItemContext, error: unknown): ItemFailure {
	if (error instanceof ItemFailure) return error;
	const { message, description } = (error ?? {}) as { message?: unknown; description?: unknown };
	return new ItemFailure({
		what: typeof message === 'string' && message !== '' ? message : String(error),
		next: typeof description === 'string' ? description : undefined,
		outcome: 'notDone',
		itemIndex: context.getItemIndex?.(),
		cause: error instanceof Error ? error : undefined,
	});
}
