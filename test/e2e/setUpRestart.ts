import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { startReceiver } from './deliverThroughRestart';

const MINUTES = 60_000;

/** An n8n of the test file's own, which its tests restart, with a simulated Close and what the workflows tell. */
export function setUpRestart() {
	let close: Simulator;
	let n8n: N8n;
	let receiver: Awaited<ReturnType<typeof startReceiver>>;
	beforeAll(async () => {
		close = await startSimulator();
		receiver = await startReceiver();
		n8n = await startN8n();
	}, 5 * MINUTES);
	afterEach(() => close.reset());
	afterAll(async () => {
		await n8n.stop();
		await receiver.stop();
		await close.stop();
	});
	return () => ({ close, n8n, receiver });
}
