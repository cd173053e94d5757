import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { setPathId } from '../../../../../nodes/CloseSms/validation/pathId';
import { fakeContext, thrownBy, type FakeContext } from '../../../fakeContext';

const setId = (context: FakeContext, ...more: [example?: string]) => {
	const request = { url: '/activity/sms/{id}/' };
	setPathId('smsId', 'SMS', ...more)(context, request, DEFAULT_OPTIONS);
	return request.url;
};
const given = (smsId: unknown) => fakeContext({ parameters: { smsId }, itemIndex: 3 });

test.each<[unknown, string]>([
	['acti_1', '/activity/sms/acti_1/'],
	[' acti_Xy2 \n', '/activity/sms/acti_Xy2/'],
	[{ __rl: true, mode: 'id', value: 'acti_1' }, '/activity/sms/acti_1/'],
	[{ __rl: true, mode: 'list', value: 'acti_1' }, '/activity/sms/acti_1/'],
	[7, '/activity/sms/7/'],
])('%j stands in the path', (value, url) => {
	expect(setId(given(value))).toBe(url);
});

test.each(['', '  ', null, undefined, {}, [], true, { __rl: true, mode: 'list', value: '' }])(
	'%j is empty',
	(value) => {
		const error = thrownBy(() => setId(given(value)));
		expect(error.message).toBe("'SMS' is empty [item 3]");
		expect(error.description).toMatch(/Choose one/);
	},
);

test.each([
	'../me',
	'acti_1/../acti_2',
	'acti 1',
	'acti_1?x=1',
	'acti_1#x',
	'acti_1\nacti_2',
	'%2e%2e',
	'acti_1.',
	'acti_ä',
	'{id}',
	-1,
	1.5,
])('%j is no ID, and goes nowhere', (value) => {
	const error = thrownBy(() => setId(given(value)));
	expect(error.message).toBe("'SMS' is not an ID of Close [item 3]");
	expect(error.description).toMatch('acti_…');
});

test('another kind of ID has its own example', () => {
	expect(thrownBy(() => setId(given('a b'), 'smstmpl_…')).description).toMatch('smstmpl_…');
});

test('a link without an ID', () => {
	const context = given({ __rl: true, mode: 'url', value: 'https://app.close.com/' });
	const getNodeParameter = (
		name: string,
		fallback: unknown,
		options?: { extractValue?: boolean },
	) => {
		if (options?.extractValue) throw new Error('Could not extract the value');
		return context.getNodeParameter(name, 0, fallback as never);
	};
	const error = thrownBy(() => setId({ ...context, getNodeParameter } as FakeContext));
	expect(error.message).toBe("'SMS' is a link without an ID [item 3]");
	expect(error.description).toMatch(/Paste the address/);
});

test('an expression that fails is told as what it is', () => {
	expect(() => setId(given(new Error('$json.id is not defined')))).toThrow(
		'$json.id is not defined',
	);
});
