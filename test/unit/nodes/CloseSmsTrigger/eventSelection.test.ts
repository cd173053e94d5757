import {
	eventSelectionProperties,
	findSelectionProblem,
	parseEventSelection,
} from '../../../../nodes/CloseSmsTrigger/eventSelection';

const locator = (value: unknown) => ({ __rl: true, mode: 'id', value });

test("'Events' is required, and the list of 'Filters' is not", () => {
	const [events, filters] = eventSelectionProperties;
	expect(events).toMatchObject({ name: 'events', required: true, default: ['received'] });
	expect(filters).toMatchObject({ name: 'filters', default: {} });
	expect(filters.required).toBeUndefined();
});

test.each<[string, unknown, unknown, object]>([
	['one event', ['received'], {}, { events: ['received'], fields: {} }],
	['text with commas', ' sent , received', {}, { events: ['received', 'sent'], fields: {} }],
	[
		'every filter',
		['sent'],
		{
			contactId: locator('cont_1'),
			textContains: ' Appointment ',
			leadId: locator(' lead_1 '),
			localPhone: locator('+14155550100'),
			remotePhone: '+14155550123',
			userId: locator('user_1'),
		},
		{
			events: ['sent'],
			textContains: 'Appointment',
			fields: {
				contact_id: 'cont_1',
				lead_id: 'lead_1',
				local_phone: '+14155550100',
				remote_phone: '+14155550123',
				user_id: 'user_1',
			},
		},
	],
	['an empty filter', ['sent'], { leadId: locator('') }, { events: [], fields: {} }],
	[
		'made by a person',
		['sent'],
		{ madeBy: 'person' },
		{ events: ['sent'], fields: {}, madeBy: 'person' },
	],
	[
		'made by an integration',
		['sent'],
		{ madeBy: 'integration' },
		{ events: ['sent'], fields: {}, madeBy: 'integration' },
	],
	['made by anyone', ['sent'], { madeBy: 'anyone' }, { events: ['sent'], fields: {} }],
	['made by somebody', ['sent'], { madeBy: 'somebody' }, { events: [], fields: {} }],
	['a name that every object has', ['sent'], { constructor: 'x' }, { events: [], fields: {} }],
	['no events', undefined, {}, { events: [], fields: {} }],
	['events that cannot be read', { sent: true }, {}, { events: [], fields: {} }],
	['unknown events', ['delivered'], {}, { events: [], fields: {} }],
	[
		'an empty text, which is in every one',
		['sent'],
		{ textContains: ' ' },
		{ events: [], fields: {} },
	],
	['filters that cannot be read', ['sent'], 'x', { events: [], fields: {} }],
	['filters as a list', ['sent'], [], { events: [], fields: {} }],
	['an unknown filter', ['sent'], { other: 'x' }, { events: [], fields: {} }],
	['a filter that cannot be read', ['sent'], { leadId: locator({}) }, { events: [], fields: {} }],
])('%s', (_, events, filters, selection) => {
	expect(parseEventSelection(events, filters)).toEqual(selection);
});

test.each<[unknown, unknown, string | undefined]>([
	[['received'], {}, undefined],
	['received', { remotePhone: '+14155550123' }, undefined],
	[['received'], { leadId: locator('lead_1'), userId: locator('user_1') }, undefined],
	[[], {}, "'Events' is empty"],
	[' ', {}, "'Events' is empty"],
	[null, {}, "'Events' is empty"],
	[7, {}, "'Events' cannot be read"],
	[['received', 'delivered'], {}, `'Events' has no event "delivered"`],
	['received,', {}, undefined],
	[['received'], 'x', "'Filters' cannot be read"],
	[['received'], { other: 'x' }, `'Filters' has no filter "other"`],
	[['received'], { leadId: locator(' ') }, "'Lead' is empty"],
	[['received'], { leadId: locator(null) }, "'Lead' is empty"],
	[['received'], { contactId: locator('') }, "'Contact' is empty"],
	[['received'], { textContains: ' ' }, "'Message Contains' is empty"],
	[['received'], { textContains: ['a'] }, "'Message Contains' cannot be read"],
	[['received'], { textContains: 7, contactId: 'cont_1' }, undefined],
	[['received'], { userId: locator(['user_1']) }, "'User' cannot be read"],
	[['received'], { userId: true }, "'User' cannot be read"],
	[['received'], { madeBy: 'person' }, undefined],
	[['received'], { madeBy: 'somebody' }, "'Made By' has an invalid value: somebody"],
	[['received'], { madeBy: '' }, "'Made By' is empty"],
	[['received'], { madeBy: ['person'] }, "'Made By' cannot be read"],
	[['received'], { madeBy: true }, "'Made By' cannot be read"],
	[
		['received'],
		{ localPhone: locator('4155550100') },
		"'Local Phone' has no country code: 4155550100",
	],
	[['received'], { remotePhone: '+0' }, "'Remote Phone' is not a whole phone number: +0"],
])('%j with %j: %s', (events, filters, what) => {
	expect(findSelectionProblem(events, filters)?.what).toBe(what);
});
