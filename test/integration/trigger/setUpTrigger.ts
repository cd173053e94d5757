import axios from 'axios';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { signature } from '../../../dev/simulator';
import { api, close } from '../../simulator/fixture';
import { TestN8n, type TestWorkflow } from './testN8n';

/** A simulated Close and an n8n with triggers, fresh for each test of a file. */
export function setUpTrigger() {
	let n8n!: TestN8n;
	beforeEach(async () => {
		// So long that nothing happens until a test lets time pass.
		close.carrierDelay(CARRIER_DELAY_MS);
		close.webhooks.consolidation(10 * CARRIER_DELAY_MS);
		n8n = await TestN8n.start(close);
	});
	afterEach(async () => await n8n.stop());
	const deliver = async () => {
		await close.webhooks.deliverAll();
		await n8n.settled();
	};
	return {
		get close() {
			return close;
		},
		get n8n() {
			return n8n;
		},
		get api() {
			return api;
		},
		/** Adds a workflow with this trigger and activates it. */
		active: async (parameters: INodeParameters): Promise<TestWorkflow> => {
			const workflow = n8n.add(parameters);
			await n8n.activate(workflow);
			return workflow;
		},
		/** Has Close deliver all events so far. */
		deliver,
		/** Lets the carrier send what is in the outbox, and has Close deliver the events of it. */
		carry: async () => {
			close.clock.advance(CARRIER_DELAY_MS);
			await deliver();
		},
		/** Delivers an event that a test made up, signed as Close does; returns the status of n8n's response. */
		deliverEvent: async (workflow: TestWorkflow, event: object) => {
			const { subscriptionId, signatureKey } = n8n.stored(workflow);
			const body = JSON.stringify({ event, subscription_id: subscriptionId });
			const timestamp = String(Math.floor(Date.now() / 1000));
			const headers = {
				'content-type': 'application/json',
				'close-sig-timestamp': timestamp,
				'close-sig-hash': signature(String(signatureKey), timestamp, body),
			};
			const options = { headers, proxy: false, validateStatus: () => true } as const;
			const { status } = await axios.post(n8n.urlOf(workflow), body, options);
			await n8n.settled();
			return status;
		},
		/** Requests about subscriptions, as they arrived at Close. */
		wire: () =>
			close.requests
				.filter(({ path }) => path.startsWith('/webhook/'))
				.map(({ method, path }) => `${method} ${path}`),
	};
}

const CARRIER_DELAY_MS = 60_000;

/** The names of the events that started a workflow. */
export const names = ({ runs }: TestWorkflow) =>
	runs.map(({ event }) => (event as IDataObject).type);

/** An event: a text was received, unless `more` says otherwise. */
export const eventOf = (id: string, more: object = {}) => ({
	id,
	action: 'created',
	object_type: 'activity.sms',
	date_updated: new Date().toISOString().replace('Z', '000'),
	user_id: null,
	api_key_id: null,
	changed_fields: [],
	previous_data: {},
	data: { id: `acti_${id}`, status: 'inbox', direction: 'inbound' },
	...more,
});
