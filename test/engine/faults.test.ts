import type { INodeParameters } from 'n8n-workflow';
import { startSimulator, type Simulator } from '../simulator';
import type { Fault } from '../simulator/faults';
import { wait } from '../platform';
import { byId, ERROR_MODES } from './onClose';
import { runNode } from './runNode';

/** Each case has a Close of its own, so that all can run at once. */
async function withClose(act: (close: Simulator) => Promise<void>) {
	const close = await startSimulator();
	await act(close).finally(async () => await close.stop());
}

/** In all three error modes at once. */
const inEachMode = async (
	act: (close: Simulator, onError: (typeof ERROR_MODES)[number]) => Promise<void>,
) =>
	await Promise.all(
		ERROR_MODES.map(async (onError) => await withClose(async (close) => await act(close, onError))),
	);

const answer = { error: 'Please wait.' };

/** What can go wrong once; after that Close answers well again. */
const FAULTS: Record<string, Partial<Fault> & Pick<Fault, 'kind'>> = {
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
	'504, not carried out': { kind: 'status', status: 504 },
	'504, carried out': { kind: 'status', status: 504, applied: true },
	'reset before the write': { kind: 'resetBefore' },
	'reset after the write': { kind: 'resetAfter' },
	'slower than the timeout': { kind: 'slow', delayMs: 3000 },
	'a web page with 502': { kind: 'html', status: 502, applied: true },
	'a web page with 200': { kind: 'html', status: 200 },
	'JSON that ends too early': { kind: 'cutJson', framing: 'short' },
	'JSON that is cut but whole': { kind: 'cutJson', framing: 'whole' },
	'200 with an empty body': { kind: 'emptyBody' },
};

interface Operation {
	parameters: INodeParameters;
	/** The status of the text in Close afterwards. */
	becomes: string[];
	texts: boolean;
}

const OPERATIONS: Record<string, Operation> = {
	'update: edit': {
		parameters: { operation: 'update', updateFields: { text: 'New' } },
		becomes: ['draft'],
		texts: false,
	},
	'update: send': {
		parameters: { operation: 'update', updateFields: { status: 'outbox', text: 'New' } },
		becomes: ['outbox', 'sent'],
		texts: true,
	},
	'update: schedule': {
		parameters: {
			operation: 'update',
			updateFields: { status: 'scheduled', dateScheduled: '2035-06-01T09:00' },
		},
		becomes: ['scheduled'],
		texts: false,
	},
};

const phoneOf = (n: number) => `+1415555200${n}`;

async function runOn(
	close: Simulator,
	{ parameters }: Operation,
	onError: (typeof ERROR_MODES)[number],
) {
	const drafts = [0, 1, 2].map((n) =>
		close.addSms({ text: 'Old', remote_phone: phoneOf(n), local_phone: '+14155550100' }),
	);
	const run = async () =>
		await runNode({
			credential: { authentication: 'basic', apiKey: close.account.apiKey, baseUrl: close.baseUrl },
			parameters: {
				authentication: 'apiKey',
				resource: 'sms',
				smsId: byId('={{ $json.id }}'),
				requestOptions: { timeout: 300 },
				...parameters,
			},
			items: drafts.map(({ id }) => ({ id })),
			node: { onError },
		});
	return { drafts, run };
}

const texted = async (close: Simulator) => {
	await wait(80);
	return [0, 1, 2].map((n) => close.timesTexted(phoneOf(n)));
};

const cases = Object.keys(FAULTS).flatMap((fault) =>
	Object.keys(OPERATIONS).map((operation) => [fault, operation]),
);

test.concurrent.each(cases)(
	'once %s while %s: done exactly once, in every error mode',
	async (fault, name) => {
		const operation = OPERATIONS[name];
		await inEachMode(async (close, onError) => {
			const { drafts, run } = await runOn(close, operation, onError);
			close.faults.order({ ...FAULTS[fault], match: { method: 'PUT', path: drafts[1].id } });
			const { error, outputs } = await run();

			expect(error).toBeUndefined();
			expect(outputs[0].map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
				drafts.map(({ id }, item) => [id, { item }]),
			);
			for (const { json } of outputs[0]) expect(operation.becomes).toContain(json.status);
			expect(await texted(close)).toEqual(operation.texts ? [1, 1, 1] : [0, 0, 0]);
		});
	},
);

test.concurrent.each(cases)(
	'%s for ever while %s: told as what it is, and nobody is texted twice',
	async (fault, name) => {
		const operation = OPERATIONS[name];
		const { kind, status } = FAULTS[fault];
		const isRefusal = kind === 'status' && (status === 429 || status === 503);
		await inEachMode(async (close, onError) => {
			const { drafts, run } = await runOn(
				close,
				{ ...operation, parameters: { ...operation.parameters, options: { maxRetries: 1 } } },
				onError,
			);
			close.faults.order({ ...FAULTS[fault], times: 99, match: { path: drafts[1].id } });
			const { error, outputs } = await run();
			const message = error?.message ?? outputs.flat().find(({ json }) => json.error)?.json.error;
			const [, counted] = await texted(close);

			if (isRefusal) expect(message).toMatch(/^Close did not take this \[item 1\]: /);
			else
				expect(message).toMatch(
					name === 'update: edit'
						? /^This may have been done \[item 1\]: /
						: /^This text may have been sent \[item 1\]: /,
				);
			expect(counted).toBeLessThanOrEqual(operation.texts && !isRefusal ? 1 : 0);
			if (!error) expect(outputs.flat().length).toBe(3);
		});
	},
);

test('a host that is out of reach: nothing was sent, and it says so', async () => {
	const close = await startSimulator();
	const { run } = await runOn(
		close,
		{
			...OPERATIONS['update: send'],
			parameters: { ...OPERATIONS['update: send'].parameters, options: { maxRetries: 1 } },
		},
		'stopWorkflow',
	);
	await close.stop();
	const { error } = await run();

	expect(error?.message).toBe('Close did not take this [item 0]: ECONNREFUSED');
	expect(error?.description).toMatch(/^Check the network between n8n and Close/);
});
