import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type PreSendAction,
} from 'n8n-workflow';
import { fieldLabel } from '../../shared/errors/fieldLabel';
import { validationError } from './validationError';
import { recordValidationError } from '../transport/run';
import { parseTime } from './time';

/** Looks at, or completes, the request of one item. Throws what `problem` makes. */
export type PreSendValidator = (
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
) => void;

export const getBody = (request: IHttpRequestOptions) => request.body as IDataObject;

/**
 * A `preSend` that carries out checks in order. It never throws: what it finds is noted for the one way out, so that
 * in the mode "Stop Workflow" one bad item keeps all others from being sent.
 */
export const preSend = (...list: PreSendValidator[]): PreSendAction =>
	async function (request) {
		try {
			for (const check of list) check(this, request);
		} catch (error) {
			const isOurs = error instanceof NodeOperationError || error instanceof NodeApiError;
			const itemIndex = this.getItemIndex();
			recordValidationError(
				this,
				isOurs ? error : new NodeOperationError(this.getNode(), error, { itemIndex }),
			);
		}
		return request;
	};

/** Ids of Close are letters, digits and underscores behind a prefix; anything else could lead to another address. */
const ID = /^[A-Za-z0-9_]+$/;

/** What a resource locator holds; null when it is a link without an id. */
function getPathIdValue(context: IExecuteSingleFunctions, parameter: string): unknown {
	try {
		return context.getNodeParameter(parameter, '', { extractValue: true });
	} catch {
		// A failing expression fails here too, and is told as what it is.
		context.getNodeParameter(parameter, '');
		return null;
	}
}

/**
 * Puts the id that a field holds into the path, in place of `{id}`.
 *
 * @param parameter name of a resource locator
 * @param label its label
 * @param example how such an id looks
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

export const isBlank = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** A field that was not filled, or whose expression gave nothing, is not sent. */
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

export const requireChange: PreSendValidator = (context, request) => {
	if (Object.keys(getBody(request)).length > 0) return;
	throw validationError(
		context,
		'There is nothing to update',
		"Add a field under 'Update Fields' (or under 'Clear Fields', where there are some). Fields whose expression gives nothing are left out.",
	);
};

/**
 * Reads a date; one without offset is read in the workflow's time zone.
 *
 * @param label of the field it stands in
 * @returns ISO 8601 with an offset
 */
export function toIsoTime(context: IExecuteSingleFunctions, value: unknown, label: string): string {
	const time = parseTime(value, context.getTimezone())?.toISO();
	if (time) return time;
	throw validationError(
		context,
		`'${label}' is not a date and time that can be read`,
		'Pick a date, or use an expression that gives ISO 8601 such as 2026-12-01T09:00 or a DateTime such as {{ $now.plus({ hours: 2 }) }}.',
	);
}

/** Gives dates an offset. */
export const formatDates =
	(...fields: string[]): PreSendValidator =>
	(context, request) => {
		const body = getBody(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			body[field] = toIsoTime(context, body[field], fieldLabel(field));
		}
	};

/** A text cannot be scheduled for a time that is over. Runs after `dates`. */
export const rejectPastSchedule: PreSendValidator = (context, request) => {
	const { date_scheduled: date } = getBody(request);
	if (!date || Date.parse(String(date)) > Date.now()) return;
	const now = parseTime(new Date(), context.getTimezone())!.toISO();
	throw validationError(
		context,
		`'Date Scheduled' is in the past: it is ${String(date)}, and now it is ${now}`,
		'Choose a time ahead. A time without offset is read in the time zone of the workflow (Workflow Settings).',
	);
};

/** 'Status' Scheduled and 'Date Scheduled' need each other, and the date lies ahead. Runs after `dates`. */
export const validateSchedule: PreSendValidator = (context, request) => {
	const { status, date_scheduled: date } = getBody(request);
	if (status === 'scheduled' && !date) {
		throw validationError(
			context,
			"'Status' is Scheduled but 'Date Scheduled' is empty",
			"Add 'Date Scheduled', the time to send at.",
		);
	}
	if (date && status !== 'scheduled') {
		throw validationError(
			context,
			"'Date Scheduled' is set but 'Status' is not Scheduled",
			"Set 'Status' to Scheduled, or remove 'Date Scheduled'.",
		);
	}
	rejectPastSchedule(context, request);
};

/** E.164: a plus sign, the country code and the number, at most 15 digits. */
export const E164 = /^\+[1-9]\d{6,14}$/;

export const validatePhones =
	(...fields: string[]): PreSendValidator =>
	(context, request) => {
		const body = getBody(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			if (E164.test(String(body[field]))) continue;
			throw validationError(
				context,
				`'${fieldLabel(field)}' is not a phone number in E.164 format`,
				'It should look like +14155550123: a plus sign, the country code and the number, without spaces, dashes or brackets.',
			);
		}
	};

export const rejectTextWithTemplate: PreSendValidator = (context, request) => {
	const { text, template_id: template } = getBody(request);
	if (!text || !template) return;
	throw validationError(
		context,
		"'Text' and 'Template' are both set",
		'Close renders the template into the text: set one of them.',
	);
};
