import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES } from '../../../shared/closeTypes';
import { OPTIONS, type NodeOptions } from '../../validation/nodeOptions';
import { countSegments } from '../../output/segments';

/** A request that a dry run lists. */
export interface Preview {
	method: string;
	url: string;
	body?: IDataObject;
}

const NOBODY = 'Nobody would be texted.';

/** Options about texting that a dry run can decide as well, or that come after the text. */
const DECIDED = new Set(['unknownRecipient', 'waitUntilSent']);

/** The labels of the options that are set and may still stop or move a text: they depend on what Close has. */
function listUndecided(options: NodeOptions): string[] {
	const values = new Map<string, unknown>(Object.entries(options));
	return Object.entries(OPTIONS).flatMap(([name, { scope, absent, field }]) => {
		const isAboutTexting = scope === 'texts' || scope === 'textsAnew';
		const isSet = values.get(name) !== absent;
		const isDecided =
			name === 'sendingHours' ? options.sendingHours?.zone !== 'recipient' : DECIDED.has(name);
		return isAboutTexting && isSet && !isDecided ? [`'${field.displayName}'`] : [];
	});
}

const formatPhone = (number: unknown) =>
	String(number).replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1-$2-$3');

/** "on 2035-01-01 at 09:00 (+01:00)": as the request has it, so with its own offset. */
function formatTime(date: unknown): string {
	const [, day, time, offset] = /^(.{10})T(\d\d:\d\d)[^Z+-]*(.*)$/.exec(String(date)) ?? [];
	return day ? `on ${day} at ${time} (${offset === 'Z' ? 'UTC' : offset})` : `at ${String(date)}`;
}

function describeMessage({ text, template_id: template, attachments }: IDataObject): string {
	const files = Array.isArray(attachments) ? attachments.length : 0;
	const { count } = countSegments(String(text ?? ''));
	const size = files
		? `an MMS with ${files} ${files === 1 ? 'file' : 'files'}`
		: `${count} ${count === 1 ? 'segment' : 'segments'}`;
	if (text) return ` "${String(text)}" (${size})`;
	if (template) return ` what Close makes of the template ${String(template)}`;
	return files ? ` ${size}` : '';
}

const join = (labels: string[]) => labels.join(', ').replace(/, ([^,]*)$/, ' and $1');

const describeChange = ({ method, url }: Preview, body: IDataObject): string => {
	const id = /\/([^/]+)\/$/.exec(url)?.[1];
	const what = url.includes('/sms_template/') ? 'SMS template' : 'SMS';
	if (method === 'DELETE') return `Would delete the ${what} ${id}.`;
	if (method !== 'POST')
		return body.status === 'draft'
			? `Would set the SMS ${id} back to a draft.`
			: `Would change the ${what} ${id}: ${Object.keys(body).join(', ')}.`;
	if (what !== 'SMS') return 'Would create an SMS template.';
	const to = body.remote_phone ? ` to ${formatPhone(body.remote_phone)}` : '';
	return body.status === 'draft'
		? `Would create a draft${to}:${describeMessage(body)}.`
		: `Would only record an SMS from elsewhere.`;
};

/**
 * What an item would do, in one sentence or two, for a person who does not read requests: who would get what, when and
 * from which number, and which options may still stop or move it.
 *
 * @param requests those that the item would send, in this order
 * @param asked the body that the item's settings make; `Sending Hours` may have moved it
 */
export function summarizeDryRun(
	requests: Preview[],
	asked: IDataObject,
	options: NodeOptions,
): string {
	const writes = requests.filter(({ method, url }) => {
		const isSearch = /\/(data\/search|files\/upload)\/$/.test(url);
		return method !== 'GET' && !isSearch;
	});
	const last = writes[writes.length - 1];
	if (writes.length === 0) return `Would only read. ${NOBODY}`;
	const body = { ...writes[0].body, ...last.body };
	if (!OUTGOING_STATUSES.has(body.status)) return `${describeChange(last, body)} ${NOBODY}`;
	const id = /\/([^/]+)\/$/.exec(last.url)?.[1];
	const to = body.remote_phone ? formatPhone(body.remote_phone) : `the person of ${id}`;
	const from = body.local_phone ? ` from ${formatPhone(body.local_phone)}` : '';
	const when = body.status === 'outbox' ? 'now' : formatTime(body.date_scheduled);
	const isMoved =
		body.status !== asked.status ||
		(body.status === 'scheduled' && body.date_scheduled !== asked.date_scheduled);
	const moved = isMoved ? ", moved by 'Sending Hours'" : '';
	const undecided = listUndecided(options);
	const doubt =
		undecided.length > 0
			? ` Not checked in a dry run, and may still stop or move it: ${join(undecided)}.`
			: '';
	return `Would text ${to} ${when}${moved}${from}:${describeMessage(body) || ' its message'}.${doubt}`;
}
