import type { IExecuteSingleFunctions } from 'n8n-workflow';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import { getBody, type PreSendValidator } from './preSend';
import { parseTime, withZoneNote, type DateTime } from '../../shared/time';
import { showValue } from '../../shared/showValue';
import { validationError } from './validationError';

/** In whole seconds, so that what is read back compares equal. */
const toWholeSeconds = (time: DateTime) =>
	time.startOf('second').toISO({ suppressMilliseconds: true });

/**
 * Reads a date; one without offset is read in the workflow's time zone.
 *
 * @param value ISO 8601 or SQL text, a Luxon `DateTime` or a `Date`
 * @param label of the field, for an error
 * @returns ISO 8601 in whole seconds, with an offset
 * @throws {ItemFailure} when it cannot be read
 */
export function toIsoTime(context: IExecuteSingleFunctions, value: unknown, label: string): string {
	const time = parseTime(value, context.getTimezone());
	const iso = time && toWholeSeconds(time);
	if (iso) return iso;
	throw validationError(
		context,
		`'${label}' is not a date and time that can be read: ${showValue(value)}`,
		'Pick a date, or use an expression that gives ISO 8601 such as 2026-12-01T09:00 or a DateTime such as {{ $now.plus({ hours: 2 }) }}.',
	);
}

const DATE_ALONE = /^\s*\d{4}-\d{2}-\d{2}\s*$/;

/**
 * Rejects a date without a time of day as the time at which a person is texted: it would be midnight. A `DateTime` and a
 * `Date` are meant as they are. Runs before `formatDates`.
 */
export const requireTimeOfDay: PreSendValidator = (context, request) => {
	const { date_scheduled: date } = getBody(request);
	if (typeof date !== 'string' || !DATE_ALONE.test(date)) return;
	throw validationError(
		context,
		`'${fieldLabel('date_scheduled', context.getNode())}' has no time of day: ${showValue(date)}`,
		`The SMS would go out at midnight. Give the time too, such as ${date.trim()}T09:00; for a date alone by an expression such as {{ $json.date + 'T09:00' }}.`,
	);
};

/** Rewrites dates as ISO 8601 with an offset. */
export const formatDates =
	(...fields: string[]): PreSendValidator =>
	(context, request) => {
		const body = getBody(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			body[field] = toIsoTime(context, body[field], fieldLabel(field, context.getNode()));
		}
	};

/** Rejects a schedule for a time that has passed. Runs after `formatDates`. */
export const rejectPastSchedule: PreSendValidator = (context, request) => {
	const { date_scheduled: date } = getBody(request);
	if (!date || Date.parse(String(date)) > Date.now()) return;
	const now = toWholeSeconds(parseTime(new Date(), context.getTimezone())!);
	throw validationError(
		context,
		`'${fieldLabel('date_scheduled', context.getNode())}' is in the past: it is ${String(date)}, and now it is ${now}`,
		`${withZoneNote('Choose a time ahead.')} It is set in Workflow Settings.`,
	);
};

/** 'Status' Send Later and 'Date Scheduled' need each other, and the date must lie ahead. Runs after `formatDates`. */
export const validateSchedule: PreSendValidator = (context, request, options) => {
	const { status, date_scheduled: date } = getBody(request);
	if (status === 'scheduled' && !date) {
		throw validationError(
			context,
			"'Status' is Send Later but 'Date Scheduled' is empty",
			"Add 'Date Scheduled', the time to send at.",
		);
	}
	if (date && status !== 'scheduled') {
		throw validationError(
			context,
			`'Date Scheduled' is set but 'Status' is not Send Later: ${showValue(date)}`,
			"Set 'Status' to Send Later, or remove 'Date Scheduled'.",
		);
	}
	rejectPastSchedule(context, request, options);
};
