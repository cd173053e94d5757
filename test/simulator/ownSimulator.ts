import { startSimulator, type Simulator } from '../../dev/simulator';

const started: Simulator[] = [];
const idle: Simulator[] = [];

afterAll(async () => await Promise.all(started.map(async (one) => await one.stop())));

async function start(): Promise<Simulator> {
	const close = await startSimulator();
	started.push(close);
	return close;
}

/**
 * Gives a Close of its own to something that happens while other tests of the file run. One that is no longer needed
 * serves again, with a fresh account, another key and another address, so that nobody remembers anything about it.
 */
export async function withOwnSimulator<T>(act: (close: Simulator) => Promise<T>): Promise<T> {
	const close = idle.pop() ?? (await start());
	close.reset();
	close.addApiKey();
	close.addAddress();
	return await act(close).finally(() => idle.push(close));
}
