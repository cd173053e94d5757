import type { IDataObject } from 'n8n-workflow';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { readPhones } from '../../../../../nodes/CloseSms/validation/phones';
import { fakeContext, thrownBy } from '../../../fakeContext';

const read = (
	body: IDataObject,
	options: Partial<NodeOptions> = {},
	operation = 'update',
): IDataObject => {
	const given = { ...body };
	readPhones(
		fakeContext({ itemIndex: 3, operation }),
		{ url: '', body: given },
		{ ...DEFAULT_OPTIONS, ...options },
	);
	return given;
};

const OURS = '+14155550100';

test.each<[IDataObject, IDataObject]>([
	[
		{ local_phone: OURS, remote_phone: '+4930123456' },
		{ local_phone: OURS, remote_phone: '+4930123456' },
	],
	[
		{ local_phone: '+1 415-555-0100', remote_phone: 'tel:+1-415-555-0177' },
		{ local_phone: OURS, remote_phone: '+14155550177' },
	],
	[{ remote_phone: null }, { remote_phone: null }],
	[{ local_phone: undefined }, { local_phone: undefined }],
	[{}, {}],
	[{ other_phone: 'none' }, { other_phone: 'none' }],
])('%j is sent as %j', (body, sent) => {
	expect(read(body)).toEqual(sent);
});

test("'Country of Numbers Without +' reads both", () => {
	expect(
		read({ local_phone: '(415) 555-0100', remote_phone: 4155550177 }, { countryCode: '1' }),
	).toEqual({ local_phone: OURS, remote_phone: '+14155550177' });
});

test.each<[IDataObject, string]>([
	[
		{ local_phone: '4155550100', remote_phone: '+14155550177' },
		"'Local Phone' has no country code: 4155550100",
	],
	[{ remote_phone: 14155550177 }, "'Remote Phone' has no country code: 14155550177"],
	[{ remote_phone: '' }, "'Remote Phone' is empty"],
	[{ remote_phone: ['+14155550177'] }, "'Remote Phone' is a list, not a phone number"],
	[{ local_phone: '0415', remote_phone: '0416' }, "'Remote Phone' has no country code: 0416"],
	[
		{ local_phone: OURS, remote_phone: '+1 415 555 0100' },
		`'Remote Phone' and 'Local Phone' are the same number: ${OURS}`,
	],
	[
		{ local_phone: OURS, remote_phone: '+4155550177' },
		"'Remote Phone' may be without its country code: +4155550177",
	],
])('%j: %s', (body, message) => {
	expect(thrownBy(() => read(body)).message).toBe(`${message} [item 3]`);
});

test('Send names its own fields', () => {
	const body = { local_phone: OURS, remote_phone: OURS };
	expect(thrownBy(() => read(body, {}, 'send')).message).toBe(
		`'To' and 'From' are the same number: ${OURS} [item 3]`,
	);
});
