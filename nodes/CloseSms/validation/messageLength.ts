import type { IDataObject } from 'n8n-workflow';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import type { Problem } from '../../shared/phoneNumber';
import { countSegments } from '../output/segments';
import type { NodeOptions } from './nodeOptions';
import { getBody, type PreSendValidator } from './preSend';
import { validationError } from './validationError';

/**
 * Close's own limit in its app, in characters as a person counts them (Close: "SMS in Close"). Whether the API has it is
 * not known; one text too many among a thousand would otherwise be found out in the middle of them.
 */
const MAX_CHARACTERS = 1000;

/** Signs that lengthen a text are named up to this many; of a text in another script they would be all of it. */
const MAX_NAMED = 3;

/** Why a text takes as many segments as it does, where a few characters are the reason. */
function adviseShortening(notInGsm7: string[]): string {
	const named = notInGsm7.slice(0, MAX_NAMED).join(' ');
	return notInGsm7.length > 0 && notInGsm7.length <= MAX_NAMED
		? `Shorten it. Because of ${named} a segment holds 67 characters instead of 153.`
		: "Shorten it, or raise 'Max Segments' under Options.";
}

/**
 * Whether a text would be charged as more SMS than 'Max Segments' allows.
 *
 * @param sms text and attachments; with attachments it goes out as MMS, which is not cut into segments
 * @returns a clause behind the name of the text, and what to do
 */
function findTooManySegments(
	{ text, attachments }: IDataObject,
	{ maxSegments, dryRun }: Pick<NodeOptions, 'maxSegments' | 'dryRun'>,
): Problem | undefined {
	if (maxSegments === Infinity || (Array.isArray(attachments) && attachments.length > 0))
		return undefined;
	// A dry run has not read them.
	if (typeof text !== 'string')
		return dryRun
			? undefined
			: {
					problem: "is not shown by Close, so 'Max Segments' cannot be checked",
					next: "In doubt nobody is texted. Look at it in Close, or remove 'Max Segments'.",
				};
	const { count, notInGsm7 } = countSegments(text);
	return count > maxSegments
		? {
				problem: `takes ${count} segments, and 'Max Segments' is ${maxSegments}`,
				next: adviseShortening(notInGsm7),
			}
		: undefined;
}

/** Whether a text is longer than it may be: the same, and Close's own limit. */
export function findTooLong(
	sms: IDataObject,
	options: Pick<NodeOptions, 'maxSegments' | 'dryRun'>,
): Problem | undefined {
	const characters = typeof sms.text === 'string' ? [...sms.text].length : 0;
	return characters > MAX_CHARACTERS
		? {
				problem: `has ${characters.toLocaleString('en-US')} characters`,
				next: "Close's own app takes at most 1,000, and whether its API takes more is not documented. Shorten it, or send it as several.",
			}
		: findTooManySegments(sms, options);
}

/** Rejects words that are too many. Runs after `validateText`. */
export const limitLength: PreSendValidator = (context, request, options) => {
	const body = getBody(request);
	const tooLong = body.text === undefined ? undefined : findTooLong(body, options);
	if (tooLong)
		throw validationError(
			context,
			`'${fieldLabel('text', context.getNode())}' ${tooLong.problem}`,
			tooLong.next,
		);
};
