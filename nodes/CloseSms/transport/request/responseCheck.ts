import type { IDataObject, INode } from 'n8n-workflow';
import { fieldLabel } from '../../../shared/errors/fieldLabel';
import { normalizeText } from '../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../shared/phoneNumber';

/** What Close may make of a status at once: a text that is to go out may have gone, or failed, by the time of the response. */
const STATUS_FOLLOWS: Record<string, string[]> = {
	outbox: ['outbox', 'sent', 'error'],
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
	'user_id',
]);

/** Statuses of records of what happened elsewhere; of anything else Close itself may set the times. */
const LOG_STATUSES = new Set<unknown>(['inbox', 'sent']);

/** An SMS that lacks one of these in the response is not known to be as asked; a template need not show them. */
const REQUIRED_OF_SMS = new Set(['status', 'date_scheduled', 'attachments']);

const isCompared = (field: string, { status }: IDataObject) =>
	COMPARED_FIELDS.has(field) || (DATE_FIELDS.has(field) && LOG_STATUSES.has(status));

const isNothing = (value: unknown) =>
	value === undefined ||
	value === null ||
	value === '' ||
	(Array.isArray(value) && value.length === 0);

/** To the second: Close keeps times less precisely than they are written, or round. */
const toSecond = (value: unknown) =>
	Math.floor((typeof value === 'number' ? value : Date.parse(String(value))) / 1000);

/** When the SMS last changed in a way that could be ours, in milliseconds since 1970. */
export function getChangeTime({
	status,
	date_sent: sent,
	date_updated: updated,
}: IDataObject): number {
	const sentAt = status === 'sent' && sent ? Date.parse(String(sent)) : NaN;
	return Number.isNaN(sentAt) ? Date.parse(String(updated)) : sentAt;
}

/** Whether a text that was to be scheduled has left, or failed, because its time came. */
const hasLeftAtItsTime = (asked: IDataObject, found: IDataObject) =>
	asked.status === 'scheduled' &&
	STATUS_FOLLOWS.outbox.includes(String(found.status)) &&
	toSecond(getChangeTime(found)) >= toSecond(asked.date_scheduled);

/** What Close still shows of a schedule once its time has come: perhaps not the time, and another status. */
const isOfKeptSchedule = (field: string, found: unknown) =>
	field === 'status' || (field === 'date_scheduled' && isNothing(found));

function isSameValue(field: string, asked: unknown, found: unknown): boolean {
	if (isNothing(asked) || isNothing(found)) return isNothing(asked) && isNothing(found);
	if (field === 'status')
		return (STATUS_FOLLOWS[String(asked)] ?? [String(asked)]).includes(String(found));
	if (DATE_FIELDS.has(field)) return toSecond(asked) === toSecond(found);
	if (PHONE_FIELDS.has(field)) return isSamePhoneNumber(asked, found);
	if (TEXT_FIELDS.has(field)) return normalizeText(asked) === normalizeText(found);
	if (Array.isArray(asked)) return Array.isArray(found) && asked.length === found.length;
	return asked === found;
}

/**
 * The fields in which Close's response to a write is not what was asked. Close may drop what it does not know, or
 * ignore it, and still respond with 200 (Close's framework cleancat drops unknown keys).
 *
 * @param asked the body of the request
 * @param found the body of the response, or of a read
 * @param isSms whether it is an SMS; false for a template
 * @returns names of Close's fields; times are compared as points in time, attachments by their number
 */
export function findDifferences(asked: IDataObject, found: IDataObject, isSms = true): string[] {
	const hasLeft = hasLeftAtItsTime(asked, found);
	return Object.entries(asked)
		.filter(([field]) => isCompared(field, asked))
		.filter(([field]) => field in found || (isSms && REQUIRED_OF_SMS.has(field)))
		.filter(([field]) => !(hasLeft && isOfKeptSchedule(field, found[field])))
		.filter(([field, value]) => !isSameValue(field, value, found[field]))
		.map(([field]) => field);
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

const show = (value: unknown) => (isNothing(value) ? 'empty' : String(value));

/**
 * E.g. "'Date Scheduled' is empty instead of 2026-12-01T09:00:00Z, 'Text' is not what was sent".
 *
 * @param node whose labels are used
 */
export const describeDifferences = (
	fields: string[],
	asked: IDataObject,
	found: IDataObject,
	node?: INode,
): string =>
	fields
		.map((field) => {
			const label = `'${fieldLabel(field, node)}'`;
			if (SHOWN.has(field))
				return `${label} is ${show(found[field])} instead of ${show(asked[field])}`;
			if (Array.isArray(asked[field])) {
				const count = (value: unknown) => (Array.isArray(value) ? value.length : 0);
				return `${label} are ${count(found[field])} instead of ${count(asked[field])}`;
			}
			return `${label} is not what was sent`;
		})
		.join(', ');
