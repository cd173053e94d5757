import fc from 'fast-check';
import { closeErrorMessage } from '../../../../../nodes/shared/errors/closeErrorMessage';
import { toFailure } from '../../../../../nodes/shared/errors/requestFailure';

const json = fc.jsonValue({ maxDepth: 5 });
const message = fc.stringMatching(/^[A-Za-z][A-Za-z .]{2,30}$/);
const field = fc.constantFrom('remote_phone', 'text', 'lead_id', 'date_scheduled');

test('any body gives a message or undefined', () => {
	fc.assert(
		fc.property(json, (body) => {
			const words = closeErrorMessage(body);
			expect(words === undefined || (words.length > 0 && words.length <= 500)).toBe(true);
		}),
	);
});

test('every message of `errors` and of nested `field-errors` is there, after its label', () => {
	const label = {
		remote_phone: 'Remote Phone',
		text: 'Text',
		lead_id: 'Lead',
		date_scheduled: 'Date Scheduled',
	};
	fc.assert(
		fc.property(message, field, message, fc.nat(9), (general, name, particular, index) => {
			const nested = {
				attachments: { errors: { [index]: { 'field-errors': { url: particular } } } },
			};
			const words = closeErrorMessage({
				errors: [general],
				'field-errors': { [name]: particular, ...nested },
			})!;

			expect(words).toContain(general);
			expect(words).toContain(`'${label[name]}': ${particular}`);
			expect(words).toContain(`'Attachments ${index + 1} URL': ${particular}`);
		}),
	);
});

test('the text of the message never comes out, wherever Close repeats it', () => {
	// A single word can be one of Close's own sentence: see the table below.
	const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9,.!?]{2,30} [A-Za-z0-9 ,.!?]{3,30}[a-z]$/);
	fc.assert(
		fc.property(text, message, (secret, general) => {
			const body = {
				error: `${general} ${secret}`,
				errors: [secret],
				'field-errors': { text: [secret, { 0: secret }] },
			};
			expect(closeErrorMessage(body, [secret])).not.toContain(secret);
		}),
	);
});

test('nor does the beginning of one that is longer than an error may be, or that Close trimmed', () => {
	const secret = `Your code is 4711. ${'x'.repeat(600)}`;
	const words = closeErrorMessage({ error: `The text is too long: ${secret}` }, [`  ${secret}\n`]);
	expect(words).toBe('The text is too long: (message)');
});

test('the text of the message does not come out as the name of a field either', () => {
	const text = 'Your code is 4711, Ann';
	const body = { 'field-errors': { text: { [text]: 'No.' } } };
	expect(closeErrorMessage(body, [text])).toBe("'Text (message)': No.");
	const detail = [{ loc: ['body', text], msg: text }];
	expect(closeErrorMessage({ detail }, [text])).toBe("'(message)': (message)");
});

test('whatever is thrown is classified', () => {
	fc.assert(
		fc.property(fc.anything(), (thrown) => {
			expect(['rateLimited', 'unavailable', 'unreachable', 'rejected', 'outcomeUnknown']).toContain(
				toFailure(thrown).kind,
			);
		}),
	);
});

test.each<[string, unknown, string | undefined]>([
	['a text', { error: 'No.' }, 'No.'],
	['an object', { error: { message: 'No.' } }, 'No.'],
	['several', { errors: ['One.', 'Two.'] }, 'One.; Two.'],
	['the same twice', { error: 'No.', errors: ['No.'] }, 'No.'],
	['only a message', { message: 'No.' }, 'No.'],
	['a field', { 'field-errors': { lead_id: 'Unknown.' } }, "'Lead': Unknown."],
	[
		'a field with several',
		{ 'field-errors': { text: ['One.', 'Two.'] } },
		"'Text': One.; 'Text': Two.",
	],
	[
		'a field of an entry',
		{ 'field-errors': { attachments: { errors: { 0: { 'field-errors': { url: 'No.' } } } } } },
		"'Attachments 1 URL': No.",
	],
	['numbers, flags and nothing among them', { error: 7, errors: [null, true, 'No.', ''] }, 'No.'],
	['nothing in a field', { error: null, 'field-errors': { text: null } }, undefined],
	['a detail', { detail: 'No.', status: 400 }, 'No.'],
	[
		'details of pydantic',
		{
			detail: [
				{ loc: ['body', 'remote_phone'], msg: 'Field required', type: 'missing' },
				{ loc: ['body', 'attachments', 0, 'url'], msg: 'Not a URL', type: 'url' },
				{ loc: ['body'], msg: 'Too much', type: 'value_error' },
			],
		},
		"'Remote Phone': Field required; 'Attachments 1 URL': Not a URL; Too much",
	],
	['a place without a list', { detail: { loc: 'body', msg: 'No.' } }, "'Loc': body; 'Msg': No."],
	['other keys', { reason: 'No.', status: 400 }, undefined],
	['plain text', ' upstream connect error\n', 'upstream connect error'],
	['JSON that was cut', '{"error": "cu', undefined],
	['an empty text', { error: '' }, undefined],
	['an empty object', {}, undefined],
	['a web page', '<html>No.</html>', undefined],
	['null', null, undefined],
	['a number', 7, undefined],
	['nothing', undefined, undefined],
	['blank text', ' \n', undefined],
	['a list', ['No.'], undefined],
])('an error body: %s', (_, body, words) => {
	expect(closeErrorMessage(body)).toBe(words);
});
