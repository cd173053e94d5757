import { fieldLabel } from '../../shared/errors/fieldLabel';
import { E164, E164_EXAMPLE } from '../../shared/fieldValues';
import { getBody, type PreSendValidator } from './preSend';
import { validationError } from './validationError';

/** Phone numbers in E.164 format. */
export const validatePhones =
	(...fields: string[]): PreSendValidator =>
	(context, request) => {
		const body = getBody(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			const phone = body[field];
			if (typeof phone === 'string' && E164.test(phone)) continue;
			throw validationError(
				context,
				`'${fieldLabel(field, context.getNode())}' is not a phone number in E.164 format`,
				E164_EXAMPLE,
			);
		}
	};
