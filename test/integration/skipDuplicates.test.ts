import type { INodeParameters } from 'n8n-workflow';
import { startSimulator, type SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { at, ERROR_MODES, sendTo, setUpSms, said } from './setUpSms';
import { runNode } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550101';
const LOCAL = '+14155550100';
const LEAD = 'lead_bluebird00000000000000';
const CONTACT = 'cont_maria00000000000000000';
const RENDERED = 'Thank you for choosing Harbor Roofing.';
const ofTemplate = {
	messageType: 'template',
	templateId: byId('smstmpl_thanks0000000000000000'),
};

const parameters = (
	more: INodeParameters = {},
	options: INodeParameters = {},
): INodeParameters => ({
	...sendTo(PHONE, 'Hi Maria', { additionalFields: {}, ...more }),
	options: { skipIfTextedWithin: 60, ...options },
});
const send = async (more: INodeParameters = {}, options: INodeParameters = {}, run = {}) =>
	await on.run('send', parameters(more, options), run);

const of = (additionalFields: INodeParameters) => ({ additionalFields });

const deliver = () => on.close.clock.advance(60_000);
const earlier = (known: Partial<SmsActivity> = {}) =>
	on.close.addSms({
		text: 'Hi Maria',
		status: 'sent',
		remote_phone: PHONE,
		local_phone: LOCAL,
		date_created: new Date(Date.now() - 600_000).toISOString().replace('Z', '000+00:00'),
		...known,
	});
const ids = () => new Set(on.close.allSms().map(({ id }) => id));
const made = (before: Set<string>) => on.close.allSms().filter(({ id }) => !before.has(id));

describe("the minutes are those of Close's clock, which is two hours ahead of ours", () => {
	const beforeNow = (minutes: number) =>
		new Date(on.close.clock.now().getTime() - minutes * 60_000).toISOString();

	test.each([
		[30, 0],
		[90, 1],
	])('the same text %d minutes ago: sent %d times', async (minutes, times) => {
		on.close.clock.advance(7_200_000);
		earlier({ date_created: beforeNow(minutes) });
		const { error } = await send();
		deliver();

		expect(error).toBeUndefined();
		expect(on.close.timesTexted(PHONE)).toBe(times);
	});
});

test('a list that is none, with a 200: nobody is texted', async () => {
	on.close.faults.order({
		kind: 'status',
		status: 200,
		body: { message: 'Please come back later.' },
		match: { method: 'GET', path: '^/activity/sms/$' },
		times: 99,
	});
	earlier();
	const run = await send({}, { maxRetries: 0 });
	deliver();

	expect(said(run)).toMatch(/a response without a list/);
	expect(on.close.timesTexted(PHONE)).toBe(0);
});

test('an empty draft is not sent', async () => {
	on.close.faults.order({
		kind: 'altered',
		answerWith: { text: ' ' },
		match: { method: 'POST', path: '^/activity/sms/$' },
	});
	const run = await send(ofTemplate, { skipIfTextedWithin: 0 });
	deliver();

	expect(said(run)).toMatch(/message is empty.*nobody was texted/);
	expect(on.close.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
});

describe('two executions of one process with the same text to the same number at the same moment', () => {
	test.each<[string, INodeParameters, INodeParameters]>([
		['as they are', {}, {}],
		['with other blanks', {}, { message: ' Hi\n Maria ' }],
		[
			'one by the lead, one by the contact',
			of({ leadId: byId(LEAD) }),
			of({ contactId: byId(CONTACT) }),
		],
		['one of a template, one as a text', ofTemplate, { message: RENDERED }],
		['both of a template', ofTemplate, ofTemplate],
		['one now, one in half an hour', {}, at('={{ $now.plus({ minutes: 30 }) }}')],
	])('%s: the phone rings once', async (_, one, other) => {
		on.close.latency(20);
		const before = ids();
		const runs = await Promise.all([send(one), send(other)]);
		on.close.clock.advance(Date.parse('2035-06-02') - on.close.clock.now().getTime());

		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(runs.filter(({ json }) => /not sent again/i.test(String(json[0]._note)))).toHaveLength(
			1,
		);
		// No draft is left either.
		expect(made(before)).toHaveLength(1);
	});

	test('many: the phone rings once', async () => {
		on.close.latency(5);
		await Promise.all(Array.from({ length: 8 }, async () => await send()));
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('Close does not list the first yet when the second looks', async () => {
		on.close.latency(20);
		on.close.faults.order({
			kind: 'altered',
			answerWith: { data: [], has_more: false },
			match: { method: 'GET', path: '^/activity/sms/$' },
			times: 99,
		});
		await Promise.all([send(), send()]);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('an agent that calls two tools, and a workflow', async () => {
		on.close.latency(20);
		await Promise.all([
			send({}, {}, { agentCalls: [{}, {}] }),
			send({}, {}, { agentCalls: [{}] }),
			send(),
		]);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('the first is refused: the second may go', async () => {
		on.close.latency(20);
		on.close.faults.order({ kind: 'status', status: 402, match: { method: 'PUT' } });
		const runs = await Promise.all([send(), send()]);
		deliver();

		expect(runs.filter(({ error }) => error)).toHaveLength(1);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('another account of Close is another matter', async () => {
		const theirs = await startSimulator();
		const [ours, other] = await Promise.all([
			send(),
			runNode({
				credential: {
					authentication: 'basic',
					apiKey: theirs.account.apiKey,
					baseUrl: theirs.baseUrl,
				},
				parameters: {
					authentication: 'apiKey',
					resource: 'sms',
					operation: 'send',
					...parameters(),
				},
			}),
		]);
		theirs.clock.advance(60_000);
		deliver();
		const texted = [on.close.timesTexted(PHONE), theirs.timesTexted(PHONE)];
		await theirs.stop();

		expect([ours.error, other.error]).toEqual([undefined, undefined]);
		expect(texted).toEqual([1, 1]);
	});
});

describe('an outcome that is unknown counts as texted', () => {
	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'the same text in the next item, on error: %s',
		async (onError) => {
			// Close is at work on the first for longer than anybody waits.
			on.close.faults.order({
				kind: 'status',
				status: 504,
				carriedOutAfter: 30_000,
				match: { method: 'PUT' },
			});
			on.close.faults.order({
				kind: 'html',
				match: { method: 'GET', path: 'acti_' },
				times: 99,
			});
			const run = await send(
				// Words of its own: what other tests sent within the last minute is no earlier text of it.
				{ message: `Unknown, ${onError}` },
				{ maxRetries: 0, maxConcurrency: 1 },
				{ items: [{}, {}], node: { onError } },
			);
			deliver();

			expect(said(run)).toMatch(/may have been sent/i);
			expect(on.close.timesTexted(PHONE)).toBe(1);
		},
	);
});

describe('a draft that was made to render a template', () => {
	const list = { method: 'GET', path: '^/activity/sms/$' };
	/** Either nothing is left in Close, or it is named. */
	const leftUnsaid = (before: Set<string>, words: string) =>
		made(before).filter(({ id }) => !words.includes(id));

	test.each([
		['refused', { kind: 'status', status: 403 }],
		['lost', { kind: 'html' }],
		['given up', { kind: 'status', status: 503 }],
	] as const)('looking for duplicates is %s: removed or named', async (_, fault) => {
		const before = ids();
		on.close.faults.order({ ...fault, match: list, times: 99 });
		const run = await send(ofTemplate, { maxRetries: 0 });

		expect(run.error).toBeDefined();
		expect(leftUnsaid(before, said(run))).toEqual([]);
		expect(said(run)).not.toMatch(/may have been sent/i);
		expect(on.close.texted).toEqual([]);
	});

	test.each(ERROR_MODES)('for each item, on error: %s', async (onError) => {
		const before = ids();
		on.close.faults.order({ kind: 'status', status: 403, match: list, times: 99 });
		const items = [PHONE, '+14155550102', '+12065550103'].map((phone) => ({ phone }));
		const run = await send(
			{ ...ofTemplate, to: byNumber('={{ $json.phone }}') },
			{},
			{ items, node: { onError } },
		);

		expect(leftUnsaid(before, said(run))).toEqual([]);
	});

	test('the earlier text cannot be read: removed or named', async () => {
		const twin = earlier({ text: RENDERED });
		const before = ids();
		on.close.faults.order({
			kind: 'status',
			status: 403,
			match: { method: 'GET', path: twin.id },
			times: 99,
		});
		on.close.faults.order({ kind: 'status', status: 403, match: { method: 'DELETE' } });
		const run = await send(ofTemplate);

		expect(on.close.texted).toEqual([]);
		const words = `${said(run)} ${run.json.map(({ _note }) => _note).join(' ')}`;
		expect(leftUnsaid(before, words)).toEqual([]);
	});

	test('somebody sends it meanwhile: it is not deleted', async () => {
		const twin = earlier({ text: RENDERED });
		const before = ids();
		on.close.meanwhile(({ method, path }) => {
			const draft = made(before)[0];
			if (method === 'GET' && path === '/activity/sms/' && draft?.status === 'draft')
				on.close.addSms({ ...draft, status: 'sent', date_sent: draft.date_created });
		});
		const run = await send(ofTemplate);

		expect(on.close.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
		expect(made(before)).toMatchObject([{ status: 'sent' }]);
		// It is said that there are two now, or which is which.
		const words = `${said(run)} ${run.json.map(({ _note }) => _note).join(' ')}`;
		expect(words).toContain(made(before)[0].id);
		expect(twin.id).not.toBe(made(before)[0].id);
	});

	test('a fresh read comes before it is deleted', async () => {
		earlier({ text: RENDERED });
		await send(ofTemplate);
		const methods = on.close.requests.map(({ method, path }) => `${method} ${path}`);
		const deleted = methods.findIndex((one) => one.startsWith('DELETE'));

		expect(deleted).toBeGreaterThan(0);
		expect(methods[deleted - 1]).toBe(methods[deleted].replace('DELETE', 'GET'));
	});
});

describe('with Retry On Fail', () => {
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

	/** The first text goes out; its answer and all that is read of it in the first try get lost. */
	const loseTheFirst = () => {
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET', path: 'acti_' }, times: 2 });
	};
	const file = { data: 'YQ==', fileName: 'a.png', mimeType: 'image/png' };
	const run = async (more: INodeParameters) =>
		await send(
			more,
			{ maxRetries: 1 },
			{ input: [0, 1].map(() => ({ json: {}, binary: { data: file } })), node },
		);

	test.each<[string, INodeParameters, string]>([
		['a template', ofTemplate, RENDERED],
		['a text', {}, 'Hi Maria'],
		[
			'a text with a file that is uploaded first',
			{ additionalFields: { attachments: { attachment: [{}] } } },
			'Hi Maria',
		],
	])(
		'%s, two items with the same one: an item never takes its own text for an earlier one',
		async (_, more, text) => {
			const before = ids();
			loseTheFirst();
			const { json, error } = await run(more);
			deliver();
			const sent = made(before).filter(({ status }) => status === 'sent');
			const deleted = on.close.requests.filter(({ method }) => method === 'DELETE');

			expect(on.close.timesTexted(PHONE)).toBe(1);
			// The record of what went out stays.
			expect(deleted.map(({ path }) => path)).not.toContain(
				`/activity/sms/${on.close.texted[0].smsId}/`,
			);
			expect(sent).toMatchObject([{ text }]);
			expect(error).toBeUndefined();
			expect(json.map(({ id }) => id)).toEqual([sent[0].id, sent[0].id]);
			expect(json[0]._note ?? '').not.toMatch(/not sent again/i);
		},
	);
});
