import { parseCloseId, type IdKind } from '../../../../nodes/shared/closeId';

test.each<[IdKind, string, string]>([
	['lead', 'lead_1', 'lead_1'],
	['lead', ' lead_Xy2\t\n', 'lead_Xy2'],
	['lead', '\u200Blead_1\uFEFF', 'lead_1'],
	['lead', 'https://app.close.com/lead/lead_1/', 'lead_1'],
	['lead', 'https://app.close.com/lead/lead_1/#activity=acti_2', 'lead_1'],
	['sms', 'https://app.close.com/lead/lead_1/#activity=acti_2', 'acti_2'],
	['sms', 'https://api.close.com/api/v1/activity/sms/acti_2/?_fields=id', 'acti_2'],
	['contact', 'https://app.close.com/lead/lead_1/?contact=cont_3', 'cont_3'],
	['template', 'smstmpl_4', 'smstmpl_4'],
	['user', 'user_5', 'user_5'],
])('%s %j is %s', (kind, value, id) => {
	expect(parseCloseId(value, kind)).toEqual({ id });
});

test.each(['', ' ', null, undefined])('%j is empty', (value) => {
	expect(parseCloseId(value, 'lead')).toMatchObject({ problem: 'is empty' });
});

test.each([
	'../me',
	'12345',
	'Harbor Roofing',
	'lead_',
	'lead_1/../lead_2',
	'lead_1?x=1',
	'lead_1,lead_2',
	'lead_1 lead_2',
	'LEAD_1',
	'%2e%2e',
	'lead_ä',
	'{id}',
	'javascript:lead_1',
	12345,
	true,
	['lead_1'],
	{ id: 'lead_1' },
])('%j is no ID, and the error shows it', (value) => {
	const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
	expect(parseCloseId(value, 'lead')).toEqual({
		problem: `is not the ID of a lead: ${shown}`,
		next: expect.stringContaining('lead_…'),
	});
});

test.each<[IdKind, string, string]>([
	['lead', 'cont_1', 'is the ID of a contact, not of a lead: cont_1'],
	['sms', 'lead_1', 'is the ID of a lead, not of an SMS: lead_1'],
	['template', 'acti_1', 'is the ID of an SMS, not of an SMS template: acti_1'],
	[
		'sms',
		'https://app.close.com/lead/',
		'is an address without the ID of an SMS: https://app.close.com/lead/',
	],
])('%s %s %s', (kind, value, problem) => {
	expect(parseCloseId(value, kind)).toMatchObject({ problem });
});
