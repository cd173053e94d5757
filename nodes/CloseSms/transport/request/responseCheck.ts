import type { IDataObject, INode } from 'n8n-workflow';
import { OUTGOING_STATUSES } from '../../../shared/closeTypes';
import { fieldLabel } from '../../../shared/errors/fieldLabel';
import { areSameFiles, listFiles, normalizeText } from '../../../shared/content';
import { isNothing } from '../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../shared/phoneNumber';
import { showValue } from '../../../shared/showValue';

/** What Close may make of a status at once: a text that is to go out may have gone by the time of the response. */
const STATUS_FOLLOWS: Record<string, string[]> = {
	outbox: ['outbox', 'sent'],
};

const DATE_FIELDS = new Set(['activity_at', 'date_created', 'date_scheduled']);
const TEXT_FIELDS = new Set(['text', 'name']);
const PHONE_FIELDS = new Set(['remote_phone', 'local_phone']);

/** The fields that are compared; Close may show others differently from how they were sent, or not at all. */
const COMPARED_FIELDS = new Set([
	...TEXT_FIELDS,
	...PHONE_FIELDS,
	'attachments',
	'contact_id',
	'date_scheduled',
	'is_shared',
	'lead_id',
	'status',
	'template_id',
	'user_id',
]);

/** Statuses of records of what happened elsewhere; of anything else Close itself may set the times. */
const LOG_STATUSES = new Set<unknown>(['inbox', 'sent']);

/**
 * What a person gets, and when: an SMS that lacks one of these in the response is not known to be as it was to be. Close
 * documents each, but for `attachments`, as always there. A template need not show them.
 */
const REQUIRED_OF_SMS = new Set([
	...PHONE_FIELDS,
	'attachments',
	'date_scheduled',
	'status',
	'template_id',
	'text',
]);

const isCompared = (field: string, { status }: IDataObject) =>
	COMPARED_FIELDS.has(field) || (DATE_FIELDS.has(field) && LOG_STATUSES.has(status));

/** To the second: Close keeps times less precisely than they are written, or round. */
const toSecond = (value: unknown) =>
	Math.floor((typeof value === 'number' ? value : Date.parse(String(value))) / 1000);

/**
 * How far two clocks of Close may be apart: the one that dates an SMS, and the one that dates a response, by which we tell
 * when a request began. Servers that are set by the network differ by milliseconds, and either clock may round to a second;
 * Close documents neither. What is dated before a request began by more than this was there before it. What is dated
 * before it by less may be either: it counts as ours where that does no harm.
 */
export const CLOSE_CLOCK_SKEW_MS = 30_000;

/** When the SMS last changed in a way that could be ours, in milliseconds since 1970. */
export function getChangeTime({
	status,
	date_sent: sent,
	date_updated: updated,
}: IDataObject): number {
	const sentAt = status === 'sent' && sent ? Date.parse(String(sent)) : NaN;
	return Number.isNaN(sentAt) ? Date.parse(String(updated)) : sentAt;
}

/** Whether a text that was to be scheduled has left because its time came. */
const hasLeftAtItsTime = (expected: IDataObject, found: IDataObject) =>
	expected.status === 'scheduled' &&
	STATUS_FOLLOWS.outbox.includes(String(found.status)) &&
	toSecond(getChangeTime(found)) >= toSecond(expected.date_scheduled);

/** What Close still shows of a schedule once its time has come: perhaps not the time, and another status. */
const isOfKeptSchedule = (field: string, found: unknown) =>
	field === 'status' || (field === 'date_scheduled' && isNothing(found));

/** Whether Close took a text that was to go out, and could not send it. */
export const hasFailed = (expected: IDataObject, found: IDataObject): boolean =>
	OUTGOING_STATUSES.has(expected.status) && found.status === 'error';

/**
 * Whether Close chose another number of ours than the given one: `caller_id_mode` "auto" lets it select the best for
 * each SMS (Close: "Get an SMS activity"). It is read only, so we cannot ask for the other mode.
 */
const hasChosenNumber = (field: string, { caller_id_mode: mode }: IDataObject) =>
	field === 'local_phone' && mode === 'auto';

/** Whether Close puts the words of a template in the place of words that were emptied. */
const hasWordsOfTemplate = (field: string, { text, template_id: template }: IDataObject) =>
	field === 'text' && isNothing(text) && !isNothing(template);

function isSameValue(field: string, expected: unknown, found: unknown): boolean {
	if (TEXT_FIELDS.has(field)) return normalizeText(expected) === normalizeText(found);
	if (isNothing(expected) || isNothing(found)) return isNothing(expected) && isNothing(found);
	if (field === 'status')
		return (STATUS_FOLLOWS[String(expected)] ?? [String(expected)]).includes(String(found));
	if (DATE_FIELDS.has(field)) return toSecond(expected) === toSecond(found);
	if (PHONE_FIELDS.has(field)) return isSamePhoneNumber(expected, found);
	if (field === 'attachments') return Array.isArray(found) && areSameFiles(expected, found, true);
	return expected === found;
}

/**
 * The fields in which Close's response to a write, or a read, is not what an item was to do. Close may drop what it does
 * not know, or ignore it, and still respond with 200 (Close's framework cleancat drops unknown keys).
 *
 * Words are compared as a person reads them, numbers by what is dialed, times as points in time, files by name and type.
 * Another number of ours is no difference where Close chose it: see `describeChosenNumber`.
 *
 * @param expected what it was to be, by Close's names of the fields
 * @param found the body of the response, or of a read
 * @param isSms whether it is an SMS; false for a template
 * @returns names of Close's fields
 */
export function findDifferences(expected: IDataObject, found: IDataObject, isSms = true): string[] {
	const hasLeft = hasLeftAtItsTime(expected, found);
	return Object.keys(expected).filter(
		(field) =>
			expected[field] !== undefined &&
			isCompared(field, expected) &&
			!hasWordsOfTemplate(field, expected) &&
			(field in found || (isSms && REQUIRED_OF_SMS.has(field))) &&
			!(hasLeft && isOfKeptSchedule(field, found[field])) &&
			!hasChosenNumber(field, found) &&
			!isSameValue(field, expected[field], found[field]),
	);
}

/**
 * What a person would want to know of a text that is as it was to be.
 *
 * @returns for `_note`; undefined when there is nothing to say
 */
export function describeChosenNumber(
	{ local_phone: expected }: IDataObject,
	found: IDataObject,
): string | undefined {
	const { local_phone: chosen } = found;
	if (isNothing(expected) || !hasChosenNumber('local_phone', found)) return undefined;
	if (isSameValue('local_phone', expected, chosen)) return undefined;
	return isNothing(chosen)
		? `Close chooses the number that it goes out from, which may be another than ${String(expected)}.`
		: `It goes out from ${showValue(chosen)}, which Close chose in place of ${String(expected)}.`;
}

/** Fields whose values may appear in an error; the text of a message must not. */
const SHOWN = new Set([
	'status',
	'date_scheduled',
	'activity_at',
	'date_created',
	'remote_phone',
	'local_phone',
]);

const show = (value: unknown) => (isNothing(value) ? 'empty' : showValue(value));

const showFiles = (files: unknown, withType: boolean) =>
	listFiles(files, withType).join(' and ') || 'none';

/** What is different in a field, as in "'To' is +14155550123 instead of +14155550124". */
function describeDifference(label: string, field: string, expected: unknown, found: unknown) {
	// Nobody can say whether it is so.
	if (found === undefined && !isNothing(expected)) return `${label} is not confirmed by Close`;
	if (SHOWN.has(field)) return `${label} is ${show(found)} instead of ${show(expected)}`;
	if (field === 'attachments') {
		const withType = areSameFiles(expected, found, false);
		return `${label} are ${showFiles(found, withType)} instead of ${showFiles(expected, withType)}`;
	}
	if (field === 'template_id' && isNothing(found)) return `${label} is not confirmed by Close`;
	return `${label} is not what was asked`;
}

/**
 * E.g. "'Date Scheduled' is empty instead of 2026-12-01T09:00:00Z, 'Text' is not what was asked".
 *
 * @param node whose labels are used
 */
export const describeDifferences = (
	fields: string[],
	expected: IDataObject,
	found: IDataObject,
	node?: INode,
): string =>
	fields
		.map((field) =>
			describeDifference(`'${fieldLabel(field, node)}'`, field, expected[field], found[field]),
		)
		.join(', ');
