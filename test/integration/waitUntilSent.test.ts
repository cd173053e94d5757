import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { wait } from '../../dev/platform';
import { ERROR_MODES, messages, said, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const from = () => byNumber(sms.close.account.phoneNumbers.main.number);
const person = '+14155550101';

const waiting = (seconds: number, more: INodeParameters = {}) => ({
	options: { waitUntilSent: seconds, ...more } as INodeParameters,
});

/** Sends drafts to as many people. */
const sendDrafts = async (
	drafts: Array<{ id: string }>,
	parameters: INodeParameters,
	options: object = {},
) =>
	await sms.run(
		'sendDraft',
		{ smsId: byId('={{ $json.id }}'), ...parameters },
		{ items: drafts.map(({ id }) => ({ id })), ...options },
	);

const lists = () => sms.wire().filter(({ path }) => path === '/activity/sms/');
const listsOfIds = () => lists().filter(({ query }) => query && 'id__in' in (query as object));

describe('sent in time', () => {
	test.each([
		['Send Draft', async (more: INodeParameters) => await sendDrafts(sms.drafts(1), more)],
		[
			'Send',
			async (more: INodeParameters) =>
				await sms.run('send', { to: byNumber(person), from: from(), message: 'Hi', ...more }),
		],
		[
			'Schedule',
			async (more: INodeParameters) =>
				await sms.run('schedule', {
					smsId: byId(sms.drafts(1)[0].id),
					sendAt: new Date(Date.now() + 2000).toISOString(),
					...more,
				}),
		],
	])('%s: the text as it is then', async (_, send) => {
		const { json, error } = await send(waiting(30));

		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		const { _note, ...activity } = json[0];
		expect(activity).toEqual(sms.close.sms(String(activity.id)));
		expect(activity.status).toBe('sent');
		expect(String(_note ?? '')).not.toContain('Not sent');
		expect(sms.close.texted).toHaveLength(1);
	});

	test('the output is shaped as always, with message info', async () => {
		const { json } = await sendDrafts(sms.drafts(1), {
			output: 'selected',
			fields: ['status'],
			...waiting(30, { addMessageInfo: true }),
		});

		expect(json).toEqual([
			{
				id: expect.stringMatching(/^acti_/),
				status: 'sent',
				segments: expect.objectContaining({ count: 1 }),
				localTime: null,
			},
		]);
	});
});

test('all that wait are read in one pass, and those behind them go on meanwhile', async () => {
	sms.close.carrierDelay(1500);
	const drafts = sms.drafts(120);
	const { json, error } = await sendDrafts(drafts, waiting(60, { maxConcurrency: 2 }));

	expect(error).toBeUndefined();
	expect(json.map(({ id }) => id)).toEqual(drafts.map(({ id }) => id));
	expect(new Set(json.map(({ status }) => status))).toEqual(new Set(['sent']));
	// Two requests for each item, and a few lists for all of them.
	expect(sms.close.requests.length - 240).toBeLessThanOrEqual(20);
	expect(listsOfIds().length).toBe(sms.close.requests.length - 240);
	expect(drafts.map(({ remotePhone }) => sms.close.timesTexted(remotePhone))).toEqual(
		Array(120).fill(1),
	);
	// Had each held its place for 1.5 seconds, two at a time would take a minute and a half.
	const puts = sms.close.requests.filter(({ method }) => method === 'PUT');
	expect(puts[119].at - puts[0].at).toBeLessThan(20_000);
}, 60_000);

describe('not sent in time', () => {
	test('the text as it is, with a note; it is not sent again', async () => {
		sms.close.carrierDelay(3_600_000);
		const { json, error } = await sendDrafts(sms.drafts(1), waiting(2));

		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{
				status: 'outbox',
				_note:
					'Not sent within 2 seconds: it is in the outbox, about to go out. It was not sent again.',
			},
		]);
		expect(sms.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('one that is scheduled for later is not waited for', async () => {
		const { json } = await sms.run('schedule', {
			smsId: byId(sms.drafts(1)[0].id),
			sendAt: '2036-01-01T09:00:00Z',
			...waiting(3600),
		});

		expect(json).toMatchObject([
			{
				status: 'scheduled',
				_note: 'Did not wait: it is scheduled for 2036-01-01T09:00:00Z.',
			},
		]);
		expect(listsOfIds()).toEqual([]);
	});

	test('somebody takes it back: as it is then', async () => {
		sms.close.carrierDelay(3_600_000);
		const [{ id }] = sms.drafts(1);
		sms.close.meanwhile(({ method, query }) => {
			if (method === 'GET' && 'id__in' in query)
				sms.close.addSms({ ...sms.close.sms(id)!, status: 'draft' });
		});
		const { json } = await sendDrafts([{ id }], waiting(30));

		expect(json).toMatchObject([
			{ status: 'draft', _note: 'It was changed while this waited: it is a draft.' },
		]);
	});

	test.each([
		['Close is down', { kind: 'status', status: 503 } as const],
		['Close refuses the list', { kind: 'status', status: 400 } as const],
		['the list is a maintenance page', { kind: 'html', status: 200 } as const],
	])('%s: the text as it was when it went out', async (_, fault) => {
		sms.close.faults.order({
			...fault,
			times: 1000,
			match: { method: 'GET', path: '/activity/sms/$' },
		});
		const { json, error } = await sendDrafts(sms.drafts(1), waiting(2, { maxRetries: 0 }));

		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{
				status: 'outbox',
				_note: 'Close did not say within 2 seconds whether it was sent. It was not sent again.',
			},
		]);
	});

	test('a list that ignores the IDs proves nothing about the SMS', async () => {
		sms.close.carrierDelay(3_600_000);
		sms.close.faults.order({
			kind: 'status',
			status: 200,
			body: { data: [{ id: 'acti_another', status: 'sent' }], has_more: true },
			times: 1000,
			match: { method: 'GET', path: '/activity/sms/$' },
		});
		const { json } = await sendDrafts(sms.drafts(1), waiting(2));
		expect(json).toMatchObject([
			{ status: 'outbox', _note: expect.stringContaining('did not say') },
		]);
	});
});

describe('the carrier does not deliver', () => {
	const message = (id: string) =>
		`This SMS was not delivered: 30006 landline or unreachable carrier. The number is a landline, or its carrier cannot be reached. Its ID is ${id}`;

	test.each(ERROR_MODES)('an error in its words and ours, on error %s', async (onError) => {
		const [draft] = sms.drafts(1);
		sms.close.carrier.fails(draft.remotePhone, 30006);
		const run = await sendDrafts([draft], waiting(30), { node: { onError } });

		expect(messages(run)).toEqual([message(draft.id)]);
		if (onError === 'stopWorkflow')
			expect(said(run)).toContain(
				'Text a mobile number of this person, or call. It was not sent again.',
			);
		expect(sms.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('in Stop mode nothing else goes out after that; what went out before is named', async () => {
		const drafts = sms.drafts(40);
		sms.close.carrier.fails(drafts[0].remotePhone, 21610);
		sms.close.latency(200);
		const { error } = await sendDrafts(drafts, waiting(30, { maxConcurrency: 1 }));

		expect(error?.message).toContain('The person has opted out of SMS from this number');
		const texted = drafts.filter(
			({ remotePhone }) => sms.close.timesTexted(remotePhone) > 0,
		).length;
		expect(texted).toBeLessThan(39);
		expect(error?.description).toContain(`Not started: items ${texted + 1} to 39`);
		sms.deliver();
		expect(sms.close.texted).toHaveLength(texted);
	}, 30_000);

	test('Continue: one error, and the others are sent', async () => {
		const drafts = sms.drafts(5);
		sms.close.carrier.fails(drafts[2].remotePhone, 30007);
		const run = await sendDrafts(drafts, waiting(30), {
			node: { onError: 'continueRegularOutput' },
		});

		expect(run.json.map(({ status }) => status ?? 'error')).toEqual([
			'sent',
			'sent',
			'error',
			'sent',
			'sent',
		]);
		expect(messages(run)[2]).toMatch(/\[item 2\]: 30007 .*The carrier filtered it out/);
	});

	test('Retry On Fail: it is not sent again', async () => {
		sms.close.carrier.fails(person, 30003);
		const { error } = await sms.run(
			'send',
			{ to: byNumber(person), from: from(), message: 'Hi', ...waiting(30) },
			{ node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 } },
		);

		expect(error?.message).toContain('30003');
		expect(
			sms.close
				.allSms()
				.filter(({ remote_phone, text }) => remote_phone === person && text === 'Hi'),
		).toHaveLength(1);
		expect(sms.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('an agent reads it as a result, so that n8n does not call the tool again', async () => {
		sms.close.carrier.fails(person, 30003);
		const { json } = await sms.run(
			'send',
			{
				to: byNumber(person),
				from: from(),
				message: "={{ $fromAI('text') }}",
				...waiting(30),
			},
			{
				agentCalls: [{ text: 'Hi' }],
				node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			},
		);

		expect(json[0].answer as IDataObject).toMatchObject([
			{
				error: {
					message: expect.stringContaining('This SMS was not delivered: 30003') as string,
					outcome: 'undelivered',
				},
			},
		]);
		expect(sms.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});
});

test('canceled while it waits: it ends at once, and nothing more is sent', async () => {
	sms.close.carrierDelay(3_600_000);
	const cancelWhenListed = async (execution: { cancel(): void }) => {
		while (listsOfIds().length === 0) await wait(5);
		execution.cancel();
	};
	const run = sendDrafts(sms.drafts(3), waiting(600), { onStart: cancelWhenListed }).catch(
		() => undefined,
	);

	expect(
		await Promise.race([run.then(() => 'ended'), wait(5000, 'still waiting', { ref: false })]),
	).toBe('ended');
	expect(sms.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(3);
});

test('a dry run waits for nothing, and says that it would', async () => {
	const { json } = await sendDrafts(sms.drafts(1), waiting(600, { dryRun: true }));

	expect(sms.wire()).toEqual([]);
	expect(json[0]._note).toContain('The SMS would then be read until it is sent');
});

test.each([
	['={{ "soon" }}', "'Wait Until Sent (Seconds)' is not a number of seconds"],
	['={{ -1 }}', "'Wait Until Sent (Seconds)' is not a number of seconds"],
	['={{ undefined }}', "'Wait Until Sent (Seconds)' is empty"],
])('%s is an error before any request', async (waitUntilSent, message) => {
	const { error } = await sendDrafts(sms.drafts(1), {
		options: { waitUntilSent } as INodeParameters,
	});
	expect(error?.message).toContain(message);
	expect(sms.wire()).toEqual([]);
});
