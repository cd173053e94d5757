import { readIds, setPathId } from '../../../../../nodes/CloseSms/validation/ids';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext, thrownBy, type FakeContext } from '../../../fakeContext';

const setId = (context: FakeContext) => {
	const request = { url: '/activity/sms/{id}/' };
	setPathId('smsId', 'SMS', 'sms')(context, request, DEFAULT_OPTIONS);
	return request.url;
};
const given = (smsId: unknown) => fakeContext({ parameters: { smsId }, itemIndex: 3 });

test.each<[unknown, string]>([
	['acti_1', '/activity/sms/acti_1/'],
	[' acti_Xy2 \n', '/activity/sms/acti_Xy2/'],
	[{ __rl: true, mode: 'id', value: 'acti_1' }, '/activity/sms/acti_1/'],
	[{ __rl: true, mode: 'list', value: 'acti_1' }, '/activity/sms/acti_1/'],
	[
		{ __rl: true, mode: 'id', value: 'https://app.close.com/lead/lead_1/#activity=acti_1' },
		'/activity/sms/acti_1/',
	],
])('%j stands in the path', (value, url) => {
	expect(setId(given(value))).toBe(url);
});

test.each(['', '  ', null, undefined, { __rl: true, mode: 'list', value: '' }])(
	'%j is empty, with the place of the item',
	(value) => {
		const error = thrownBy(() => setId(given(value)));
		expect(error.message).toBe("'SMS' is empty [item 3]");
		expect(error.description).toMatch(/acti_…/);
	},
);

test.each([['acti_1'], '../me', 7, 'lead_1'])('%j goes nowhere', (value) => {
	expect(() => setId(given(value))).toThrow(/^'SMS' is (?:not )?the ID of /);
});

test('an expression that fails is told as what it is', () => {
	expect(() => setId(given(new Error('$json.id is not defined')))).toThrow(
		'$json.id is not defined',
	);
});

describe('the IDs in the body', () => {
	const read = (body: Record<string, never | unknown>) => {
		const request = { url: '', body: body as never };
		readIds(fakeContext(), request, DEFAULT_OPTIONS);
		return request.body;
	};

	test('are trimmed, and those that are cleared or not there stay so', () => {
		expect(read({ lead_id: 'lead_1 ', contact_id: null, text: ' cont_1' })).toEqual({
			lead_id: 'lead_1',
			contact_id: null,
			text: ' cont_1',
		});
	});

	test.each<[string, string, string]>([
		['lead_id', 'cont_1', "'Lead' is the ID of a contact, not of a lead: cont_1"],
		['contact_id', 'Ann', "'Contact' is not the ID of a contact: Ann"],
		['user_id', '12345', "'User' is not the ID of a user: 12345"],
		['template_id', 'smstmpl', "'Template' is not the ID of an SMS template: smstmpl"],
	])('%s %s: an error', (field, value, message) => {
		expect(() => read({ [field]: value })).toThrow(message);
	});
});
