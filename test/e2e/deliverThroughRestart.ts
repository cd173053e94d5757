import axios from 'axios';
import fastify from 'fastify';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { N8nClient } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { performance, process, randomUUID, say, wait } from '../../dev/platform';
import { signature, type Simulator } from '../../dev/simulator';
import { seededRandom } from '../../dev/simulator/faults/random';

/** How many texts each case of the restart tests delivers; `LOAD_TEXTS` for more. */
export const TEXTS = Number(process.env.LOAD_TEXTS ?? 40);
/** Share of the texts that Close delivers twice. */
const REPEATED = 0.2;
/** How many deliveries Close makes at once. */
const CALLERS = 20;
/** How long a started workflow takes at least, so that some are running and some waiting at any time. */
const WORK_MS = 250;

/** A server that stands for what a workflow does, and lists what it was told. */
export const startReceiver = async () => {
	const told = new Map<string, IDataObject[]>();
	const server = fastify({ forceCloseConnections: true });
	server.post<{ Params: { name: string }; Body: IDataObject }>(
		'/:name',
		async ({ params: { name }, body }) => {
			told.set(name, [...(told.get(name) ?? []), body]);
			await wait(WORK_MS);
			return {};
		},
	);
	const url = await server.listen({ host: '127.0.0.1', port: 0 });
	return {
		url,
		told: (name: string) => told.get(name) ?? [],
		stop: async () => await server.close(),
	};
};

/**
 * What n8n answers to every request, with status 200, while it is starting and its database is not ready (2.41,
 * abstract-server). Close takes that for an accepted delivery.
 */
const STARTING = 'n8n is starting up';

/** Calls the webhook address with this body, signed as Close does. */
const callSigned = async (url: string, key: string, body: string) => {
	const timestamp = String(Math.floor(Date.now() / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(key, timestamp, body),
	};
	const options = { headers, proxy: false, validateStatus: () => true } as const;
	return await axios.post(url, body, options).then(
		({ status, data }) => ({ status, isStarting: String(data).startsWith(STARTING) }),
		() => ({ status: 'no response' as const, isStarting: false }),
	);
};

/**
 * Delivers texts as Close does: some of them twice, many at once, and each until it is accepted. Half way, n8n is
 * restarted.
 *
 * @param restart resolves when n8n has started again
 * @returns the texts of which n8n accepted a delivery while it was starting, without looking at it
 */
const deliverThroughRestart = async (
	close: Simulator,
	restart: () => Promise<void>,
): Promise<Set<string>> => {
	const { webhooks } = close;
	const [{ id, url, signature_key: key }] = webhooks.list();
	const swallowed = new Set<string>();
	webhooks.hold();
	const random = seededRandom(7);
	const numbers = Array.from({ length: TEXTS }, (_, index) => index);
	const repeated = Array.from({ length: TEXTS * REPEATED }, () => Math.floor(random() * TEXTS));
	for (const number of numbers) close.receive({ from: '+14155550102', text: String(number) });
	const bodies = webhooks.happened
		.slice(-TEXTS)
		.map((event) => JSON.stringify({ event, subscription_id: id }));
	const order = [...numbers, ...repeated]
		.map((number) => ({ number, place: random() }))
		.sort((one, other) => one.place - other.place);
	let [accepted, restarted] = [0, Promise.resolve()];
	const deliver = async (number: number) => {
		for (;;) {
			const { status, isStarting } = await callSigned(url, key, bodies[number]);
			if (isStarting) swallowed.add(String(number));
			if (status === 200) {
				if (++accepted === Math.floor(order.length / 3)) restarted = restart();
				return;
			}
			// 404: n8n has started, and its webhooks have not yet.
			expect([404, 500, 502, 503, 'no response']).toContain(status);
			await wait(500);
		}
	};
	const queue = order.values();
	const caller = async () => {
		for (const { number } of queue) await deliver(number);
	};
	await Promise.all(Array.from({ length: CALLERS }, caller));
	await restarted;
	return swallowed;
};

/**
 * Whether n8n has worked off all executions of a workflow, and stays so for a moment. n8n tells of those that wait or run
 * only when it is asked for them.
 */
export const isQuiet = async (n8n: N8nClient, workflowId: string) => {
	for (let look = 0; look < 5; look++) {
		for (const status of ['new', 'running', 'waiting'])
			if ((await n8n.countExecutions(workflowId, status)) > 0) return false;
		await wait(WORK_MS);
	}
	return true;
};

/** As n8n counts them: of those that run or wait it tells only when it is asked for them. */
const UNSUCCESSFUL = ['new', 'running', 'waiting', 'crashed', 'error', 'canceled'];

/** How many executions of a workflow did not succeed, by their status. */
const countUnsuccessful = async (n8n: N8nClient, workflowId: string) => {
	const counts: Record<string, number> = {};
	for (const status of UNSUCCESSFUL) counts[status] = await n8n.countExecutions(workflowId, status);
	return counts;
};

/** After a crash n8n may leave an execution as it was for good. What does not change for so long is left. */
const LEFT_MS = 30_000;

/** Waits until n8n has worked off all executions of a workflow but those that a crash left, two minutes at most. */
export const untilQuietAfterCrash = async (n8n: N8nClient, workflowId: string) => {
	let last = { counts: '', at: performance.now() };
	await waitUntil(async () => {
		if (await isQuiet(n8n, workflowId)) return true;
		const succeeded = await n8n.countExecutions(workflowId, 'success');
		const counts = JSON.stringify([succeeded, await countUnsuccessful(n8n, workflowId)]);
		if (counts !== last.counts) last = { counts, at: performance.now() };
		return performance.now() - last.at > LEFT_MS;
	}, 120_000);
};

/** How many of the texts arrived more than once, and how many not at all: those that n8n swallowed, and others. */
const countTold = (told: IDataObject[], swallowed: Set<string>) => {
	const different = new Set(told.map(({ text }) => text));
	const lostAtStart = [...swallowed].filter((text) => !different.has(text)).length;
	return {
		twice: told.length - different.size,
		missing: TEXTS - different.size - lostAtStart,
		lostAtStart,
	};
};

/** A workflow that starts with the trigger and tells the receiver. */
export const workflowThatTells = (receiver: string, more: INodeParameters = {}) => {
	const name = randomUUID();
	return {
		name,
		nodes: [
			{
				id: randomUUID(),
				webhookId: randomUUID(),
				name: 'Trigger',
				type: 'n8n-nodes-close-sms.closeSmsTrigger',
				typeVersion: 1,
				position: [0, 0] as [number, number],
				parameters: { authentication: 'apiKey', events: ['received'], ...more },
			},
			{
				id: randomUUID(),
				name: 'Tell',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [200, 0] as [number, number],
				parameters: {
					method: 'POST',
					url: `${receiver}/${name}`,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify($json) }}',
				},
			},
		],
		connections: { Trigger: { main: [[{ node: 'Tell', type: 'main' as const, index: 0 }]] } },
	};
};

/** An n8n of one process or of several, with what the restart tests need besides. */
export interface RestartTest {
	close: Simulator;
	receiver: Awaited<ReturnType<typeof startReceiver>>;
	n8n: N8nClient & {
		restart: (how: 'stop' | 'kill', env: Record<string, string>) => Promise<void>;
	};
	/** Waits until nothing more becomes of what was delivered. */
	untilQuiet: (workflow: { id: string; name: string }) => Promise<unknown>;
}

/** How many executions n8n runs at once, at most. */
export const limitOf = (limit: number) => ({ N8N_CONCURRENCY_PRODUCTION_LIMIT: String(limit) });
export const NO_LIMIT = limitOf(-1);

/** What the test file's n8n runs with now. */
let current = NO_LIMIT;

/** Has the tests' n8n run this workflow, and returns it with the webhook subscription that it has then. */
export const activateIn = async (
	{ n8n, close }: Pick<RestartTest, 'n8n' | 'close'>,
	json: ReturnType<typeof workflowThatTells>,
) => {
	const id = await n8n.importWorkflow(json, await n8n.addSimulatorCredential(close));
	await n8n.activate(id);
	await waitUntil(async () => close.webhooks.list().length === 1);
	return { id, name: json.name };
};

/** Delivers texts while n8n is restarted, and says and counts what became of them. */
export const restartUnderLoad = async (
	{ n8n, close, receiver, untilQuiet }: RestartTest,
	what: string,
	{
		how,
		env,
		trigger = {},
	}: { how: 'stop' | 'kill'; env: typeof NO_LIMIT; trigger?: INodeParameters },
) => {
	if (env.N8N_CONCURRENCY_PRODUCTION_LIMIT !== current.N8N_CONCURRENCY_PRODUCTION_LIMIT)
		await n8n.restart('stop', env);
	current = env;
	const workflow = await activateIn({ n8n, close }, workflowThatTells(receiver.url, trigger));
	try {
		const swallowed = await deliverThroughRestart(close, async () => await n8n.restart(how, env));
		await untilQuiet(workflow);
		const counts = countTold(receiver.told(workflow.name), swallowed);
		const unsuccessful = await countUnsuccessful(n8n, workflow.id);
		say(
			`${what}: ${TEXTS} texts, ${counts.twice} twice, ${counts.missing} missing, ${counts.lostAtStart} that n8n accepted while it was starting, executions not successful: ${JSON.stringify(unsuccessful)}`,
		);
		return {
			...counts,
			unsuccessful: Object.values(unsuccessful).reduce((sum, count) => sum + count),
		};
	} finally {
		await n8n.deactivate(workflow.id);
	}
};
