import { sleep, type INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { at, ERROR_MODES, messages, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

/** 'Skip If Texted Anything Within' and 'Skip Numbers That Failed'. */

const on = setUpSms();
const PHONE = '+14155550101';
const OTHER = '+14155550102';
const LOCAL = '+14155550100';
const LEAD = 'lead_bluebird00000000000000';

const send = async (
	options: INodeParameters,
	more: INodeParameters = {},
	run: Parameters<typeof on.run>[2] = {},
) =>
	await on.run(
		'send',
		{ ...sendTo(PHONE, 'Hi Maria', { additionalFields: {}, ...more }), options },
		run,
	);
const earlier = (known: Partial<SmsActivity> = {}) =>
	on.close.addSms({
		text: 'Good morning',
		status: 'sent',
		remote_phone: PHONE,
		local_phone: LOCAL,
		lead_id: LEAD,
		date_created: new Date(on.close.clock.now().getTime() - 600_000).toISOString(),
		...known,
	});
const ids = () => on.close.allSms().map(({ id }) => id);
const notes = ({ json }: { json: Array<Record<string, unknown>> }) =>
	json.map(({ _note }) => _note);
const ANYTHING = { skipIfTextedAnythingWithin: 60 };
const FAILED = { skipNumbersThatFailed: true };

describe('Skip If Texted Anything Within', () => {
	test.each<[string, Partial<SmsActivity>, INodeParameters, boolean]>([
		['other words within the time', {}, ANYTHING, true],
		['the same words within the time', { text: 'Hi Maria' }, ANYTHING, true],
		['other words before the time', {}, { skipIfTextedAnythingWithin: 5 }, false],
		['switched off', {}, { skipIfTextedAnythingWithin: 0 }, false],
		['to another number', { remote_phone: OTHER }, ANYTHING, false],
		['a draft', { status: 'draft' }, ANYTHING, false],
		['one that failed', { status: 'error', error_message: '30003' }, ANYTHING, false],
		['one that came in', { status: 'inbox', direction: 'inbound' }, ANYTHING, false],
		['on no lead', { lead_id: null }, ANYTHING, true],
	])('%s', async (_, known, options, isSkipped) => {
		const one = earlier(known);
		const before = ids();
		const run = await send(options);
		on.deliver();

		expect(run.error).toBeUndefined();
		expect(on.close.timesTexted(PHONE)).toBe(isSkipped ? 0 : 1);
		if (!isSkipped) return;
		expect(run.json[0]).toMatchObject({ id: one.id });
		expect(notes(run)[0]).toMatch(
			/^Not sent, by 'Skip If Texted Anything Within \(Minutes\)': this is another SMS to the same number, /,
		);
		expect(ids()).toEqual(before);
	});

	test.each(ERROR_MODES)(
		'two items with other words: the first goes out, on error: %s',
		async (onError) => {
			const run = await send(
				ANYTHING,
				{ message: '={{ $json.words }}' },
				{
					items: [{ words: 'Hi' }, { words: 'Hello' }],
					node: { onError },
				},
			);
			on.deliver();

			expect(messages(run).filter(Boolean)).toEqual([]);
			expect(on.close.texted.map(({ text }) => text)).toEqual(['Hi']);
			expect(notes(run).map(Boolean)).toEqual([true, true]);
			expect(String(notes(run)[1])).toMatch(/another SMS to the same number/);
		},
	);

	test('two executions with other words at the same moment: the phone rings once, and no draft is left', async () => {
		on.close.latency(20);
		const before = ids().length;
		const runs = await Promise.all(
			['Hi', 'Hello', 'Good day'].map(async (message) => await send(ANYTHING, { message })),
		);
		on.deliver();

		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(ids()).toHaveLength(before + 1);
	});

	test('an execution with Skip If Texted Within alone comes first: its text counts', async () => {
		on.close.latency(20);
		await Promise.all([
			send({ skipIfTextedWithin: 60 }, { message: 'Hi' }),
			send(ANYTHING, { message: 'Hello' }),
		]);
		on.deliver();

		expect(on.close.texted.map(({ text }) => text)).toEqual(['Hi']);
	});

	test('Skip If Texted Within alone waits for no other words', async () => {
		on.close.latency(20);
		await Promise.all([
			send({ skipIfTextedWithin: 60 }, { message: 'Hi' }),
			send({ skipIfTextedWithin: 60 }, { message: 'Hello' }),
		]);
		on.deliver();

		expect(on.close.timesTexted(PHONE)).toBe(2);
	});

	test('the draft of another process with other words that is about to go out', async () => {
		earlier({ status: 'draft', date_created: on.close.clock.now().toISOString() });
		const run = send(ANYTHING);
		await sleep(500);
		on.close.somebody.sends(on.close.allSms()[0].id);
		await run;
		on.deliver();

		expect(on.close.texted.map(({ text }) => text)).toEqual(['Good morning']);
	}, 30_000);

	test('reminders of a week are none of each other', async () => {
		const days = [1, 8, 15].map((day) => ({ day }));
		const run = await send(
			{ skipIfTextedAnythingWithin: 1440 },
			at('={{ $now.plus({ days: $json.day }) }}'),
			{ items: days },
		);

		expect(run.error).toBeUndefined();
		expect(run.json.map(({ status }) => status)).toEqual(['scheduled', 'scheduled', 'scheduled']);
	});

	test('what counts is when Sending Hours let it go out', async () => {
		// At one in the night it is scheduled for eight, when the other one goes out.
		on.close.clock.advance(Date.parse('2035-06-02T01:00:00Z') - on.close.clock.now().getTime());
		const hours = {
			sendingHours: { hours: { from: '08:00', to: '21:00', zone: 'named', timezone: 'UTC' } },
		};
		earlier({ status: 'scheduled', date_scheduled: '2035-06-02T08:10:00+00:00' });
		const run = await send({ ...ANYTHING, ...hours });
		expect(notes(run)[0]).toMatch(/another SMS to the same number, scheduled for/);
		const far = await send({ skipIfTextedAnythingWithin: 5, ...hours });
		expect(far.json[0]).toMatchObject({ status: 'scheduled', text: 'Hi Maria' });
	});

	test.each<[string, INodeParameters]>([
		['text', { skipIfTextedAnythingWithin: '={{ "soon" }}' }],
		['empty', { skipIfTextedAnythingWithin: '={{ undefined }}' }],
		['negative', { skipIfTextedAnythingWithin: -1 }],
	])('that is %s is an error before the first request', async (_, options) => {
		expect(said(await send(options))).toMatch(/^'Skip If Texted Anything Within/);
		expect(on.wire()).toEqual([]);
	});

	test('Retry On Fail: the draft and the text of its own earlier try do not keep it back', async () => {
		on.close.faults.order({ kind: 'status', status: 402, match: { method: 'PUT' } });
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const { error, json } = await send({ ...ANYTHING, maxRetries: 0 }, {}, { node });
		on.deliver();

		expect(error).toBeUndefined();
		expect(json[0]).toMatchObject({ text: 'Hi Maria' });
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('of which it is not known: nobody is texted, and the option is named', async () => {
		on.close.faults.order({
			kind: 'status',
			status: 403,
			match: { path: '/data/search/' },
			times: 9,
		});
		const words = said(await send({ ...ANYTHING, ...FAILED }));
		on.deliver();

		expect(words).toMatch(/^It is not known what was sent to this number before: /);
		expect(words).toMatch(
			/Remove 'Skip If Texted Anything Within \(Minutes\)' and 'Skip Numbers That Failed' to send/,
		);
		expect(on.close.texted).toEqual([]);
	});

	test('as an agent tool: one call of two with other words', async () => {
		await send(
			ANYTHING,
			{ message: '={{ $fromAI("words") }}' },
			{
				agentCalls: [{ words: 'Hi' }, { words: 'Hello' }],
			},
		);
		on.deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('an outcome that is unknown: the next item, with other words, is not sent', async () => {
		on.close.faults.order({
			kind: 'status',
			status: 504,
			carriedOutAfter: 30_000,
			match: { method: 'PUT' },
		});
		on.close.faults.order({ kind: 'html', match: { method: 'GET', path: 'acti_' }, times: 99 });
		const run = await send(
			{ ...ANYTHING, maxRetries: 0, maxConcurrency: 1 },
			// A number of its own: what other tests sent to one within the last minute is looked at too.
			{ to: byNumber(OTHER), message: '={{ $json.words }}' },
			{
				items: [{ words: 'Hi' }, { words: 'Hello' }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		on.close.clock.advance(120_000);

		expect(messages(run)[0]).toMatch(/may have been sent/i);
		expect(run.json[1].error).toBeTruthy();
		expect(on.close.timesTexted(OTHER)).toBeLessThan(2);
		expect(on.close.texted.map(({ text }) => text)).not.toContain('Hello');
	}, 60_000);
});

describe('Skip Numbers That Failed', () => {
	const failed = (message: string, known: Partial<SmsActivity> = {}) =>
		earlier({ status: 'error', error_message: message, ...known });

	test.each<[string, string, boolean]>([
		['21211', '21211 invalid number', true],
		['21614', 'Error 21614', true],
		['30005', '30005 unknown destination handset', true],
		['30006', '30006 landline or unreachable carrier', true],
		['30003, which may pass', '30003 unreachable destination handset', false],
		['21610, an opt-out', '21610 recipient has opted out', false],
		['no number', 'It failed', false],
	])('the last one failed with %s', async (_, message, isSkipped) => {
		const one = failed(message);
		const before = ids();
		const run = await send(FAILED);
		on.deliver();

		expect(run.error).toBeUndefined();
		expect(on.close.timesTexted(PHONE)).toBe(isSkipped ? 0 : 1);
		if (!isSkipped) return;
		expect(run.json[0]).toMatchObject({ id: one.id, status: 'error' });
		expect(notes(run)[0]).toMatch(
			/^Not sent, by 'Skip Numbers That Failed': this is the last SMS to the number, and it failed\. The /,
		);
		expect(ids()).toEqual(before);
	});

	test.each<[string, Partial<SmsActivity>]>([
		['reached it since', { status: 'sent' }],
		['came from it since', { status: 'inbox', direction: 'inbound' }],
	])('one that %s', async (_, known) => {
		failed('30006', { date_updated: new Date(Date.now() - 900_000).toISOString() });
		earlier({
			date_sent: new Date(Date.now() - 60_000).toISOString(),
			activity_at: new Date(Date.now() - 60_000).toISOString(),
			...known,
		});
		await send(FAILED);
		on.deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('not added: it is texted', async () => {
		failed('30006');
		await send({});
		on.deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test.each<[string, INodeParameters]>([
		['alone', {}],
		['with a lead that is given', { additionalFields: { leadId: byId(LEAD) } }],
	])('a number that is in no contact, %s: the texts of nobody are read', async (_, more) => {
		const phone = '+14155550987';
		failed('30006', { remote_phone: phone, lead_id: null, contact_id: null });
		const run = await send(FAILED, { to: byNumber(phone), ...more });
		on.deliver();

		expect(notes(run)[0]).toMatch(/Skip Numbers That Failed/);
		expect(on.close.timesTexted(phone)).toBe(0);
	});

	test('many items: the texts are read once for all', async () => {
		failed('30006');
		const items = Array.from({ length: 20 }, (_, n) => ({ n }));
		const run = await send(
			FAILED,
			{ additionalFields: { contactId: byId('cont_maria00000000000000000') } },
			{ items },
		);

		expect(run.json).toHaveLength(20);
		expect(on.close.texted).toEqual([]);
		const reads = on.wire().filter(({ path }) => path === '/activity/sms/');
		expect(reads.length).toBeLessThan(3);
	});

	test('both options: a text within the time comes first', async () => {
		failed('30006', { date_created: new Date(Date.now() - 1_200_000).toISOString() });
		const one = earlier();
		const run = await send({ ...ANYTHING, ...FAILED });

		expect(run.json[0]).toMatchObject({ id: one.id });
		expect(notes(run)[0]).toMatch(/Skip If Texted Anything/);
	});

	test('under Dry Run the reads are listed, and nothing is read', async () => {
		failed('30006');
		const run = await send({ ...FAILED, ...ANYTHING, dryRun: true });

		expect(on.wire()).toEqual([]);
		const { requests } = run.json[0] as { requests: Array<{ method: string; url: string }> };
		expect(
			requests.map(({ method, url }) => `${method} ${url.replace(on.close.baseUrl, '')}`),
		).toEqual(
			expect.arrayContaining(['POST /data/search/', 'GET /activity/sms/', 'POST /activity/sms/']),
		);
		const sentences = String(run.json[0]._note).split(/(?<=[.;]) /);
		expect(sentences).toContain('this assumes that none of it keeps this SMS back.');
		expect(sentences).toEqual([...new Set(sentences)]);
	});
});
