import axios from 'axios';

import { byNumber } from '../../dev/locators';
import { example } from '../../dev/n8n/examples';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';
import { nodeOf } from '../../dev/n8n/workflows';

let close: Simulator;
let workflowId: string;

beforeAll(async () => {
	close = await startSimulator();
	const workflow = await example('form-to-draft-for-approval.json');
	const { number } = close.account.phoneNumbers.main;
	nodeOf(workflow, 'Draft the SMS').parameters.localPhone = byNumber(number);
	workflowId = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.activate(workflowId);
});

beforeEach(() => close.reset());
afterAll(async () => await close.stop());

const FORM_URL = `${n8n.url}/form/propose-a-text`;

/** Fills in the form as its page does. */
const fillIn = async (fields: Record<'name' | 'phone' | 'message', string> & { lead?: string }) => {
	const { name, phone, message, lead = '' } = fields;
	const form = { 'field-0': name, 'field-1': phone, 'field-2': message, 'field-3': lead };
	return await axios.postForm(FORM_URL, form, { validateStatus: () => true });
};

test('what was filled in is a draft that texts nobody', async () => {
	const known = close.allSms();
	const { status } = await fillIn({
		name: 'Maria',
		phone: ' +1 (415) 555-0101 ',
		message: 'your order is ready.',
	});

	expect(status).toBe(200);
	const added = close.allSms().filter(({ id }) => known.every((one) => one.id !== id));
	expect(added).toMatchObject([
		{
			status: 'draft',
			text: 'Hi Maria, your order is ready.',
			remote_phone: '+14155550101',
			local_phone: close.account.phoneNumbers.main.number,
			lead_id: null,
		},
	]);
	expect(close.texted).toEqual([]);
});

test('opened from a lead, the form puts the draft on it', async () => {
	const { id } = close.account.leads.bluebird;
	const page = await axios.get<string>(FORM_URL, { params: { lead_id: id } });
	await fillIn({ name: 'Maria', phone: '+14155550101', message: 'hello.', lead: id });

	expect(page.data).toContain(`value="${id}"`);
	expect(close.allSms()[0]).toMatchObject({
		status: 'draft',
		lead_id: id,
		text: 'Hi Maria, hello.',
	});
});

test.each(['415 555 0101', '+44 20 7946 0958 ext. 5'])(
	'%s could be several numbers: the form says no, and Close is not asked',
	async (phone) => {
		const { status } = await fillIn({ name: 'Maria', phone, message: 'hello.' });

		expect(status).toBe(500);
		expect(close.requests).toEqual([]);
		expect((await n8n.executions(workflowId))[0]).toMatchObject({ status: 'error' });
	},
);
