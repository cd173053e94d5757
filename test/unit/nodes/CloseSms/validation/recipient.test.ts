import type { IDataObject } from 'n8n-workflow';
import { setRecipient } from '../../../../../nodes/CloseSms/validation/recipient';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext } from '../../../fakeContext';

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
		`cont_1 | ${PHONE}`,
		14155550123,
	].map((value): [IDataObject, IDataObject] => [{ remote_phone: value }, { remote_phone: value }]),
])('%j becomes %j', (body, expected) => {
	const request = { url: '/activity/sms/', body: { ...body } };
	setRecipient(fakeContext(), request, DEFAULT_OPTIONS);
	expect(request.body).toEqual(expected);
});
