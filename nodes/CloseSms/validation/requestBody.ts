import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';
import { OUTGOING_STATUSES } from '../../shared/closeTypes';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import { isBlank, parseList } from '../../shared/fieldValues';
import { nameType, showValue } from '../../shared/showValue';
import { isWholeExpression } from '../../shared/wholeExpression';
import { getBody, type PreSendValidator } from './preSend';
import { requireChoice, requireFlag, validationError } from './validationError';

/** Leaves out fields that were not filled, or whose expression gave nothing. */
export const omitEmptyFields: PreSendValidator = (_, request) => {
	request.body = Object.fromEntries(
		Object.entries(getBody(request)).filter(([, value]) => !isBlank(value)),
	);
};

/**
 * Rejects an added field without a value where Update lets the text go out: to leave it out would send the words of
 * before, or to the number of before. So it does for a status that was added and gives nothing. Everywhere else blank
 * means "leave". Runs before `omitEmptyFields`.
 */
export const rejectBlankInSending: PreSendValidator = (context, request) => {
	const body = getBody(request);
	const added = Object.keys(
		context.getNodeParameter('updateFields', {}, { rawExpressions: true }) ?? {},
	);
	const isBlankField = (name: string) => added.includes(name) && isBlank(body[toCloseField(name)]);
	if (isBlankField('status'))
		throw validationError(
			context,
			"'Status' is empty",
			'It decides whether the SMS goes out. Look at what its expression gives for this item, or remove the field.',
		);
	const blank = OUTGOING_STATUSES.has(body.status) && added.find(isBlankField);
	if (!blank) return;
	throw validationError(
		context,
		`'${fieldLabel(toCloseField(blank))}' is empty, and the SMS would go out as it is`,
		'Look at what its expression gives for this item, or remove the field to send what stands in Close.',
	);
};

const toCloseField = (parameter: string) =>
	parameter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The fields chosen under 'Clear Fields'; an expression may give them as one text with commas. @throws {ItemFailure} */
function getClearedFields(context: IExecuteSingleFunctions, clearable: string[]): string[] {
	const given: unknown = context.getNodeParameter('clearFields', []);
	// A blank in a list may have been meant as a field.
	const names = Array.isArray(given)
		? given.map((name) => String(name ?? '').trim())
		: parseList(given);
	return names.map((field) => {
		if (clearable.includes(field)) return toCloseField(field);
		throw validationError(
			context,
			`'Clear Fields' has a field that cannot be cleared: ${showValue(field)}`,
			`It accepts ${clearable.join(', ')}.`,
		);
	});
}

/**
 * Sends `null` for the fields chosen under 'Clear Fields'.
 *
 * @param clearable values that 'Clear Fields' offers
 */
export const setClearedFields =
	(clearable: string[]): PreSendValidator =>
	(context, request) => {
		const body = getBody(request);
		for (const field of getClearedFields(context, clearable)) {
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

/** A character that a person sees: no blank, and none of those that only look like one. */
const READABLE = /(?!\p{VS}|\u034F|\u17B4|\u17B5)[^\s\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]/u;

/** One half of a pair that makes an emoji or another rare character (UTF-16). */
const HALF_CHARACTER = /\p{Cs}/u;

/** Rejects what an expression gives as the text of a message if nobody could read it, or it is neither text nor a number. */
export const validateText: PreSendValidator = (context, request) => {
	const body = getBody(request);
	if (typeof body.text === 'number') body.text = String(body.text);
	if (body.text === undefined) return;
	const label = fieldLabel('text', context.getNode());
	if (typeof body.text !== 'string')
		throw validationError(
			context,
			`'${label}' is ${nameType(body.text)}, not words`,
			'Use the field in it that holds the words.',
		);
	if (!READABLE.test(body.text))
		throw validationError(
			context,
			`'${label}' has nothing that a person can read: ${showValue(body.text)}`,
			'It holds only characters that nobody sees. Look at what its expression gives for this item.',
		);
	if (HALF_CHARACTER.test(body.text))
		throw validationError(
			context,
			`'${label}' has half a character`,
			"The message was cut through an emoji or the like. Cut by characters instead, as in {{ [...$json.text].slice(0, 100).join('') }}.",
		);
};

/** Reads a flag of the body or the query strictly. Runs after `omitEmptyFields`. */
export const requireFlags =
	(place: 'body' | 'qs', ...fields: string[]): PreSendValidator =>
	(context, request) => {
		const values = (request[place] ?? {}) as IDataObject;
		for (const field of fields.filter((name) => name in values)) {
			const label = place === 'qs' ? QUERY_LABELS[field] : fieldLabel(field);
			values[field] = requireFlag(context, values[field], label);
		}
	};

const QUERY_LABELS: Record<string, string> = { send_to_inbox: 'Send to Inbox' };

/** Rejects a value, which an expression may have given, that the field does not offer. */
export const requireOneOf =
	(field: string, values: string[]): PreSendValidator =>
	(context, request) => {
		const value = getBody(request)[field];
		if (value !== undefined) requireChoice(context, `'${fieldLabel(field)}'`, value, values);
	};

/**
 * Rejects a collection that is one expression as a whole: n8n drops it, and what was set in it would silently not be done.
 * It needs the property of `withWholeExpression`, because of which n8n keeps the expression.
 */
export const rejectWholeExpression =
	(parameter: string, label: string): PreSendValidator =>
	(context) => {
		if (!isWholeExpression(context.getNode(), parameter)) return;
		throw validationError(
			context,
			`'${label}' is one expression as a whole, which n8n cannot read`,
			'Add each field by itself, and give each its own expression.',
		);
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
		'Close renders the template into the message: set one of them.',
	);
};
