import type { IDataObject } from 'n8n-workflow';
import { parseRecipient, setRecipient } from '../../../../../nodes/CloseSms/validation/recipient';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext } from '../../../fakeContext';

const PHONE = '+14155550123';

test.each<[unknown, { phone: string; contactId?: string }]>([
	[PHONE, { phone: PHONE }],
	[`cont_aB9|${PHONE}`, { phone: PHONE, contactId: 'cont_aB9' }],
])('%j is %j', (value, recipient) => {
	expect(parseRecipient(value)).toEqual(recipient);
});

test.each<[unknown]>([
	['cont_1'],
	['cont_1|'],
	['cont_1|4155550123'],
	[`|${PHONE}`],
	[`cont_|${PHONE}`],
	[`cont_1/../me|${PHONE}`],
	[`lead_1|${PHONE}`],
	[`cont_1|cont_2|${PHONE}`],
	[`cont_1|${PHONE}|${PHONE}`],
	[`cont_1|${PHONE},+14155550124`],
	[`${PHONE}|cont_1`],
	[`cont_1 | ${PHONE}`],
	[` ${PHONE}`],
	['4155550123'],
	[14155550123],
	[[PHONE]],
	[{ phone: PHONE }],
	[''],
	[null],
	[undefined],
])('%j is nobody', (value) => {
	expect(parseRecipient(value)).toBeUndefined();
});

test.each<[IDataObject, IDataObject]>([
	[{ remote_phone: PHONE }, { remote_phone: PHONE }],
	[{ remote_phone: `cont_1|${PHONE}` }, { remote_phone: PHONE, contact_id: 'cont_1' }],
	[
		{ remote_phone: `cont_1|${PHONE}`, contact_id: 'cont_2' },
		{ remote_phone: PHONE, contact_id: 'cont_2' },
	],
	[
		{ remote_phone: PHONE, contact_id: 'cont_2' },
		{ remote_phone: PHONE, contact_id: 'cont_2' },
	],
	// The validator of phone numbers says what is wrong.
	[{ remote_phone: 'cont_1' }, { remote_phone: 'cont_1' }],
])('%j becomes %j', (body, expected) => {
	const request = { url: '/activity/sms/', body: { ...body } };
	setRecipient(fakeContext(), request, DEFAULT_OPTIONS);
	expect(request.body).toEqual(expected);
});
