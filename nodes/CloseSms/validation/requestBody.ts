import { isBlank } from '../../shared/fieldValues';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import { getBody, type PreSendValidator } from './preSend';
import { validationError } from './validationError';

/** Leaves out fields that were not filled, or whose expression gave nothing. */
export const omitEmptyFields: PreSendValidator = (_, request) => {
	request.body = Object.fromEntries(
		Object.entries(getBody(request)).filter(([, value]) => !isBlank(value)),
	);
};

const toCloseField = (parameter: string) =>
	parameter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Sends `null` for the fields chosen under 'Clear Fields'. */
export const setClearedFields: PreSendValidator = (context, request) => {
	const body = getBody(request);
	for (const field of (context.getNodeParameter('clearFields', []) as string[]).map(toCloseField)) {
		if (field in body) {
			throw validationError(
				context,
				`'${fieldLabel(field)}' is both set and cleared`,
				"Remove it from 'Update Fields' or from 'Clear Fields'.",
			);
		}
		body[field] = null;
	}
};

/** Rejects an update without a single field. Runs after `omitEmptyFields` and `setClearedFields`. */
export const requireChange: PreSendValidator = (context, request) => {
	if (Object.keys(getBody(request)).length > 0) return;
	throw validationError(
		context,
		'There is nothing to update',
		"Add a field under 'Update Fields' (or under 'Clear Fields', where there are some). Fields whose expression gives nothing are left out.",
	);
};

/** Rejects a text that would be overwritten by the template, or the other way round. */
export const rejectTextWithTemplate: PreSendValidator = (context, request) => {
	const { text, template_id: template } = getBody(request);
	if (!text || !template) return;
	throw validationError(
		context,
		"'Text' and 'Template' are both set",
		'Close renders the template into the text: set one of them.',
	);
};
