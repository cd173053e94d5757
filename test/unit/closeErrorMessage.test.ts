import fc from 'fast-check';
import { closeWords } from '../../nodes/shared/closeWords';
import { faultOf } from '../../nodes/shared/faults';

const json = fc.jsonValue({ maxDepth: 5 });
const message = fc.stringMatching(/^[A-Za-z][A-Za-z .]{2,30}$/);
const field = fc.constantFrom('remote_phone', 'text', 'lead_id', 'date_scheduled');

test('any body gives a message or undefined', () => {
	fc.assert(
		fc.property(json, (body) => {
			const words = closeWords(body);
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
			const words = closeWords({
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
	const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ,.!?]{6,60}[a-z]$/);
	fc.assert(
		fc.property(text, message, (secret, general) => {
			const body = {
				error: `${general} ${secret}`,
				errors: [secret],
				'field-errors': { text: [secret, { 0: secret }] },
			};
			expect(closeWords(body, secret)).not.toContain(secret);
		}),
	);
});

test('nor does the beginning of one that is longer than an error may be, or that Close trimmed', () => {
	const secret = `Your code is 4711. ${'x'.repeat(600)}`;
	const words = closeWords({ error: `The text is too long: ${secret}` }, `  ${secret}\n`);
	expect(words).toBe('The text is too long: (text)');
});

test('whatever is thrown is classified', () => {
	fc.assert(
		fc.property(fc.anything(), (thrown) => {
			expect(['limited', 'busy', 'unreached', 'refused', 'unclear']).toContain(
				faultOf(thrown).kind,
			);
		}),
	);
});
