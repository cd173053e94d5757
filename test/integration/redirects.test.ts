import type { INodeProperties, INodeType } from 'n8n-workflow';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';
import { CloseSmsTrigger } from '../../nodes/CloseSmsTrigger/CloseSmsTrigger.node';
import { CloseSmsApi } from '../../credentials/CloseSmsApi.credentials';
import { createServer } from '../../dev/platform';
import { OPERATIONS, prepare } from './faultTable';
import { byId } from '../../dev/locators';
import { setUpSms, said } from './setUpSms';
import { pick } from './pick';
import { runNode } from '../../dev/engine/runNode';

const on = setUpSms();
const STATUSES = [301, 302, 303, 307, 308];

/** Somebody else's server, and what arrives there. */
const seen: Array<Record<string, unknown>> = [];
const elsewhere = createServer((request, response) => {
	seen.push({ method: request.method, ...request.headers });
	response.setHeader('content-type', 'application/json');
	response.end('{"id":"acti_1","data":[]}');
});
let url: string;

beforeAll(async () => {
	await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
	// By another name than the simulator's, so that it is another host, not only another port.
	url = `http://localhost:${(elsewhere.address() as { port: number }).port}/elsewhere/`;
});
beforeEach(() => {
	seen.length = 0;
});
afterAll(() => {
	elsewhere.close();
});

const redirect = (status: number, location = url) =>
	on.close.faults.order({ kind: 'status', status, headers: { location }, times: 99 });
const credential = () => ({
	authentication: 'basic',
	apiKey: on.close.account.apiKey,
	baseUrl: on.close.baseUrl,
});

describe('pickers follow no redirect', () => {
	const pickers = Object.keys(new CloseSms().methods.listSearch) as Array<
		Parameters<typeof pick>[0]
	>;

	/** Asks while Close answers with a redirect to the other server. */
	const redirected = async (status: number, ...asked: Parameters<typeof pick>) => {
		redirect(status);
		const outcome = await pick(...asked).catch((error: unknown) => error);

		expect(seen).toEqual([]);
		expect(outcome).toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(/^Close did not return the list: /),
		});
	};

	test.each(pickers)('%s, to another host: the key is not taken along', async (picker) => {
		await redirected(302, picker);
	});

	test.each(STATUSES)('%d', async (status) => {
		await redirected(status, 'getUsers');
	});

	test('with a token', async () => {
		const { baseUrl, account } = on.close;
		const bearer = { authentication: 'bearer', accessToken: account.accessToken, baseUrl };
		await redirected(307, 'getUsers', { credential: bearer });
	});

	test('a search, which is a POST', async () => {
		await redirected(307, 'getLeads', { filter: 'north' });
	});

	test('on the same host', async () => {
		redirect(302, `${on.close.url}/elsewhere/`);

		await expect(pick('getUsers')).rejects.toMatchObject({ name: 'NodeApiError' });
		expect(on.wire()).toHaveLength(1);
	});

	test("the trigger's are the same ones", () => {
		const { listSearch } = new CloseSmsTrigger().methods;
		const ours = new CloseSms().methods.listSearch;

		for (const [name, picker] of Object.entries(listSearch))
			expect(picker).toBe(ours[name as keyof typeof ours]);
	});
});

describe("the credential's test follows no redirect", () => {
	/** What n8n makes of a credential's test: a node whose only property sends its request (`CredentialsTester`). */
	const asNode = (): INodeType => {
		const { request } = new CloseSmsApi().test;
		const property = {
			displayName: 'Temp',
			name: 'temp',
			type: 'string',
			default: '',
			routing: { request },
		} satisfies INodeProperties;
		return {
			description: {
				displayName: 'Temp',
				name: 'temp',
				group: ['input'],
				version: 1,
				description: '',
				defaults: { name: 'Temp' },
				inputs: ['main'],
				outputs: ['main'],
				credentials: [{ name: 'closeSmsApi', required: true }],
				properties: [property],
			},
		};
	};
	const tested = async () =>
		await runNode({
			parameters: {},
			instead: { node: asNode(), type: 'test.temp', typeVersion: 1 },
			credential: credential(),
		});

	test('without one it passes', async () => {
		const { error } = await tested();

		expect(error).toBeUndefined();
		expect(on.wire()).toMatchObject([{ path: '/me/' }]);
	});

	test.each(STATUSES)(
		'%d, to another host: it fails, and the key is not taken along',
		async (status) => {
			redirect(status);
			const { error } = await tested();

			expect(seen).toEqual([]);
			expect(error).toBeDefined();
		},
	);
});

describe('the action node follows no redirect', () => {
	test.each(Object.keys(OPERATIONS))('%s', async (name) => {
		const { run } = prepare(on.close, OPERATIONS[name], {});
		redirect(307);
		const { error } = await run('', { maxRetries: 0 });

		expect(seen).toEqual([]);
		expect(error).toBeDefined();
	});

	test.each(STATUSES)('Update, Outbox, %d on the same host', async (status) => {
		const { id } = on.close.account.texts.draft;
		redirect(status, `${on.close.url}/elsewhere/`);
		const run = await on.run('update', {
			smsId: byId(id),
			updateFields: { status: 'outbox' },
			options: { maxRetries: 0 },
		});

		expect(said(run)).toMatch(/\w{3}/);
		expect(on.wire().filter(({ path }) => path !== `/activity/sms/${id}/`)).toEqual([]);
	});
});
