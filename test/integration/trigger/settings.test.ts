import type { INodeParameters } from 'n8n-workflow';
import axios from 'axios';
import { signature } from '../../../dev/simulator';
import { eventOf, names, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const MINUTE = 60_000;

/** Delivers an event that was signed some time ago; the status of n8n's response. */
async function deliverSigned(workflow: TestWorkflow, msAgo: number, id = 'ev_1') {
	const { subscriptionId, signatureKey } = trigger.n8n.stored(workflow);
	const body = JSON.stringify({ event: eventOf(id), subscription_id: subscriptionId });
	const timestamp = String(Math.floor((Date.now() - msAgo) / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(String(signatureKey), timestamp, body),
	};
	const options = { headers, proxy: false, validateStatus: () => true } as const;
	const { status } = await axios.post(trigger.n8n.urlOf(workflow), body, options);
	return status;
}

describe('Max Age', () => {
	test.each<[string, INodeParameters, RegExp]>([
		['text', { maxAge: 'soon' }, /^'Max Age' is not a number of minutes/],
		['empty', { maxAge: '' }, /^'Max Age' is empty/],
		['an expression that gives nothing', { maxAge: '={{ undefined }}' }, /^'Max Age' is empty/],
		['an expression that gives no number', { maxAge: '={{ NaN }}' }, /^'Max Age' is/],
		['zero', { maxAge: 0 }, /^'Max Age' is not a number of minutes/],
		['negative', { maxAge: -5 }, /^'Max Age' is not a number of minutes/],
		['more than four days', { maxAge: 5761 }, /^'Max Age' is not a number of minutes/],
		['a list', { maxAge: [5] }, /^'Max Age' is not a number of minutes/],
	])('that is %s is an error at activation, before Close is asked', async (_, options, message) => {
		await expect(trigger.active({ events: ['received'], options })).rejects.toThrow(message);
		expect(trigger.wire()).toEqual([]);
	});

	test.each<[string, unknown]>([
		['text', 'soon'],
		['empty', ''],
		['no number', '={{ NaN }}'],
		['null', null],
		['negative', -5],
		['huge', 1e300],
	])(
		'that has become %s since is four days: protected still, and nothing refused',
		async (_, maxAge) => {
			const workflow = await trigger.active({ events: ['received'] });
			workflow.node.parameters.options = { maxAge } as INodeParameters;
			expect(await deliverSigned(workflow, 5 * 24 * 60 * MINUTE)).toBe(401);
			expect(await deliverSigned(workflow, 3 * 24 * 60 * MINUTE)).toBe(200);
			await trigger.n8n.executed();
			expect(workflow.runs).toHaveLength(1);
		},
	);

	test.each<[string, INodeParameters[string]]>([
		['a number', 5],
		['a number as text', '5'],
		['an expression', '={{ 2 + 3 }}'],
	])('given as %s holds', async (_, maxAge) => {
		const workflow = await trigger.active({ events: ['received'], options: { maxAge } });
		expect(await deliverSigned(workflow, 6 * MINUTE)).toBe(401);
		expect(await deliverSigned(workflow, 4 * MINUTE)).toBe(200);
	});
});

describe('Ignore Own Changes', () => {
	const own = () =>
		eventOf('ev_1', {
			api_key_id: trigger.close.account.apiKey.split('.')[0],
			data: { id: 'acti_1', status: 'draft', direction: 'outbound' },
		});

	test.each<[INodeParameters[string], boolean]>([
		[true, true],
		['={{ "true" }}', true],
		['={{ 1 }}', true],
		[false, false],
		['={{ "false" }}', false],
		['={{ 0 }}', false],
	])('given as %p is %p', async (ignoreOwnChanges, isIgnored) => {
		const workflow = await trigger.active({ events: ['draftCreated'], ignoreOwnChanges });
		await trigger.deliverEvent(workflow, own());
		expect(names(workflow)).toEqual(isIgnored ? [] : ['draftCreated']);
	});

	describe('after the key of the credential was changed', () => {
		const FORMER = 'api_former';
		const madeAt = (minutes: number, api_key_id = FORMER) => ({
			...own(),
			id: `ev_${minutes}`,
			object_id: `acti_${minutes}`,
			date_updated: new Date(Date.now() + minutes * MINUTE).toISOString().replace('Z', '000'),
			api_key_id,
		});
		const changeKey = async () => {
			const { apiKey } = trigger.close.account;
			const workflow = await trigger.active({ events: ['draftCreated'] });
			const { makers } = trigger.n8n.stored(workflow);
			expect(makers).toEqual([{ id: apiKey.split('.')[0] }]);
			// As if it had been this one until now.
			workflow.stored = workflow.stored.replaceAll(apiKey.split('.')[0], FORMER);
			return workflow;
		};

		test('leaves out what the former one did before, at once and after a restart', async () => {
			const workflow = await changeKey();
			await trigger.deliverEvent(workflow, madeAt(-2));
			await trigger.n8n.restart();
			await trigger.deliverEvent(workflow, madeAt(-1));
			await trigger.deliverEvent(workflow, own());
			expect(names(workflow)).toEqual([]);
		});

		test('starts the workflow for what the former one does later: somebody else has it now', async () => {
			const workflow = await changeKey();
			await trigger.deliverEvent(workflow, madeAt(-2));
			await trigger.deliverEvent(workflow, madeAt(10));
			await trigger.n8n.restart();
			await trigger.deliverEvent(workflow, madeAt(20));
			await trigger.deliverEvent(workflow, madeAt(-3, 'api_another'));
			expect(names(workflow)).toEqual(['draftCreated', 'draftCreated', 'draftCreated']);
		});

		test('also leaves out what a renamed trigger did before the key was changed while it was unpublished', async () => {
			const workflow = await changeKey();
			await trigger.n8n.deactivate(workflow);
			workflow.node.name = 'Another name';
			await trigger.n8n.activate(workflow);
			await trigger.deliverEvent(workflow, madeAt(-1));
			expect(names(workflow)).toEqual([]);
		});

		test('stores nothing but the part of the key that events name', async () => {
			const workflow = await changeKey();
			await trigger.n8n.restart();
			expect(workflow.stored).not.toContain(trigger.close.account.apiKey);
			expect(trigger.n8n.stored(workflow).makers).toEqual([
				{ id: FORMER, until: expect.any(Number) as number },
				{ id: trigger.close.account.apiKey.split('.')[0] },
			]);
		});

		test('a delivery whose time cannot be read is one of before', async () => {
			const workflow = await changeKey();
			await trigger.deliverEvent(workflow, { ...madeAt(20), date_updated: '' });
			expect(names(workflow)).toEqual([]);
		});
	});

	test('that is neither is an error at activation; what has become so since ignores', async () => {
		const parameters = { events: ['draftCreated'], ignoreOwnChanges: '={{ "maybe" }}' };
		await expect(trigger.active(parameters)).rejects.toThrow(
			/^'Ignore Own Changes' is neither true nor false/,
		);
		const workflow = await trigger.active({ ...parameters, ignoreOwnChanges: false });
		workflow.node.parameters.ignoreOwnChanges = '={{ "maybe" }}';
		await trigger.deliverEvent(workflow, own());
		expect(names(workflow)).toEqual([]);
	});
});

describe('Events and Filters', () => {
	test.each<[string, INodeParameters]>([
		['text', { events: '={{ "received, sent" }}' }],
		['a list', { events: '={{ ["received", "sent"] }}' }],
	])('Events by an expression that gives %s', async (_, parameters) => {
		await trigger.active(parameters);
		const [{ events }] = trigger.close.webhooks.list();
		expect(events.map(({ action }) => action)).toEqual(['created', 'sent']);
	});

	test.each<[INodeParameters, RegExp]>([
		[{ events: '={{ 7 }}' }, /^'Events' cannot be read/],
		[{ events: '={{ ({ received: true }) }}' }, /^'Events' cannot be read/],
		[{ events: '={{ undefined }}' }, /^'Events' is empty/],
		[{ filters: { leadId: '={{ ({ id: 1 }) }}' } }, /^'Lead' cannot be read/],
		[{ filters: { userId: { __rl: true, mode: 'id', value: '={{ [1] }}' } } }, /^'User' cannot be/],
	])('%j is an error at activation, before Close is asked', async (parameters, message) => {
		await expect(trigger.active({ events: ['received'], ...parameters })).rejects.toThrow(message);
		expect(trigger.wire()).toEqual([]);
	});
});

describe('a collection that is one expression as a whole, which n8n would drop', () => {
	test.each<[string, INodeParameters, RegExp]>([
		[
			'Filters',
			{ filters: '={{ ({ remotePhone: "+14155550123" }) }}' },
			/^'Filters' is one expression as a whole/,
		],
		['Options', { options: '={{ ({ maxAge: 5 }) }}' }, /^'Options' is one expression as a whole/],
	])('%s: an error at activation, before Close is asked', async (_, parameters, message) => {
		await expect(trigger.active({ events: ['received'], ...parameters })).rejects.toThrow(message);
		expect(trigger.wire()).toEqual([]);
	});
});
