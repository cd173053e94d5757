import axios from 'axios';

import { EXPECTATIONS } from '../../dev/contract/expectations';
import type { JsonObject } from '../../dev/contract/jsonObject';
import { Receiver } from '../../dev/contract/receiver';
import { createServer, say } from '../../dev/platform';
import { signature, type Simulator } from '../../dev/simulator';
import { BROKEN_CLOSES, type Broken } from './brokenCloses';
import { startPerturbingProxy, type PerturbingProxy } from './perturbingProxy';
import { OWN_PHONE, startWith, tryContract } from './setUpContract';

/**
 * The mutation test of the contract: for each expectation a Close that does not do it, of which the expectation must say
 * so. Without that a green run on the real Close would prove nothing.
 */

let close: Simulator;
let proxy: PerturbingProxy;

beforeAll(async () => {
	close = await startWith();
	proxy = await startPerturbingProxy(close.baseUrl);
});
beforeEach(() => close.reset());
afterAll(async () => {
	await proxy.stop();
	await close.stop();
});

/** Stands between Close and the receiver of deliveries: alters events, and signs them anew. */
async function startTampering({ event: alter = (event) => event, isSignedWrongly }: Broken) {
	let target = '';
	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			void (async () => {
				const body = JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
				const { signature_key: key } = close.webhooks
					.list()
					.find(({ id }) => id === body.subscription_id)!;
				const data = JSON.stringify({ ...body, event: alter(body.event as JsonObject) });
				const timestamp = String(incoming.headers['close-sig-timestamp']);
				const hash = signature(isSignedWrongly ? '00'.repeat(32) : key, timestamp, data);
				await axios.post(target + incoming.url, data, {
					headers: { 'close-sig-timestamp': timestamp, 'close-sig-hash': hash },
					proxy: false,
					validateStatus: () => true,
				});
				outgoing.writeHead(200).end();
			})();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const receiver = await Receiver.start(
		(own) => {
			target = `http://127.0.0.1:${own}`;
			return `http://127.0.0.1:${port}`;
		},
		0,
		'own',
	);
	const stop = async () => {
		server.closeAllConnections();
		await new Promise<void>((resolve) => server.close(() => resolve()));
		await receiver.stop();
	};
	return { receiver, stop };
}

const found: string[] = [];

test.each(EXPECTATIONS.map(({ name }) => name))(
	'%s differs from a Close that breaks it',
	async (name) => {
		const broken = BROKEN_CLOSES[name];
		expect(broken).toBeDefined();
		if (name === 'failure-names-the-number') close.carrier.fails(OWN_PHONE, 30006);
		proxy.perturb(broken.perturbation);
		const tampering = await startTampering(broken);
		const { attempts } = await tryContract(close, {
			baseUrl: proxy.baseUrl,
			expectations: EXPECTATIONS.filter((one) => one.name === name),
			textMe: OWN_PHONE,
			receiver: tampering.receiver,
			mayExceedLimit: true,
			...(broken.store && { store: broken.store }),
		});
		await tampering.stop();
		const [{ outcome }] = attempts;
		expect([name, outcome.result, 'reason' in outcome && outcome.reason.text]).toEqual([
			name,
			'differs',
			false,
		]);
		found.push(name);
	},
);

test('every expectation can fail', () => {
	say(
		`${found.length} of ${EXPECTATIONS.length} expectations differ from a Close that breaks them`,
	);
	expect(Object.keys(BROKEN_CLOSES).sort()).toEqual(EXPECTATIONS.map(({ name }) => name).sort());
	expect(found).toHaveLength(EXPECTATIONS.length);
});
