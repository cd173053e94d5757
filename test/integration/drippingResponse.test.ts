import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { createServer, process, wait } from '../../dev/platform';
import type { Fault, FaultMatch } from '../../dev/simulator';
import { startFileStore } from './fileStore';
import { pick } from './pick';
import { DRAFT_ID, ERROR_MODES, errorOf, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550101';
const LATER = '2035-06-01T09:00:00Z';

/** Byte by byte, so that the connection is never silent: an SMS takes ten minutes. */
const drip = (match: FaultMatch, more: Partial<Fault> = {}) =>
	on.close.faults.order({ kind: 'drip', delayMs: 500, match, times: 99, ...more });

const soon = { giveUpAfter: 3, maxRetries: 0 };

/** A draft for item 0 to 2, of which the second one's response drips. */
function threeDrafts() {
	const items = on.drafts(3);
	return { items, second: items[1], match: { method: 'PUT', path: items[1].id } };
}

const rejections: unknown[] = [];
const keep = (reason: unknown) => rejections.push(reason);
beforeAll(() => process.on('unhandledRejection', keep));
afterAll(() => process.off('unhandledRejection', keep));
afterEach(() => expect(rejections.splice(0)).toEqual([]));

describe("a response that comes byte by byte ends with 'Give Up After'", () => {
	test.each<[string, string, INodeParameters, FaultMatch]>([
		['Get', 'get', { smsId: byId(DRAFT_ID) }, { method: 'GET' }],
		['Get Many', 'getAll', {}, { method: 'GET' }],
		[
			'Get Conversation',
			'getConversation',
			{ person: { __rl: true, mode: 'number', value: PHONE } },
			{ path: 'search' },
		],
		['the read of Send Draft', 'sendDraft', { smsId: byId(DRAFT_ID) }, { method: 'GET' }],
		[
			'the search of Check Opt-Out',
			'send',
			{ ...sendTo(PHONE, 'Hi'), options: { checkOptOut: true } },
			{ path: 'search' },
		],
		[
			'the list of Skip If Texted Within',
			'send',
			{ ...sendTo(PHONE, 'Hi'), options: { skipIfTextedWithin: 60 } },
			{ method: 'GET', path: '^/activity/sms/$' },
		],
		[
			'the search of Skip If Texted Anything Within',
			'send',
			{ ...sendTo(PHONE, 'Hi'), options: { skipIfTextedAnythingWithin: 60 } },
			{ path: 'search' },
		],
		[
			'the search of Skip Numbers That Failed',
			'send',
			{ ...sendTo(PHONE, 'Hi'), options: { skipNumbersThatFailed: true } },
			{ path: 'search' },
		],
		[
			'the contact in To',
			'send',
			{
				...sendTo(PHONE, 'Hi'),
				to: { __rl: true, mode: 'contact', value: 'cont_maria00000000000000000' },
			},
			{ path: '^/contact/' },
		],
	])(
		'%s: an error that says how long it was waited for',
		async (_, operation, parameters, match) => {
			drip(match);
			const options = { ...(parameters.options as INodeParameters), ...soon };
			const run = await on.start(operation, { ...parameters, options }).within(20_000);
			on.deliver();

			expect(said(run)).toMatch(/no response within \d seconds/);
			expect(on.close.texted).toEqual([]);
		},
	);

	test("'Wait Until Sent' ends in its own time", async () => {
		on.close.carrierDelay(3_600_000);
		drip({ method: 'GET', path: '^/activity/sms/$' });
		const options = { waitUntilSent: 2 };
		const { json } = await on.start('sendDraft', { smsId: byId(DRAFT_ID), options }).within(15_000);

		expect(json[0]._note).toMatch(/did not say within 2 seconds/);
	});

	test('without it by its default, five minutes', async () => {
		drip({ method: 'GET' });
		const run = await on.start('get', { smsId: byId(DRAFT_ID) }).within(310_000);

		expect(said(run)).toMatch(/no response within 300 seconds/);
	});
});

describe('a response to what texts a person that comes byte by byte is a lost one', () => {
	const operations: Array<[string, INodeParameters]> = [
		['sendDraft', {}],
		['schedule', { sendAt: LATER }],
		['update', { updateFields: { status: 'outbox' } }],
	];

	test.each(
		operations.flatMap(([name, parameters]) =>
			ERROR_MODES.map((mode) => [name, mode, parameters] as const),
		),
	)('%s, %s: it is read back, all is done once', async (operation, onError, parameters) => {
		const { items, match } = threeDrafts();
		drip(match);
		const run = await on
			.start(
				operation,
				{ smsId: byId('={{ $json.id }}'), ...parameters, options: soon },
				{ items, node: { onError } },
			)
			.within(25_000);
		on.advancePast(LATER);

		expect(said(run)).toBe('');
		expect(run.json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
		for (const { remotePhone } of items) expect(on.close.timesTexted(remotePhone)).toBe(1);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(3);
	});

	test.each(ERROR_MODES)(
		'not done by the second look, %s: it is said, and the others go their way',
		async (onError) => {
			const { items, second, match } = threeDrafts();
			drip(match, { applied: false });
			const options = { ...soon, maxConcurrency: 1 };
			const run = await on
				.start(
					'sendDraft',
					{ smsId: byId('={{ $json.id }}'), options },
					{ items, node: { onError } },
				)
				.within(30_000);
			on.deliver();

			expect(said(run)).toMatch(
				/no response within \d+ seconds.* still a draft \d\d seconds later/,
			);
			expect(on.close.timesTexted(items[0].remotePhone)).toBe(1);
			expect(on.close.timesTexted(second.remotePhone)).toBe(0);
			expect(on.close.timesTexted(items[2].remotePhone)).toBe(onError === 'stopWorkflow' ? 0 : 1);
		},
	);

	test.each(ERROR_MODES)('the look drips too, %s: it may have been sent', async (onError) => {
		const { items, second, match } = threeDrafts();
		drip(match);
		drip({ method: 'GET', path: second.id }, { after: 1 });
		const run = await on
			.start(
				'sendDraft',
				{ smsId: byId('={{ $json.id }}'), options: { ...soon, maxConcurrency: 1 } },
				{ items, node: { onError } },
			)
			.within(50_000);
		on.deliver();

		expect(said(run)).toMatch(/This SMS may have been sent.*no response within \d seconds/);
		expect(said(run)).not.toMatch(/nobody was texted/i);
		expect(on.close.timesTexted(second.remotePhone)).toBe(1);
	});

	test('Retry On Fail: the second try finds what the first one did', async () => {
		const { items, second, match } = threeDrafts();
		drip(match, { times: 1 });
		drip({ method: 'GET', path: second.id }, { after: 1, times: 1 });
		const run = await on
			.start(
				'sendDraft',
				{ smsId: byId('={{ $json.id }}'), options: soon },
				{ items, node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
			)
			.within(90_000);
		on.deliver();

		expect(said(run)).toBe('');
		for (const { remotePhone } of items) expect(on.close.timesTexted(remotePhone)).toBe(1);
	});

	test('Send: its draft is looked for in the list, and goes out once', async () => {
		drip({ method: 'POST', path: '^/activity/sms/$' });
		const run = await on.start('send', { ...sendTo(PHONE, 'Hi'), options: soon }).within(20_000);
		on.deliver();

		expect(said(run)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(on.close.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});
});

describe('what comes of a response after it was given up', () => {
	/** The response is whole 8 to 12 seconds after the request: an SMS has 1,000 bytes. */
	const late = { delayMs: 10 };

	test('is not taken for that of the look', async () => {
		drip({ method: 'PUT' }, { ...late, answerWith: { status: 'draft', text: 'of the other' } });
		on.close.faults.order({ kind: 'slow', delayMs: 6000, match: { method: 'GET' }, after: 1 });
		const run = await on
			.start('sendDraft', { smsId: byId(DRAFT_ID), options: { giveUpAfter: 1, maxRetries: 0 } })
			.within(30_000);

		expect(said(run)).toBe('');
		expect(run.json).toMatchObject([{ text: on.close.sms(DRAFT_ID)!.text }]);
	});

	test('lets nothing more out than it may', async () => {
		const items = on.drafts(6);
		drip({ method: 'GET', path: items[0].id }, late);
		on.close.faults.order({ kind: 'slow', delayMs: 3000, match: { method: 'GET' }, times: 99 });
		const arrivals: number[] = [];
		on.close.observe(() => void arrivals.push(performance.now()));
		const options = { giveUpAfter: 4, maxRetries: 0, maxConcurrency: 1 };
		const run = await on
			.start(
				'get',
				{ smsId: byId('={{ $json.id }}'), options },
				{ items, node: { onError: 'continueRegularOutput' } },
			)
			.within(40_000);

		expect(run.items.map((item) => errorOf(item) === undefined)).toEqual([
			false,
			true,
			true,
			true,
			true,
			true,
		]);
		const ended = arrivals.slice(-5);
		for (let n = 1; n < 5; n++) expect(ended[n] - ended[n - 1]).toBeGreaterThan(2500);
	});

	test('a failure by then troubles nobody', async () => {
		const server = createServer((request, response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			response.write('{');
			void wait(6000).then(() => request.socket.destroy());
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const credential = {
			authentication: 'basic',
			apiKey: 'k',
			baseUrl: `http://127.0.0.1:${port}`,
		};
		const run = await on
			.start('get', { smsId: byId(DRAFT_ID), options: soon }, { credential })
			.within(20_000);
		await wait(8000);
		server.close();

		expect(said(run)).toMatch(/no response within \d seconds/);
	});
});

describe('when the execution is canceled while a response drips', () => {
	test.each<[string, string, FaultMatch]>([
		['a read', 'get', { method: 'GET' }],
		['what texts a person', 'sendDraft', { method: 'PUT' }],
	])('%s: the run ends at once', async (_, operation, match) => {
		drip(match);
		const running = on.start(operation, { smsId: byId(DRAFT_ID) });
		await wait(10_000);
		running.cancel();
		await running.within(5000);
		const asked = on.close.requests.length;
		await wait(20_000);

		expect(on.close.requests).toHaveLength(asked);
	});
});

describe('an upload', () => {
	const input = [
		{ json: {}, binary: { data: { data: 'eA==', fileName: 'a.png', mimeType: 'image/png' } } },
	];
	const attach = () =>
		on.start(
			'update',
			{
				smsId: byId(DRAFT_ID),
				updateFields: { attachments: { attachment: [{}] }, status: 'outbox' },
				options: soon,
			},
			{ input },
		);

	test('whose announcement drips', async () => {
		drip({ path: 'files' });
		const run = await attach().within(20_000);
		expect(said(run)).toMatch(/'a\.png' could not be uploaded: no response within \d seconds/);
	});

	test('whose storage drips', async () => {
		let isOver = false;
		const stop = await startFileStore(on.close, (request, response) => {
			request.resume();
			response.writeHead(201);
			const next = () => {
				if (isOver) return void response.end();
				response.write(' ');
				void wait(500).then(next);
			};
			next();
		});
		const run = await attach()
			.within(20_000)
			.finally(() => {
				isOver = true;
				stop();
			});

		expect(said(run)).toMatch(/'a\.png' could not be uploaded: no response within \d seconds/);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
	});
});

test('a picker waits half a minute for each response, not longer', async () => {
	drip({ method: 'GET' });
	const picked = pick('getUsers').then(
		() => 'a list',
		(error: Error) => error.message,
	);
	const words = await Promise.race([picked, wait(150_000, 'nothing in time', { ref: false })]);

	expect(words).toMatch(/no response within 30 seconds/);
});
