import type { IDataObject } from 'n8n-workflow';
import {
	summarizeDryRun,
	type Preview,
} from '../../../../../../nodes/CloseSms/transport/run/dryRunSummary';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../../nodes/CloseSms/validation/nodeOptions';
import type { SendingHours } from '../../../../../../nodes/CloseSms/validation/sendingHours';

const NOBODY = 'Nobody would be texted.';
const post = (body: IDataObject, list = 'activity/sms'): Preview => ({
	method: 'POST',
	url: `https://close/${list}/`,
	body,
});
const put = (body: IDataObject, path = 'activity/sms/acti_1'): Preview => ({
	method: 'PUT',
	url: `https://close/${path}/`,
	body,
});
const read: Preview = { method: 'GET', url: 'https://close/activity/sms/acti_1/' };
const MESSAGE = { remote_phone: '+14155550101', local_phone: '+447700900100', text: 'Hi' };
const NOW = { status: 'outbox' };

const summarize = (
	requests: Preview[],
	{ asked = NOW, options = {} }: { asked?: IDataObject; options?: Partial<NodeOptions> } = {},
) => summarizeDryRun(requests, asked, { ...DEFAULT_OPTIONS, ...options });

test.each<[string, IDataObject, string]>([
	['words', {}, '"Hi" (1 segment)'],
	['a long one', { text: 'x'.repeat(161) }, `"${'x'.repeat(161)}" (2 segments)`],
	['an emoji', { text: `${'x'.repeat(70)}😀` }, `"${'x'.repeat(70)}😀" (2 segments)`],
	['a file', { attachments: [{}] }, '"Hi" (an MMS with 1 file)'],
	['files alone', { text: '', attachments: [{}, {}] }, 'an MMS with 2 files'],
	[
		'a template',
		{ text: undefined, template_id: 'smstmpl_1' },
		'what Close makes of the template smstmpl_1',
	],
])('whom it would text, when, from which number and with what: %s', (_, more, words) => {
	const body = { ...MESSAGE, ...more };
	expect(summarize([post({ ...body, status: 'draft' }), put(NOW)])).toBe(
		`Would text +1 415-555-0101 now from +447700900100: ${words}.`,
	);
});

const LATER = { status: 'scheduled', date_scheduled: '2035-06-01T09:00:00.000-04:00' };

test('a text that was asked for a time', () => {
	expect(summarize([put({ ...MESSAGE, ...LATER })], { asked: LATER })).toBe(
		'Would text +1 415-555-0101 on 2035-06-01 at 09:00 (-04:00) from +447700900100: "Hi" (1 segment).',
	);
});

test.each<[string, IDataObject]>([
	['from now', NOW],
	['from another time', { ...LATER, date_scheduled: '2035-06-01T02:00:00-04:00' }],
])('a text that Sending Hours move, %s', (_, asked) => {
	expect(summarize([put({ ...MESSAGE, ...LATER })], { asked })).toContain(
		"09:00 (-04:00), moved by 'Sending Hours' from +447700900100",
	);
});

test('of a draft, whose number is not read', () => {
	expect(summarize([read, put(NOW)])).toBe('Would text the person of acti_1 now: its message.');
});

const HOURS: SendingHours = {
	from: 480,
	to: 1260,
	days: [],
	zone: 'recipient',
	outside: 'schedule',
};

test('an option that asks Close first is named, since it may stop or move the text', () => {
	const options = { checkOptOut: true, skipIfTextedWithin: 5, sendingHours: HOURS };
	expect(summarize([put({ ...MESSAGE, ...NOW })], { options })).toMatch(
		/ Not checked in a dry run, and may still stop or move it: 'Check Opt-Out', 'Sending Hours' and 'Skip If Texted Within \(Minutes\)'\.$/,
	);
});

test.each<[string, Partial<NodeOptions>]>([
	['hours of a named zone', { sendingHours: { ...HOURS, zone: 'named', timezone: 'UTC' } }],
	['what comes after', { waitUntilSent: 60, maxRetries: 1, dryRun: true }],
])('%s cannot: nothing is said of it', (_, options) => {
	expect(summarize([put({ ...MESSAGE, ...NOW })], { options })).toMatch(/\(1 segment\)\.$/);
});

test.each<[string, Preview[], string]>([
	['a read', [read], 'Would only read.'],
	['a search', [post({}, 'data/search')], 'Would only read.'],
	['nothing', [], 'Would only read.'],
	['cancel', [read, put({ status: 'draft' })], 'Would set the SMS acti_1 back to a draft.'],
	['a change', [put({ text: 'Hi', lead_id: 'l' })], 'Would change the SMS acti_1: text, lead_id.'],
	['a deletion', [{ ...read, method: 'DELETE' }], 'Would delete the SMS acti_1.'],
	[
		'a draft',
		[post({ ...MESSAGE, status: 'draft' })],
		'Would create a draft to +1 415-555-0101: "Hi" (1 segment).',
	],
	['a record', [post({ ...MESSAGE, status: 'sent' })], 'Would only record an SMS from elsewhere.'],
	['a template', [post({ name: 'x' }, 'sms_template')], 'Would create an SMS template.'],
	[
		'a template changed',
		[put({ name: 'x' }, 'sms_template/smstmpl_1')],
		'Would change the SMS template smstmpl_1: name.',
	],
])('%s texts nobody, and says so', (_, requests, words) => {
	expect(summarize(requests, { asked: {} })).toBe(`${words} ${NOBODY}`);
});
