import axios from 'axios';

import { byId } from '../dev/locators';
import type { WorkflowJson } from '../dev/n8n/n8nClient';
import { withProgress } from '../dev/n8n/progress';
import { startQueueMode, type QueueModeN8n } from '../dev/n8n/queueMode';
import { runUntilInterrupted } from '../dev/n8n/runUntilInterrupted';
import { performance, process, say } from '../dev/platform';
import { updateByWebhook } from '../dev/n8n/workflows';
import { startSimulator, type Simulator } from '../dev/simulator';
import { activateSendWorkflow, sendAllByWebhook, addDrafts } from '../dev/n8n/sendByWebhook';

/** Close publishes no numbers; 20 and 60 a second are those of its documentation's example, 20 was also seen live. */
const LIMITS = [undefined, 60, 20, 5];
const TEXTS = 300;
const AT_ONCE = 50;
const WEBHOOK = 'send-drafts';

/** Sends the texts as one execution each, or as one execution on each worker; returns how many were not sent. */
type Shape = (n8n: QueueModeN8n, close: Simulator) => Promise<number>;

const oneEach: Shape = async (n8n, close) => {
	const statuses = await sendAllByWebhook(n8n, addDrafts(TEXTS, close), AT_ONCE);
	return statuses.filter((status) => status !== 200).length;
};

const oneBatchAWorker: Shape = async (n8n, close) => {
	const drafts = addDrafts(TEXTS, close).map(({ id }) => id);
	const size = TEXTS / n8n.workers.length;
	const batches = n8n.workers.map((_, index) => drafts.slice(index * size, (index + 1) * size));
	const post = async (smsIds: string[]) => {
		const validateStatus = () => true;
		await axios.post(n8n.webhookUrl(WEBHOOK), { smsIds }, { validateStatus });
	};
	await Promise.all(batches.map(post));
	return drafts.filter((id) => close.sms(id)?.status === 'draft').length;
};

const SHAPES: Array<[string, Shape]> = [
	[`${TEXTS} executions of one text`, oneEach],
	[`an execution of ${TEXTS / 2} texts on each worker`, oneBatchAWorker],
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

const measure = async (n8n: QueueModeN8n, close: Simulator, shape: Shape, perSecond?: number) => {
	close.rateLimit.set(perSecond ? { throttle: { rps: perSecond, window: 8 } } : undefined);
	const start = performance.now();
	const failed = await shape(n8n, close);
	const seconds = (performance.now() - start) / 1000;
	const { refused } = close.rateLimit;
	const sent = TEXTS - failed;
	return [perSecond ?? 'none', seconds.toFixed(0), (sent / seconds).toFixed(1), refused, failed];
};

/**
 * Measures what two workers that share one key do to Close's limit: a table for docs/scale-out.md.
 * Its argument: how many executions each worker runs at once, if not n8n's 10.
 */
runUntilInterrupted(async (running) => {
	const close = await startSimulator();
	running.push(close);
	const [, , concurrency = '-1'] = process.argv;
	const n8n = await startQueueMode({ env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: concurrency } });
	running.push(n8n);
	const credentials = await n8n.addSimulatorCredential(close);
	await activateSendWorkflow(n8n, credentials);
	await n8n.activate(await n8n.importWorkflow(sendDrafts(), credentials));
	const head = [
		'',
		"Close's limit a second",
		'seconds',
		'texts a second',
		'answers 429',
		'not sent',
	];
	const rows: unknown[][] = [head, head.map(() => '---')];
	for (const [name, shape] of SHAPES) {
		for (const limit of LIMITS) {
			const what = `${name}, limit ${limit ?? 'none'}`;
			rows.push([name, ...(await withProgress(what, measure(n8n, close, shape, limit)))]);
		}
	}
	say(`\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
	process.kill(process.pid, 'SIGTERM');
});
