import type { IExecuteSingleFunctions } from 'n8n-workflow';
import type { PreSendValidator } from './preSend';
import { validationError } from './validationError';

/** Ids of Close are letters, digits and underscores behind a prefix; anything else could lead to another address. */
const ID = /^[A-Za-z0-9_]+$/;

/** What a resource locator holds; null when it is a link without an id. */
function getPathIdValue(context: IExecuteSingleFunctions, parameter: string): unknown {
	try {
		return context.getNodeParameter(parameter, '', { extractValue: true });
	} catch {
		// A failing expression fails here too, and is told as what it is.
		context.getNodeParameter(parameter, '');
		return null;
	}
}

/**
 * Puts the id that a field holds into the path, in place of `{id}`.
 *
 * @param parameter name of a resource locator
 * @param label its label
 * @param example how such an id looks
 */
export const setPathId =
	(parameter: string, label: string, example = 'acti_…'): PreSendValidator =>
	(context, request) => {
		const value = getPathIdValue(context, parameter);
		if (value === null)
			throw validationError(
				context,
				`'${label}' is a link without an ID`,
				'Paste the address of one SMS, or choose By ID.',
			);
		const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
		if (!id)
			throw validationError(
				context,
				`'${label}' is empty`,
				`Choose one from the list or give its ID.`,
			);
		if (!ID.test(id)) {
			throw validationError(
				context,
				`'${label}' is not an ID of Close`,
				`An ID looks like ${example} and holds no spaces, dots or slashes.`,
			);
		}
		request.url = request.url.replace('{id}', encodeURIComponent(id));
	};
