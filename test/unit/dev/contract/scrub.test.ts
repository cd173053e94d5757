import fc from 'fast-check';

import { finding } from '../../../../dev/contract/finding';
import { PLAIN_WORDS } from '../../../../dev/contract/plainWords';
import { describe as shapeOf, toRecorded } from '../../../../dev/contract/recording';
import { REDACTED, Scrubber } from '../../../../dev/contract/scrub';
import { SMS_FIELDS } from '../../../../nodes/shared/closeTypes';

const exchangeOf = (status: number, body: unknown, path = '/activity/sms/') => ({
	method: 'PUT' as const,
	path,
	query: { lead_id: 'lead_harbor' },
	requestBody: { text: 'What was asked' },
	status,
	headers: { date: 'Wed, 25 Nov 2026 09:00:00 GMT' },
	body,
});

test.each([
	['Only draft SMS activities can be edited.', 'Only draft SMS activities can be edited.'],
	['Invalid ISO 8601 datetime.', 'Invalid ISO 8601 datetime.'],
	[
		'The contact Maria Santos does not belong to lead Bluebird Cafe',
		`The contact ${REDACTED} does not belong to lead ${REDACTED}`,
	],
	[
		'Existing duplicates are: whsub_5qVjHdoaXxN1ag7Yk0MdWF',
		`Existing duplicates are: whsub_${REDACTED}`,
	],
	['+14155550100 is blocked', `${REDACTED} is blocked`],
	['(415) 555-0100 is blocked', `(${REDACTED} is blocked`],
	['max_limit = 100, max_skip = 250000', 'max_limit = 100, max_skip = 250000'],
	['limit=160, remaining=159, reset=8', 'limit=160, remaining=159, reset=8'],
	['maria@bluebird.example', REDACTED],
	['Email of bluebird.example is not valid', `Email of ${REDACTED} is not valid`],
	['limit=16; remaining=3; reset=1.234567', 'limit=16; remaining=3; reset=1.234567'],
	[
		'A text has at most 1600 characters, not 12345',
		'A text has at most 1600 characters, not 12345',
	],
	['30034 message from an unregistered number', '30034 message from an unregistered number'],
	['Error 21610: +14155550100 has blocked it', `Error 21610: ${REDACTED} has blocked it`],
	['+12025550143 is not a valid number', '+12025550143 is not a valid number'],
	['It was 09:30 on 2027-10-01', `It was ${REDACTED} on ${REDACTED}`],
	['The contact Rich Page is not on the lead', `The contact ${REDACTED} is not on the lead`],
	['"Grant Road" is no contact', `"${REDACTED}" is no contact`],
	['2027-10-01T09:30:00+00:00 is in the past', `${REDACTED} is in the past`],
])('%s', (words, shown) => {
	expect(new Scrubber().words(words)).toBe(shown);
});

test('a name of ordinary words is hidden once it was seen, and so is it in other letters', () => {
	const scrubber = new Scrubber();
	const data = [{ display_name: 'Rich Page', custom: { 'Next Call': 'Will Mark' } }];
	scrubber.learn({ status: 200, body: { data } });
	expect(scrubber.words('Rich Page and will mark; RICH PAGE')).toBe(
		`${REDACTED} and ${REDACTED}; ${REDACTED}`,
	);
});

test('what Close itself defines is not taken for a value of the account', () => {
	const scrubber = new Scrubber();
	const body = { status: 'draft', errors: ['Only draft'], 'field-errors': { status: 'required' } };
	scrubber.learn({ status: 200, body });
	// As somebody may name a template.
	scrubber.learn({ status: 200, body: { name: 'Draft' } });
	expect(scrubber.words('draft, required')).toBe('draft, required');
});

test('the words of a refusal are not taken for values of the account', () => {
	const scrubber = new Scrubber();
	const body = { detail: [{ msg: 'field required', loc: ['body', 'text'] }] };
	scrubber.learn({ status: 400, body });
	expect(scrubber.finding(finding`${body}`)).toBe(JSON.stringify(body));
});

test('somebody who is named after an ordinary word is hidden, and the word is not', () => {
	const scrubber = new Scrubber();
	scrubber.learn({ status: 200, body: { first_name: 'Will', last_name: 'Call' } });
	expect(scrubber.words('It was Will who said that it will be sent: Call')).toBe(
		`It was ${REDACTED} who ${REDACTED} that it will be sent: ${REDACTED}`,
	);
});

test('what was counted or measured is kept', () => {
	const words = finding`answered with ${404} after ${1234567} ms: ${true}`;
	expect(new Scrubber().finding(words)).toBe('answered with 404 after 1234567 ms: true');
});

test('our own words are kept', () => {
	expect(new Scrubber().finding(finding`Zebulon was answered with ${'Zebulon'}`)).toBe(
		`Zebulon was answered with ${REDACTED}`,
	);
});

test('the names of all fields of an SMS are plain', () => {
	const shape = shapeOf(Object.fromEntries(SMS_FIELDS.map((name) => [name, null])));
	expect(Object.keys(shape as object)).toEqual([...SMS_FIELDS].sort());
});

test('custom fields and names of fields that are words of the account are not recorded', () => {
	const body = { id: 'lead_1', custom: { Budget: 1 }, 'custom.cf_x': 'y', Zebulon: 1, zebulon: 1 };
	expect(shapeOf(body)).toEqual({ id: 'ID lead_', [REDACTED]: 'number' });
});

/** A word that cannot stand in a report for another reason: it is in no list, and no part of a longer word of ours. */
const foreign = fc
	.string({ unit: 'grapheme', minLength: 4, maxLength: 12 })
	.filter((word) => /^[\p{L}\p{M}]{4,}$/u.test(word) && !PLAIN_WORDS.has(word.toLowerCase()));
const plain = fc.constantFrom('Rich Page', 'Will Call', 'Mark Day', 'Bill Free', 'Grant Road');
const phone = fc.integer({ min: 2_000_000_000, max: 9_999_999_999 }).map((digits) => `+1${digits}`);
const id = fc
	.stringMatching(/^[A-Za-z0-9]{22}$/)
	.chain((rest) => fc.constantFrom('lead', 'cont', 'acti').map((prefix) => `${prefix}_${rest}`));
const mail = fc.tuple(foreign, foreign).map(([user, host]) => `${user}@${host}.example`);
const account = fc.record({
	name: fc.oneof(foreign, plain),
	phone,
	id,
	mail,
	text: fc.oneof(foreign, plain),
});

/** Ways in which Close could put something of the account into an answer. */
const errors = (value: string): unknown[] => [
	{ error: `The contact ${value} does not belong to the lead` },
	{ errors: [`Duplicate: "${value}", (${value})`], 'field-errors': {} },
	{
		errors: [],
		'field-errors': { [value]: `${value} is not valid`, to: { errors: { 0: value } } },
	},
	`<html><body>${value}</body></html>`,
	value,
	{ message: { [value]: [value, { deep: value }] } },
];

test('nothing of an account that Close has shown is in a report or a recording', () => {
	fc.assert(
		fc.property(account, fc.integer({ min: 0, max: 5 }), (known, index) => {
			const values = Object.values(known);
			const scrubber = new Scrubber();
			const success = {
				...known,
				contacts: [{ display_name: known.name, phones: [{ phone: known.phone }] }],
				[`custom.${known.name}`]: known.text,
				custom: { [known.name]: known.text },
			};
			scrubber.learn({ status: 200, body: success });
			const shown = values.map((value) => {
				const body = errors(value)[index];
				return JSON.stringify([
					scrubber.finding(finding`it was ${body} and ${value}`),
					toRecorded(exchangeOf(400, body, `/lead/${known.id}/`), scrubber),
					toRecorded(
						exchangeOf(200, { ...success, deep: [success] }, `/lead/${known.id}/`),
						scrubber,
					),
				]);
			});
			for (const value of values) {
				const quoted = JSON.stringify(value).slice(1, -1).toLowerCase();
				for (const one of shown) expect(one.toLowerCase()).not.toContain(quoted);
			}
		}),
		{ numRuns: 100 },
	);
});

test('nothing of an account that Close never showed before is in a report either, but for ordinary words', () => {
	const never = fc.oneof(foreign, phone, id, mail);
	fc.assert(
		fc.property(never, fc.integer({ min: 0, max: 5 }), (value, index) => {
			const scrubber = new Scrubber();
			const body = errors(value)[index];
			const shown = JSON.stringify([
				scrubber.finding(finding`it was ${body}`),
				toRecorded(exchangeOf(400, body), scrubber),
			]);
			expect(shown.toLowerCase()).not.toContain(value.toLowerCase());
		}),
		{ numRuns: 100 },
	);
});
