import { fieldLabel } from '../../shared/errors/fieldLabel';
import { isSamePhoneNumber, lacksCountryCode, parsePhoneNumber } from '../../shared/phoneNumber';
import { toPhoneReadingOptions, type NodeOptions } from './nodeOptions';
import { getBody, type PreSendValidator } from './preSend';
import { validationError, type ItemContext } from './validationError';

/**
 * Reads a phone number as people write it.
 *
 * @param label of the field, for an error
 * @returns a plus sign, the country code and the number: digits only
 * @throws {NodeOperationError} when it is not one phone number, or its country is not known
 */
export function requirePhoneNumber(
	context: ItemContext,
	value: unknown,
	label: string,
	options: NodeOptions,
): string {
	const reading = parsePhoneNumber(value, toPhoneReadingOptions(options));
	if ('number' in reading) return reading.number;
	throw validationError(context, `'${label}' ${reading.problem}`, reading.next);
}

/** Reads the two numbers of a text, those that are given, and rejects what would text the wrong phone. */
export const readPhones: PreSendValidator = (context, request, options) => {
	const body = getBody(request);
	const labelOf = (field: string) => fieldLabel(field, context.getNode());
	for (const field of ['remote_phone', 'local_phone'])
		if (body[field] !== undefined && body[field] !== null)
			body[field] = requirePhoneNumber(context, body[field], labelOf(field), options);
	const { remote_phone: to, local_phone: from } = body;
	if (typeof to !== 'string' || typeof from !== 'string') return;
	if (isSamePhoneNumber(to, from))
		throw validationError(
			context,
			`'${labelOf('remote_phone')}' and '${labelOf('local_phone')}' are the same number: ${to}`,
			'Give the number of the person here, and your own there.',
		);
	if (lacksCountryCode(to, from))
		throw validationError(
			context,
			`'${labelOf('remote_phone')}' may be without its country code: ${to}`,
			`Is it +1${to.slice(1)}? An expression must not begin with =+ before a number without country code: that makes it a number of another country.`,
		);
};
