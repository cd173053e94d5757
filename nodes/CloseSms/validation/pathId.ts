import type { IExecuteSingleFunctions } from 'n8n-workflow';
import type { PreSendValidator } from './preSend';
import { validationError } from './validationError';

/** Ids of Close are letters, digits and underscores behind a prefix; anything else could lead to another address. */
const ID = /^[A-Za-z0-9_]+$/;

/** The value of a resource locator; null when it is a link without an id. */
function getPathIdValue(context: IExecuteSingleFunctions, parameter: string): unknown {
	try {
		return context.getNodeParameter(parameter, '', { extractValue: true });
	} catch {
		// If the expression itself fails, this rethrows its own error.
		context.getNodeParameter(parameter, '');
		return null;
	}
}

/**
 * Puts the id of a field into the path, encoded, in place of `{id}`.
 *
 * @param parameter name of a resource locator
 * @param label its label, for an error
 * @param example what such an id looks like, for an error
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
