import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type PreSendAction,
} from 'n8n-workflow';
import { labelOf } from './labels';
import { problem } from './problems';
import { noteProblem } from './run';
import { parseTime } from './time';

/** Looks at, or completes, the request of one item. Throws what `problem` makes. */
export type Check = (context: IExecuteSingleFunctions, request: IHttpRequestOptions) => void;

export const bodyOf = (request: IHttpRequestOptions) => request.body as IDataObject;

/**
 * A `preSend` that carries out checks in order. It never throws: what it finds is noted for the one way out, so that
 * in the mode "Stop Workflow" one bad item keeps all others from being sent.
 */
export const checks = (...list: Check[]): PreSendAction =>
	async function (request) {
		try {
			for (const check of list) check(this, request);
		} catch (error) {
			const isOurs = error instanceof NodeOperationError || error instanceof NodeApiError;
			const itemIndex = this.getItemIndex();
			noteProblem(
				this,
				isOurs ? error : new NodeOperationError(this.getNode(), error, { itemIndex }),
			);
		}
		return request;
	};

/** Ids of Close are letters, digits and underscores behind a prefix; anything else could lead to another address. */
const ID = /^[A-Za-z0-9_]+$/;

/** What a resource locator holds; null when it is a link without an id. */
function locatorValue(context: IExecuteSingleFunctions, parameter: string): unknown {
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
export const idInPath =
	(parameter: string, label: string, example = 'acti_…'): Check =>
	(context, request) => {
		const value = locatorValue(context, parameter);
		if (value === null)
			throw problem(
				context,
				`'${label}' is a link without an ID`,
				'Paste the address of one SMS, or choose By ID.',
			);
		const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
		if (!id)
			throw problem(context, `'${label}' is empty`, `Choose one from the list or give its ID.`);
		if (!ID.test(id)) {
			throw problem(
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
export const leaveOutEmpty: Check = (_, request) => {
	request.body = Object.fromEntries(
		Object.entries(bodyOf(request)).filter(([, value]) => !isBlank(value)),
	);
};

const fieldOf = (parameter: string) =>
	parameter.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Sends `null` for the fields chosen under 'Clear Fields'. */
export const clearFields: Check = (context, request) => {
	const body = bodyOf(request);
	for (const field of (context.getNodeParameter('clearFields', []) as string[]).map(fieldOf)) {
		if (field in body) {
			throw problem(
				context,
				`'${labelOf(field)}' is both set and cleared`,
				"Remove it from 'Update Fields' or from 'Clear Fields'.",
			);
		}
		body[field] = null;
	}
};

export const changesSomething: Check = (context, request) => {
	if (Object.keys(bodyOf(request)).length > 0) return;
	throw problem(
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
export function timeOf(context: IExecuteSingleFunctions, value: unknown, label: string): string {
	const time = parseTime(value, context.getTimezone())?.toISO();
	if (time) return time;
	throw problem(
		context,
		`'${label}' is not a date and time that can be read`,
		'Pick a date, or use an expression that gives ISO 8601 such as 2026-12-01T09:00 or a DateTime such as {{ $now.plus({ hours: 2 }) }}.',
	);
}

/** Gives dates an offset. */
export const dates =
	(...fields: string[]): Check =>
	(context, request) => {
		const body = bodyOf(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			body[field] = timeOf(context, body[field], labelOf(field));
		}
	};

/** A text cannot be scheduled for a time that is over. Runs after `dates`. */
export const notInPast: Check = (context, request) => {
	const { date_scheduled: date } = bodyOf(request);
	if (!date || Date.parse(String(date)) > Date.now()) return;
	const now = parseTime(new Date(), context.getTimezone())!.toISO();
	throw problem(
		context,
		`'Date Scheduled' is in the past: it is ${String(date)}, and now it is ${now}`,
		'Choose a time ahead. A time without offset is read in the time zone of the workflow (Workflow Settings).',
	);
};

/** 'Status' Scheduled and 'Date Scheduled' need each other, and the date lies ahead. Runs after `dates`. */
export const schedule: Check = (context, request) => {
	const { status, date_scheduled: date } = bodyOf(request);
	if (status === 'scheduled' && !date) {
		throw problem(
			context,
			"'Status' is Scheduled but 'Date Scheduled' is empty",
			"Add 'Date Scheduled', the time to send at.",
		);
	}
	if (date && status !== 'scheduled') {
		throw problem(
			context,
			"'Date Scheduled' is set but 'Status' is not Scheduled",
			"Set 'Status' to Scheduled, or remove 'Date Scheduled'.",
		);
	}
	notInPast(context, request);
};

/** E.164: a plus sign, the country code and the number, at most 15 digits. */
export const E164 = /^\+[1-9]\d{6,14}$/;

export const phones =
	(...fields: string[]): Check =>
	(context, request) => {
		const body = bodyOf(request);
		for (const field of fields.filter((name) => body[name] !== undefined && body[name] !== null)) {
			if (E164.test(String(body[field]))) continue;
			throw problem(
				context,
				`'${labelOf(field)}' is not a phone number in E.164 format`,
				'It should look like +14155550123: a plus sign, the country code and the number, without spaces, dashes or brackets.',
			);
		}
	};

export const textOrTemplate: Check = (context, request) => {
	const { text, template_id: template } = bodyOf(request);
	if (!text || !template) return;
	throw problem(
		context,
		"'Text' and 'Template' are both set",
		'Close renders the template into the text: set one of them.',
	);
};
