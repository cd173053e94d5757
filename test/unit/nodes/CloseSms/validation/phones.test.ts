import type { IDataObject } from 'n8n-workflow';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { validatePhones } from '../../../../../nodes/CloseSms/validation/phones';
import { fakeContext, thrownBy } from '../../../fakeContext';

const check = (body: IDataObject) =>
	validatePhones('local_phone', 'remote_phone')(
		fakeContext({ itemIndex: 3 }),
		{ url: '', body },
		DEFAULT_OPTIONS,
	);

test.each<IDataObject>([
	{ local_phone: '+14155550100', remote_phone: '+4930123456' },
	{ remote_phone: null },
	{ local_phone: undefined },
	{},
	{ other_phone: 'none' },
])('%j', (body) => {
	expect(() => check(body)).not.toThrow();
});

test.each<[string, IDataObject]>([
	['Local Phone', { local_phone: '4155550100', remote_phone: '+14155550177' }],
	['Remote Phone', { local_phone: '+14155550100', remote_phone: '+1 415 555 0177' }],
	['Remote Phone', { remote_phone: 14155550177 }],
	['Remote Phone', { remote_phone: '' }],
	['Remote Phone', { remote_phone: ['+14155550177'] }],
	['Remote Phone', { remote_phone: ['+14155550177', '+14155550178'] }],
	['Local Phone', { local_phone: '0415', remote_phone: '0416' }],
])("'%s' of %j is none", (label, body) => {
	const error = thrownBy(() => check(body));
	expect(error.message).toBe(`'${label}' is not a phone number in E.164 format [item 3]`);
	expect(error.description).toMatch('+14155550123');
});
