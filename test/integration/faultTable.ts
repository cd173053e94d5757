import type { INode, INodeParameters } from 'n8n-workflow';
import type { Fault, FaultMatch, Simulator } from '../../dev/simulator';
import { simulatorCredential } from '../../dev/simulator/credential';
import { byId, byNumber } from '../../dev/locators';
import { withOwnSimulator } from '../simulator/ownSimulator';
import { at, ERROR_MODES, sendTo } from './setUpSms';
import { runNode, type NodeRun } from '../../dev/engine/runNode';

const answer = { error: 'Please wait.' };

/** The faults. */
export const FAULTS: Record<string, Partial<Fault> & Pick<Fault, 'kind'>> = {
	'429 with RateLimit': {
		kind: 'status',
		status: 429,
		body: answer,
		headers: { ratelimit: 'limit=9, remaining=0, reset=0.2' },
	},
	'429 with retry-after': {
		kind: 'status',
		status: 429,
		body: answer,
		headers: { 'retry-after': '1' },
	},
	'429 with the older body': { kind: 'status', status: 429, body: { error: { rate_reset: 0.2 } } },
	'429 with nothing': { kind: 'status', status: 429 },
	'500, not carried out': { kind: 'status', status: 500 },
	'500, carried out': { kind: 'status', status: 500, applied: true },
	'502, not carried out': { kind: 'status', status: 502 },
	'502, carried out': { kind: 'status', status: 502, applied: true },
	'503': { kind: 'status', status: 503 },
	'503, carried out': { kind: 'status', status: 503, applied: true },
	'504, not carried out': { kind: 'status', status: 504 },
	'504, carried out': { kind: 'status', status: 504, applied: true },
	'522 of a gateway, carried out': { kind: 'status', status: 522, applied: true },
	'reset before the write': { kind: 'resetBefore' },
	'reset after the write': { kind: 'resetAfter' },
	'slower than the timeout': { kind: 'slow', delayMs: 8000 },
	'a web page with 502': { kind: 'html', status: 502, applied: true },
	'a web page with 200': { kind: 'html', status: 200 },
	'JSON that ends too early': { kind: 'cutJson', framing: 'short' },
	'JSON that is cut but whole': { kind: 'cutJson', framing: 'whole' },
	'200 with an empty body': { kind: 'emptyBody' },
};

/**
 * A 429 was not accepted, nor was a 503 to what texts nobody; after everything else the request may have been carried out.
 */
export const isRefusal = (fault: string, { effect }: Operation) =>
	fault.startsWith('429') || (fault.startsWith('503') && effect !== 'text');

/** Whether Close does what was asked, although its response says nothing of it. */
export function isCarriedOut(fault: string): boolean {
	const { kind, applied } = FAULTS[fault];
	return applied ?? !['status', 'html', 'resetBefore'].includes(kind);
}

/** Number of the person that item `n` is about. */
export const phoneOf = (n: number) => `+1415555200${n}`;

const LOCAL = '+14155550100';
const LATER = '2035-06-01T09:00';
const NEW = '={{ $json.words }}';
const CREATE = {
	operation: 'create',
	remotePhone: '={{ $json.phone }}',
	localPhone: byNumber(LOCAL),
	text: NEW,
};
const SEND = { operation: 'send', ...sendTo('={{ $json.phone }}', NEW) };

interface Operation {
	parameters: INodeParameters;
	/** Status of the texts before; draft unless given. */
	from?: 'scheduled';
	/** The request that goes wrong, of the second of three items. */
	faultAt: FaultMatch & { after?: number };
	/** GETs that come before it, for each item. */
	readsBefore?: number;
	/** Whether the failing request reads, can text someone, or only writes. */
	effect: 'read' | 'text' | 'write';
	/** What each item must yield. */
	expected: object;
	/** A create cannot be read back by its id. */
	isPost?: boolean;
}

const OUT = expect.stringMatching(/^(outbox|sent)$/) as string;
const NEW_WORDS = expect.stringMatching(/^New \d+$/) as string;

/** Everything that the node can do with a text, and the request of it that fails. */
export const OPERATIONS: Record<string, Operation> = {
	'update: edit': {
		parameters: { operation: 'update', updateFields: { text: 'New' } },
		faultAt: { method: 'PUT' },
		effect: 'write',
		expected: { status: 'draft', text: 'New' },
	},
	'update: send': {
		parameters: { operation: 'update', updateFields: { status: 'outbox', text: 'New' } },
		faultAt: { method: 'PUT' },
		effect: 'text',
		expected: { status: OUT, text: 'New' },
	},
	'update: schedule': {
		parameters: {
			operation: 'update',
			updateFields: { status: 'scheduled', dateScheduled: LATER },
		},
		faultAt: { method: 'PUT' },
		effect: 'text',
		expected: { status: 'scheduled' },
	},
	'send draft': {
		parameters: { operation: 'sendDraft' },
		faultAt: { method: 'PUT' },
		readsBefore: 1,
		effect: 'text',
		expected: { status: OUT },
	},
	'send draft: the look before': {
		parameters: { operation: 'sendDraft' },
		faultAt: { method: 'GET' },
		effect: 'read',
		expected: { status: OUT },
	},
	schedule: {
		parameters: { operation: 'schedule', sendAt: LATER },
		faultAt: { method: 'PUT' },
		readsBefore: 1,
		effect: 'text',
		expected: { status: 'scheduled' },
	},
	'schedule: move, back to draft': {
		parameters: { operation: 'schedule', sendAt: LATER },
		from: 'scheduled',
		faultAt: { method: 'PUT', bodyHas: { status: 'draft' } },
		readsBefore: 1,
		effect: 'write',
		expected: { status: 'scheduled', _note: expect.stringContaining('Moved from') as string },
	},
	'schedule: move, to the new time': {
		parameters: { operation: 'schedule', sendAt: LATER },
		from: 'scheduled',
		faultAt: { method: 'PUT', bodyHas: { status: 'scheduled' } },
		readsBefore: 1,
		effect: 'text',
		expected: { status: 'scheduled', _note: expect.stringContaining('Moved from') as string },
	},
	cancel: {
		parameters: { operation: 'cancel' },
		from: 'scheduled',
		faultAt: { method: 'PUT' },
		readsBefore: 1,
		effect: 'write',
		expected: { status: 'draft' },
	},
	get: {
		parameters: { operation: 'get' },
		faultAt: { method: 'GET' },
		effect: 'read',
		expected: { status: 'draft' },
	},
	getAll: {
		parameters: { operation: 'getAll', limit: 1 },
		faultAt: { method: 'GET', path: '^/activity/sms/$', after: 1 },
		effect: 'read',
		expected: { _type: 'SMS' },
	},
	getConversation: {
		parameters: {
			operation: 'getConversation',
			person: { __rl: true, mode: 'lead', value: 'lead_bluebird00000000000000' },
			limit: 1,
		},
		faultAt: { method: 'GET', path: '^/activity/sms/$', after: 1 },
		effect: 'read',
		expected: { _type: 'SMS' },
	},
	delete: {
		parameters: { operation: 'delete' },
		faultAt: { method: 'DELETE' },
		effect: 'write',
		expected: { deleted: true },
	},
	'create: draft': {
		parameters: { ...CREATE, mode: 'draft' },
		faultAt: { method: 'POST', bodyHas: phoneOf(1) },
		effect: 'write',
		expected: { status: 'draft', text: NEW_WORDS },
		isPost: true,
	},
	'send, the draft': {
		parameters: SEND,
		faultAt: { method: 'POST', bodyHas: phoneOf(1) },
		effect: 'write',
		expected: { status: OUT, text: NEW_WORDS },
		isPost: true,
	},
	'send, the sending': {
		parameters: SEND,
		faultAt: { method: 'PUT', after: 1 },
		effect: 'text',
		expected: { status: OUT, text: NEW_WORDS },
	},
	'send at a time, the scheduling': {
		parameters: { ...SEND, ...at(LATER) },
		faultAt: { method: 'PUT', after: 1 },
		effect: 'text',
		expected: { status: 'scheduled', text: NEW_WORDS },
	},
};

type ErrorMode = (typeof ERROR_MODES)[number];

/** Runs the case in each error mode, with a simulator each, so that all can run at once. */
export const inEachMode = async (act: (close: Simulator, onError: ErrorMode) => Promise<void>) =>
	await Promise.all(
		ERROR_MODES.map(async (onError) => await withOwnSimulator((close) => act(close, onError))),
	);

/** Whether the operation texts the person. */
export const sendsNow = ({ expected: gives }: Operation) =>
	'status' in gives && gives.status === OUT;

let runs = 0;

/**
 * Adds a text for each of three people, and returns how to run the operation over them. What each run creates has words of
 * its own: of the same create that another run of the process waits for, the node does not know whose an SMS is.
 */
export function prepare(close: Simulator, { parameters, from }: Operation, node: Partial<INode>) {
	const texts = [0, 1, 2].map((n) =>
		close.addSms({
			text: 'Old',
			remote_phone: phoneOf(n),
			local_phone: LOCAL,
			...(from && { status: from, date_scheduled: '2034-01-01T09:00:00+00:00' }),
		}),
	);
	/** Only a request that is slow on purpose times out, however busy the machine is. */
	const run = async (fault: string, options: INodeParameters = {}): Promise<NodeRun> => {
		const words = `New ${++runs}`;
		return await runNode({
			credential: simulatorCredential(close),
			parameters: {
				authentication: 'apiKey',
				resource: 'sms',
				smsId: byId('={{ $json.id }}'),
				requestOptions: { timeout: FAULTS[fault]?.kind === 'slow' ? 4000 : 20_000 },
				...parameters,
				options: { maxConcurrency: 1, ...options },
			},
			items: texts.map(({ id }, n) => ({ id, phone: phoneOf(n), words })),
			node,
		});
	};
	return { texts, run };
}

/** Makes that request of the second item fail. */
export function injectFault(
	close: Simulator,
	{ faultAt: strikes }: Operation,
	fault: string,
	secondId: string,
	times = 1,
) {
	const { after = 0, ...match } = strikes;
	const isById = !match.path && match.method !== 'POST' && after === 0;
	close.faults.order({
		...FAULTS[fault],
		times,
		after,
		match: { ...(isById && { path: secondId }), ...match },
	});
}

/** Every fault in every operation. */
export const CASES = Object.keys(FAULTS).flatMap((fault) =>
	Object.keys(OPERATIONS).map((operation) => [fault, operation]),
);
