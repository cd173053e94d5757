import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

/** A simulated Close for each test of a file, and an example in the real n8n that its texts start. */
export function setUpTriggerExamples() {
	let close: Simulator;
	let active: string | undefined;

	beforeEach(async () => {
		close = await startSimulator();
		active = undefined;
	});

	afterEach(async () => {
		if (active) await n8n.deactivate(active);
		await close.stop();
	});

	const imported = async (workflow: WorkflowJson) =>
		await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	const executions = async () => await n8n.executions(active!);

	return {
		get close() {
			return close;
		},
		imported,
		/** The runs of the active workflow. */
		executions,
		/** Activates a workflow, and waits until Close would tell it of texts. */
		activate: async (workflow: WorkflowJson) => {
			active = await imported(workflow);
			await n8n.activate(active);
			await waitUntil(async () => close.webhooks.list().length > 0);
		},
		receive: async (from: string, text: string) => {
			close.receive({ from, text });
			await close.webhooks.deliverAll();
		},
		/** Close has all of these before n8n hears of the first, however slow n8n is. */
		receiveAll: async (messages: Array<[from: string, text: string]>) => {
			for (const [from, text] of messages) close.receive({ from, text });
			await close.webhooks.deliverAll();
		},
		/** Waits until so many runs have ended well. */
		runs: async (count: number) =>
			await waitUntil(
				async () =>
					(await executions()).filter(({ status }) => status === 'success').length >= count,
			),
	};
}
