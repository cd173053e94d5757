import type { IDataObject } from 'n8n-workflow';
import { setRecipient } from '../../../../../nodes/CloseSms/validation/recipient';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext, thrownBy } from '../../../fakeContext';

const PHONE = '+14155550123';

test.each<[IDataObject, IDataObject]>([
	[{ remote_phone: PHONE }, { remote_phone: PHONE }],
	[
		{ remote_phone: `cont_1|${PHONE}` },
		{ remote_phone: PHONE, contact_id: 'cont_1', pickedContactId: 'cont_1' },
	],
	[
		{ remote_phone: `cont_1|${PHONE}`, contact_id: 'cont_2' },
		{ remote_phone: PHONE, contact_id: 'cont_2', pickedContactId: 'cont_1' },
	],
	[
		{ remote_phone: PHONE, contact_id: 'cont_2' },
		{ remote_phone: PHONE, contact_id: 'cont_2' },
	],
	[
		{ remote_phone: `cont_1|(415) 555-0123` },
		{ remote_phone: '(415) 555-0123', contact_id: 'cont_1', pickedContactId: 'cont_1' },
	],
	// The validator of phone numbers says what is wrong.
	...[
		'cont_1|',
		`|${PHONE}`,
		`cont_|${PHONE}`,
		`cont_1/../me|${PHONE}`,
		`lead_1|${PHONE}`,
		`cont_1|cont_2|${PHONE}`,
		`${PHONE}|cont_1`,
		undefined,
		`cont_1 | ${PHONE}`,
		14155550123,
	].map((value): [IDataObject, IDataObject] => [{ remote_phone: value }, { remote_phone: value }]),
])('%j becomes %j', (body, expected) => {
	const request = { url: '/activity/sms/', body: { ...body } };
	setRecipient(fakeContext(), request, DEFAULT_OPTIONS);
	expect(request.body).toEqual(expected);
});

/** Of the mode Contact, in which the engine gives the ID in the place of a number. */
const setContact = (body: { remote_phone: string; contact_id?: string }) => {
	const context = fakeContext();
	context.getNode().parameters.to = { __rl: true, mode: 'contact', value: body.remote_phone };
	const request = { url: '/activity/sms/', body: { ...body } };
	setRecipient(context, request, DEFAULT_OPTIONS);
	return request.body;
};

test('in the mode Contact, a number is to be chosen, and the SMS is for the contact', () => {
	expect(setContact({ remote_phone: 'cont_1' })).toEqual({
		toContactId: 'cont_1',
		contact_id: 'cont_1',
	});
	expect(setContact({ remote_phone: 'cont_1', contact_id: 'cont_2' })).toEqual({
		toContactId: 'cont_1',
		contact_id: 'cont_2',
	});
});

test.each([
	[PHONE, /^'To' is .*\[item 0\]$/],
	['lead_1', /^'To' is .*lead_1/],
	['', /^'To' is empty/],
])('in the mode Contact, %j is none', (value, message) => {
	expect(thrownBy(() => setContact({ remote_phone: value })).message).toMatch(message);
});

test.each(['number', 'list'])('in the mode %s, the ID of a contact is no number', (mode) => {
	const context = fakeContext();
	context.getNode().parameters.to = { __rl: true, mode, value: 'cont_1' };
	const request = { url: '/activity/sms/', body: { remote_phone: 'cont_1' } };
	const error = thrownBy(() => setRecipient(context, request, DEFAULT_OPTIONS));

	expect(error.message).toMatch(/^'To' is the ID of a contact, not a phone number: cont_1/);
	expect(error.description).toMatch(/Choose Contact/);
});
