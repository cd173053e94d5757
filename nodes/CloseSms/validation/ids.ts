import { parseCloseId, type IdKind } from '../../shared/closeId';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import { getLocatorValue } from '../../shared/fieldValues';
import { getBody, type PreSendValidator } from './preSend';
import { validationError, type ItemContext } from './validationError';

/**
 * Reads the ID of a record of Close.
 *
 * @param label of the field, for an error
 * @throws {ItemFailure}
 */
export function requireCloseId(
	context: ItemContext,
	value: unknown,
	label: string,
	kind: IdKind,
): string {
	const reading = parseCloseId(value, kind);
	if ('id' in reading) return reading.id;
	throw validationError(context, `'${label}' ${reading.problem}`, reading.next);
}

/**
 * Puts the ID of a field into the path, encoded, in place of `{id}`.
 *
 * @param parameter name of a resource locator
 * @param label its label, for an error
 */
export const setPathId =
	(parameter: string, label: string, kind: IdKind): PreSendValidator =>
	(context, request) => {
		const value = getLocatorValue(context.getNodeParameter(parameter, ''));
		const id = requireCloseId(context, value, label, kind);
		request.url = request.url.replace('{id}', encodeURIComponent(id));
	};

const ID_FIELDS = {
	contact_id: 'contact',
	lead_id: 'lead',
	template_id: 'template',
	user_id: 'user',
} satisfies Record<string, IdKind>;

/** Reads the IDs in the body of an SMS. Runs after `omitEmptyFields`. */
export const readIds: PreSendValidator = (context, request) => {
	const body = getBody(request);
	for (const [field, kind] of Object.entries(ID_FIELDS))
		if (body[field] !== undefined && body[field] !== null)
			body[field] = requireCloseId(
				context,
				body[field],
				fieldLabel(field, context.getNode()),
				kind,
			);
};
