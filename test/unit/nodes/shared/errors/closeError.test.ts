import { NodeApiError } from 'n8n-workflow';
import { closeError } from '../../../../../nodes/shared/errors/closeError';
import { fieldLabel } from '../../../../../nodes/shared/errors/fieldLabel';
import { joinSentences } from '../../../../../nodes/shared/errors/joinSentences';
import type { RequestFailure } from '../../../../../nodes/shared/errors/requestFailure';
import { toNodeError } from '../../../../../nodes/shared/errors/toNodeError';
import { validationError } from '../../../../../nodes/shared/errors/validationError';
import { fakeContext } from '../../../fakeContext';

const context = fakeContext({ itemIndex: 3 });
const failure = (status?: number, more: Partial<RequestFailure> = {}): RequestFailure => ({
	kind: 'rejected',
	status,
	headers: {},
	body: undefined,
	reason: status ? `HTTP ${status}` : 'ECONNRESET',
	...more,
});
const what = 'Close refused this';

test("it names the item and says what happened, in Close's words", () => {
	const body = { 'field-errors': { remote_phone: 'Not a number.' } };
	const error = closeError(context, { failure: failure(400, { body }), what });
	expect(error).toBeInstanceOf(NodeApiError);
	expect(error.message).toBe("Close refused this [item 3]: 'Remote Phone': Not a number.");
	expect(error).toMatchObject({ httpCode: '400', context: { itemIndex: 3 } });
});

test('without words of Close, what is known of it, also where n8n has words of its own', () => {
	const error = closeError(context, { failure: failure(), what });
	expect(error.message).toBe('Close refused this [item 3]: ECONNRESET');
	expect(error).toMatchObject({ httpCode: 'none' });
});

test('a trigger has no items', () => {
	const error = closeError({ getNode: context.getNode }, { failure: failure(404), what });
	expect(error.message).toBe('Close refused this: HTTP 404');
});

test('the words of the message do not stand in it', () => {
	const given = failure(400, { body: { error: 'Cannot send Your code is 47B11 now' } });
	const error = closeError(context, { failure: given, what, secretTexts: ['Your code is 47B11'] });
	expect(error.message).toBe('Close refused this [item 3]: Cannot send (message) now');
	expect(JSON.stringify(error)).not.toContain('47B11');
});

test.each<[number | undefined, RegExp]>([
	[400, /^Correct what Close names\.$/],
	[401, /Test the credential.*permission/],
	[402, /plan or its credit/],
	[403, /lacks the permission/],
	[404, /may have been deleted.*another Close organization/],
	[429, /Raise 'Give Up After' or 'Max Retries'/],
	[undefined, /Check the network/],
	[405, /Update the package/],
	[409, /Update the package/],
	[415, /Update the package/],
	[499, /Update the package/],
	[500, /on Close's side.*later/],
	[502, /on Close's side.*later/],
	[503, /on Close's side.*later/],
	[504, /on Close's side.*later/],
])('HTTP %s: what to do next', (status, words) => {
	expect(closeError(context, { failure: failure(status), what }).description).toMatch(words);
});

test('what to do may be known better: by the failure, and best by the caller', () => {
	const given = failure(400, { next: 'Connect it again.' });
	expect(closeError(context, { failure: given, what }).description).toBe('Connect it again.');
	expect(closeError(context, { failure: given, what, next: 'Look.' }).description).toBe('Look.');
});

test('an error about what was entered names the item too', () => {
	const error = toNodeError(context, validationError(context, "'Text' is empty", 'Give one.'));
	expect(error.message).toBe("'Text' is empty [item 3]");
	expect(error).toMatchObject({ description: 'Give one.', context: { itemIndex: 3 } });
});

test.each([
	['remote_phone', 'Remote Phone'],
	['lead_id', 'Lead'],
	['template_id', 'Template'],
	['date_scheduled', 'Date Scheduled'],
	['url', 'URL'],
	['text', 'Text'],
	['_type', 'Type'],
	['id', 'Id'],
	['id_kind', 'Id Kind'],
	['identity_ids', 'Identity Ids'],
	['thumbnail_url', 'Thumbnail URL'],
	['curls', 'Curls'],
])('the field %s is labelled %j', (field, label) => {
	expect(fieldLabel(field)).toBe(label);
});

test.each([
	['send', 'remote_phone', 'To'],
	['send', 'local_phone', 'From'],
	['send', 'text', 'Message'],
	['send', 'date_scheduled', 'Send At'],
	['send', 'lead_id', 'Lead'],
	['schedule', 'date_scheduled', 'Send At'],
	['schedule', 'remote_phone', 'To'],
	['sendDraft', 'local_phone', 'From'],
	['cancel', 'text', 'Message'],
	['update', 'date_scheduled', 'Date Scheduled'],
	[undefined, 'text', 'Text'],
])('of the operation %s, the field %s is labelled %j', (operation, field, label) => {
	expect(fieldLabel(field, { parameters: operation ? { operation } : {} })).toBe(label);
});

test.each<[Parameters<typeof joinSentences>, string]>([
	[['One', 'two'], 'One. two.'],
	[['One.', 'Two!', 'Three?'], 'One. Two! Three?'],
	[['One', '', undefined, null, false, 'Two'], 'One. Two.'],
	[['One.two'], 'One.two.'],
	[[], ''],
	[[undefined], ''],
])('%j are joined to %j', (parts, words) => {
	expect(joinSentences(...parts)).toBe(words);
});
