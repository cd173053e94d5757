import { startQueueMode, type QueueModeN8n } from '../../dev/n8n/queueMode';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type Simulator, type SmsActivity } from '../../dev/simulator';
import {
	activateSendWorkflow,
	sendByWebhook,
	sendAllByWebhook,
	addDrafts,
} from '../../dev/n8n/sendByWebhook';

const MINUTES = 60_000;
const CALLS = 1_000;
/** More than both workers run at once, so that each has its hands full whenever it is killed. */
const AT_ONCE = 50;
/** n8n notices a dead worker after a lock of its has run out; by default that takes a minute and a half. */
const NOTICED_SOON = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

let close: Simulator;
let n8n: QueueModeN8n;
let workflowId: string;

beforeAll(async () => {
	close = await startSimulator();
	n8n = await startQueueMode({ env: NOTICED_SOON });
	workflowId = await activateSendWorkflow(n8n, await n8n.addSimulatorCredential(close));
}, 10 * MINUTES);

afterAll(async () => {
	await n8n?.stop();
	await close.stop();
}, MINUTES);

const timesTexted = ({ remote_phone }: SmsActivity) => close.timesTexted(remote_phone!);

/** Calls for all drafts, and kills a worker when a third of them has gone out. */
const callAndKill = async (drafts: SmsActivity[]) => {
	const killed = waitUntil(async () => close.texted.length > CALLS / 3, 10 * MINUTES).then(
		async () => await n8n.workers[0].kill(),
	);
	const statuses = await sendAllByWebhook(n8n, drafts, AT_ONCE);
	await killed;
	return statuses;
};

test(
	'1,000 calls, a worker killed in the middle: nobody is texted twice, and every call is told',
	async () => {
		const drafts = addDrafts(CALLS, close);
		const statuses = await callAndKill(drafts);
		const answered = drafts.filter((_, index) => statuses[index] === 200);
		const failed = drafts.filter((_, index) => statuses[index] !== 200);

		await waitUntil(async () => answered.every(timesTexted));
		expect(drafts.filter((draft) => timesTexted(draft) > 1)).toEqual([]);
		expect(failed.length).toBeGreaterThan(0);
		expect(await n8n.countExecutions(workflowId, 'success')).toBe(answered.length);
		expect(await n8n.countExecutions(workflowId, 'error', 'crashed')).toBe(failed.length);

		for (const draft of failed) await sendByWebhook(n8n, draft);
		await waitUntil(async () => failed.every(timesTexted));
		expect(drafts.filter((draft) => timesTexted(draft) !== 1)).toEqual([]);
	},
	15 * MINUTES,
);

test(
	'a second run over a text that went out texts nobody, and says so',
	async () => {
		const [draft] = addDrafts(1, close);
		const before = close.timesTexted(draft.remote_phone!);

		expect(await sendByWebhook(n8n, draft)).toBe(200);
		await waitUntil(async () => close.sms(draft.id)?.status === 'sent');
		expect(await sendByWebhook(n8n, draft)).toBe(500);

		expect(timesTexted(draft)).toBe(before + 1);
		const [{ id }] = await n8n.executions(workflowId);
		const { data } = await n8n.rest.get<{ data: { data: string } }>(`/executions/${id}`);
		expect(data.data.data).toMatch(/Only draft SMS .* edited\. This SMS was sent at 20\d\d-/);
	},
	MINUTES,
);
