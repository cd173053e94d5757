import { CloseClient, type Exchange } from '../../dev/contract/closeClient';
import { EXPECTATIONS } from '../../dev/contract/expectations';
import { Journal } from '../../dev/contract/journal';
import { readOrganization } from '../../dev/contract/organization';
import { Receiver } from '../../dev/contract/receiver';
import { runContract, type RunOptions, type RunResult } from '../../dev/contract/runContract';
import { MAX_TEXTS } from '../../dev/contract/sendGuard';
import { sendToStorage } from '../../dev/contract/storage';
import { fs, os, path, wait } from '../../dev/platform';
import { CLOSE_RATE_LIMIT, startSimulator, type Doubts, type Simulator } from '../../dev/simulator';

/** The phone of the person who runs the check. */
export const OWN_PHONE = '+14155550177';

interface Options extends Partial<RunOptions> {
	apiKey?: string;
	/** of a proxy in front of it */
	baseUrl?: string;
	onExchange?: (exchange: Exchange) => void;
}

/** Tries the contract on a simulated Close, whose time passes where a person would wait. */
export async function tryContract(close: Simulator, options: Options = {}): Promise<RunResult> {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'contract-test-'));
	const apiKey = options.apiKey ?? close.account.apiKey;
	const connection = {
		baseUrl: options.baseUrl ?? close.baseUrl,
		apiKey,
		// Deliveries and the carrier take real milliseconds.
		wait: async (ms: number) => {
			close.clock.advance(ms);
			await wait(5);
		},
	};
	const client = new CloseClient({ ...connection, onExchange: options.onExchange });
	try {
		return await runContract({
			expectations: EXPECTATIONS,
			apiKeyId: apiKey.split('.')[0],
			accessToken: close.account.accessToken,
			maxTexts: MAX_TEXTS,
			client,
			cleaner: new CloseClient(connection),
			organization: await readOrganization(client),
			journal: await Journal.open(path.join(folder, 'journal.json')),
			wait: connection.wait,
			store: sendToStorage,
			...options,
		});
	} finally {
		await fs.rm(folder, { recursive: true });
	}
}

/** With everything that a person could allow: texts to their own phone, deliveries, exceeding the limit. */
export async function tryWholeContract(
	close: Simulator,
	options: Options = {},
): Promise<RunResult> {
	const receiver = await Receiver.start((port) => `http://127.0.0.1:${port}`, 0, 'own');
	try {
		return await tryContract(close, {
			textMe: OWN_PHONE,
			receiver,
			mayExceedLimit: true,
			...options,
		});
	} finally {
		await receiver.stop();
	}
}

/** A simulated Close with Close's limit. */
export const startWith = async (doubts: Partial<Doubts> = {}): Promise<Simulator> =>
	await startSimulator({ doubts, rateLimit: CLOSE_RATE_LIMIT });
