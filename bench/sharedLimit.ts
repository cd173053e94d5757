import axios from 'axios';

import { byId } from '../dev/locators';
import { startN8n } from '../dev/n8n/n8n';
import type { N8nClient, WorkflowJson } from '../dev/n8n/n8nClient';
import { withProgress } from '../dev/n8n/progress';
import { startQueueMode, WORKERS } from '../dev/n8n/queueMode';
import { runUntilInterrupted } from '../dev/n8n/runUntilInterrupted';
import { parseArgs, performance, process, say, wait } from '../dev/platform';
import { updateByWebhook } from '../dev/n8n/workflows';
import { startSimulator, type Simulator } from '../dev/simulator';
import { activateSendWorkflow, sendAllByWebhook, addDrafts } from '../dev/n8n/sendByWebhook';
import { leastSeconds } from './plan';
import { percent } from './report';

const { values: options } = parseArgs({
	options: {
		/** how many executions each worker runs at once, if not n8n's 10 */
		concurrency: { type: 'string', default: '-1' },
		/** one n8n without workers, under the limit that was seen live */
		single: { type: 'boolean', default: false },
		texts: { type: 'string', default: '300' },
		/** requests a second, each a row; none of them is without a limit */
		limits: { type: 'string' },
		/** of each row */
		runs: { type: 'string', default: '1' },
		/** only the rows whose name contains this */
		only: { type: 'string', default: '' },
	},
});
const TEXTS = Number(options.texts);
/** Close publishes no numbers; 20 and 60 a second are those of its documentation's example, 20 was also seen live. */
const LIMITS =
	options.limits?.split(',').map(Number) ?? (options.single ? [20] : [undefined, 60, 20, 5]);
const WINDOW_SECONDS = 8;
/** After so long the node has forgotten the limit of the row before. */
const FORGOTTEN_MS = 11_000;
const AT_ONCE = 50;
const WEBHOOK = 'send-drafts';

/** Sends the texts as one execution each, or as one execution on each worker; returns how many were not sent. */
type Shape = (n8n: N8nClient, close: Simulator) => Promise<number>;

const oneEach: Shape = async (n8n, close) => {
	const statuses = await sendAllByWebhook(n8n, addDrafts(TEXTS, close), AT_ONCE);
	return statuses.filter((status) => status !== 200).length;
};

const oneBatchAWorker: Shape = async (n8n, close) => {
	const drafts = addDrafts(TEXTS, close).map(({ id }) => id);
	const size = TEXTS / WORKERS;
	const batches = Array.from({ length: WORKERS }, (_, index) =>
		drafts.slice(index * size, (index + 1) * size),
	);
	const post = async (smsIds: string[]) => {
		const validateStatus = () => true;
		await axios.post(n8n.webhookUrl(WEBHOOK), { smsIds }, { validateStatus });
	};
	await Promise.all(batches.map(post));
	return drafts.filter((id) => close.sms(id)?.status === 'draft').length;
};

const SHAPES: Array<[string, Shape]> = [
	[`${TEXTS} executions of one SMS`, oneEach],
	[`an execution of ${TEXTS / WORKERS} SMS on each worker`, oneBatchAWorker],
];

/** The workflow that is called with many drafts and sends each. */
const sendDrafts = (): WorkflowJson => {
	const workflow = updateByWebhook(WEBHOOK, { status: 'outbox' });
	workflow.nodes[1].parameters.smsId = byId("={{ $json['body.smsIds'] }}");
	workflow.nodes.push({
		id: 'split',
		name: 'One item each',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		position: [100, 100],
		parameters: { fieldToSplitOut: 'body.smsIds', options: {} },
	});
	const to = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });
	workflow.connections = { Webhook: to('One item each'), 'One item each': to('Close SMS') };
	return workflow;
};

const measure = async (n8n: N8nClient, close: Simulator, shape: Shape, perSecond?: number) => {
	const limit = perSecond && { rps: perSecond, window: WINDOW_SECONDS };
	close.rateLimit.set(limit ? { throttle: limit } : undefined);
	const before = close.requests.length;
	const start = performance.now();
	const failed = await shape(n8n, close);
	const seconds = (performance.now() - start) / 1000;
	const requests = close.requests.slice(before);
	const sending = (requests[requests.length - 1].at - requests[0].at) / 1000;
	const least = limit ? leastSeconds({ items: TEXTS, latency: 0, limit }) : 0;
	const { refused } = close.rateLimit;
	await wait(FORGOTTEN_MS);
	return [
		perSecond ?? 'none',
		seconds.toFixed(0),
		sending.toFixed(1),
		least > 0 ? (sending / least).toFixed(2) : '',
		refused,
		percent(refused / requests.length),
		failed,
	];
};

/** Measures what executions that share one key, on two workers or in one n8n, do to Close's limit: tables for docs/scale-out.md. */
runUntilInterrupted(async (running) => {
	const close = await startSimulator();
	running.push(close);
	const env = { N8N_CONCURRENCY_PRODUCTION_LIMIT: options.concurrency };
	const n8n = options.single ? await startN8n({ env }) : await startQueueMode({ env });
	running.push(n8n);
	const credentials = await n8n.addSimulatorCredential(close);
	await activateSendWorkflow(n8n, credentials);
	await n8n.activate(await n8n.importWorkflow(sendDrafts(), credentials));
	const head = [
		'',
		"Close's limit a second",
		'seconds',
		'first to last request',
		'÷ least',
		'answers 429',
		'of all',
		'not sent',
	];
	const rows: unknown[][] = [head, head.map(() => '---')];
	for (const [name, shape] of options.single ? SHAPES.slice(0, 1) : SHAPES) {
		if (!name.includes(options.only)) continue;
		for (const limit of LIMITS) {
			const what = `${name}, limit ${limit ?? 'none'}`;
			for (let run = 0; run < Number(options.runs); run++)
				rows.push([name, ...(await withProgress(what, measure(n8n, close, shape, limit)))]);
		}
	}
	say(`\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
	process.kill(process.pid, 'SIGTERM');
});
