import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/** Asks n8n for the list of a field as its editor does. */
const listed = async (methodName: string, parameters: object, apiKey?: string, filter?: string) => {
	const { closeSmsApi: id } = await n8n.addSimulatorCredential(close, { apiKey });
	const { data } = await n8n.rest.post('/dynamic-node-parameters/resource-locator-results', {
		nodeTypeAndVersion: { name: 'n8n-nodes-close-sms.closeSms', version: 1 },
		path: 'parameters.contactId',
		methodName,
		currentNodeParameters: { authentication: 'apiKey', resource: 'sms', ...parameters },
		credentials: { closeSmsApi: { id, name: 'Close' } },
		filter,
	});
	return data.data;
};

test('contacts of the lead that is chosen', async () => {
	const leadId = { __rl: true, mode: 'list', value: close.account.leads.northwind.id };

	expect(await listed('getContacts', { operation: 'create', leadId })).toEqual({
		results: [
			{
				name: 'Olga Petrov (+1 415-555-0104 must not be texted)',
				value: close.account.contacts.optedOut.id,
			},
			{ name: 'Lars Holm (+1 415-555-0105)', value: close.account.contacts.landline.id },
		],
	});
});

test.each([
	['getLeads', 'north', 'Northwind Books'],
	['getPhoneNumbers', 'gb', 'London: +44 7700 900100 (GB, SMS only)'],
	[
		'getSmsActivities',
		'hi maria',
		'Draft to Maria Santos (+14155550101): Hi Maria, we will be there on Thursday a…',
	],
	['getTemplates', 'thank', 'Thank you: Thank you for choosing Harbor Roofing.'],
	['getUsers', 'ben', 'Ben Lindqvist (ben@harbor-roofing.example)'],
])('%s finds %j', async (method, filter, name) => {
	expect(await listed(method, {}, undefined, filter)).toMatchObject({ results: [{ name }] });
});

test('a failure reaches the editor in words', async () => {
	await expect(listed('getUsers', {}, 'api_unknown.x')).rejects.toThrow(
		'Close did not return the list: it does not know this key or token, or its user lacks the permission (Unauthorized)',
	);
});
