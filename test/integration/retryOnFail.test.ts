import type { INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { byId } from '../../dev/locators';
import { at, sendTo, setUpSms, said } from './setUpSms';
import type { RunOptions } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const LOCAL = '+14155550100';
const PHONE = '+14155550177';
const OTHER = '+14155550178';
const AT = '2035-06-01T09:00:00Z';

const draft = (known: Partial<SmsActivity> = {}) =>
	on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: LOCAL, ...known }).id;
const deliver = () => on.close.clock.advance(60_000);

const sending = (more: INodeParameters = {}) => sendTo(PHONE, 'New', more);

/** Two tries, so many milliseconds apart (0 would be n8n's second). */
const twice = (waitBetweenTries = 1) => ({
	node: { retryOnFail: true, maxTries: 2, waitBetweenTries },
});
const once = { maxRetries: 0 };

describe('an outcome that is unknown stays unknown in a later try', () => {
	const operations: Array<[string, string, INodeParameters]> = [
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
		['Send', 'send', sending()],
		['Send at a time', 'send', sending(at(AT))],
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }],
	];
	/** The change is carried out; its answer and everything that is read after that get lost. */
	const loseAll = (id: string, reads: 'first' | 'all') => {
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({
			kind: 'html',
			match: { method: 'GET' },
			after: reads === 'first' ? 1 : 0,
			times: 99,
		});
		return byId(id);
	};

	test.each(operations)(
		'%s: "may have been sent", to the end',
		async (_, operation, parameters) => {
			const reads = operation === 'sendDraft' || operation === 'schedule' ? 'first' : 'all';
			const smsId = loseAll(draft(), reads);
			const run = await on.run(operation, { smsId, ...parameters, options: once }, twice());
			deliver();

			expect(said(run)).toMatch(/may have been (sent|scheduled)/i);
			expect(said(run)).not.toMatch(/did not take|refused|nobody was texted|nothing was/i);
			expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
		},
	);

	test.each([
		['429', 429],
		['403', 403],
	])('also when the look is answered with a %s', async (_, status) => {
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({
			kind: 'status',
			status,
			match: { method: 'GET' },
			after: 1,
			times: 99,
		});
		const run = await on.run('sendDraft', { smsId: byId(draft()), options: once }, twice());
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(said(run)).toMatch(/may have been sent/i);
		expect(said(run)).not.toMatch(/did not take|refused/i);
	});

	test('also when a check fails in the later try', async () => {
		const sendAt = new Date(Date.now() + 1500).toISOString();
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET' }, after: 1, times: 2 });
		const run = await on.run(
			'schedule',
			{ smsId: byId(draft()), sendAt, options: once },
			twice(1600),
		);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
		// Found out in the later try, or told as unknown.
		if (run.error) expect(said(run)).toMatch(/may have been (sent|scheduled)|was sent/i);
		expect(said(run)).not.toMatch(/in the past|nothing was sent/i);
	});

	test('also when another item fails in the later try', async () => {
		// The first text goes alone.
		const first = draft({ remote_phone: '+14155550169' });
		const [lost, refused] = [draft(), draft({ remote_phone: OTHER })];
		on.close.latency(({ path }) => (path.includes(refused) ? 500 : 50));
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT', path: lost } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET', path: lost }, times: 99 });
		on.close.faults.order({ kind: 'status', status: 400, match: { path: refused }, times: 99 });
		const run = await on.run(
			'update',
			{ smsId: byId('={{ $json.id }}'), updateFields: { status: 'outbox' }, options: once },
			{ ...twice(), items: [first, refused, lost].map((id) => ({ id })) },
		);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(said(run)).toMatch(/items? 2\b.*may have been sent|may have been sent.*items? 2\b/i);
	});

	test('what could not be read in the first try is read before anything is sent in the second', async () => {
		const id = draft();
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET' } });
		const { json, error } = await on.run(
			'update',
			{ smsId: byId(id), updateFields: { status: 'outbox' }, options: once },
			twice(),
		);
		deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id }]);
		expect(on.close.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET']);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('Close carries it out late, in between the tries: the phone rings once', async () => {
		const id = draft();
		on.close.faults.order({
			kind: 'status',
			status: 504,
			carriedOutAfter: 2500,
			match: { method: 'PUT' },
		});
		on.close.faults.order({ kind: 'html', match: { method: 'GET' }, times: 2 });
		await on.run(
			'update',
			{ smsId: byId(id), updateFields: { status: 'outbox' }, options: { maxRetries: 1 } },
			twice(),
		);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

describe('as the tool of an agent', () => {
	const asked = async (operation: string, parameters: INodeParameters, more = {}) =>
		await on.run(operation, parameters, { agentCalls: [{}], ...more });

	test.each<[string, string, INodeParameters]>([
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
		['Send', 'send', sending()],
		['Send at a time', 'send', sending(at(AT))],
	])('%s: what may have been sent is said as an answer, once', async (_, operation, parameters) => {
		const after = operation === 'send' ? 0 : 1;
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET' }, after, times: 99 });
		const { json } = await asked(
			operation,
			{ smsId: byId(draft()), ...parameters, options: once },
			twice(),
		);
		deliver();

		expect(JSON.stringify(json[0].answer)).toMatch(/may have been (sent|scheduled)/i);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test.each([
		['503', { kind: 'status', status: 503 }],
		['400', { kind: 'status', status: 400 }],
	] as const)(
		'Close is still at work, and answers a repeat with %s: the phone rings once',
		async (_, fault) => {
			const id = draft();
			const match = { method: 'PUT' };
			on.close.faults.order({ kind: 'status', status: 504, carriedOutAfter: 2000, match });
			on.close.faults.order({ ...fault, match });
			await asked(
				'update',
				{ smsId: byId(id), updateFields: { status: 'outbox' }, options: { maxRetries: 1 } },
				twice(),
			);
			deliver();

			expect(on.close.timesTexted(PHONE)).toBe(1);
		},
	);
});

describe('what an earlier try did is done', () => {
	const items = (...more: object[]) =>
		[PHONE, OTHER].map((phone, n) => ({ id: draft({ remote_phone: phone }), ...more[n] }));
	const refuse = (id: string, times = 1) =>
		on.close.faults.order({
			kind: 'status',
			status: 402,
			body: { error: 'No credit.' },
			match: { method: 'PUT', path: id },
			times,
		});
	const soon = () => new Date(Date.now() + 1500).toISOString();
	const scheduling = async (input: ReturnType<typeof items>, more: Partial<RunOptions> = {}) =>
		await on.run(
			'schedule',
			{
				smsId: byId('={{ $json.id }}'),
				sendAt: '={{ $json.at }}',
				options: { maxConcurrency: 1 },
			},
			{ ...twice(1600), items: input, ...more },
		);

	test('it is not checked again: its time may have come', async () => {
		const input = items({ at: soon() }, { at: AT });
		refuse(input[1].id);
		const { json, error } = await scheduling(input);

		expect(error).toBeUndefined();
		expect(json.map(({ id }) => id)).toEqual(input.map(({ id }) => id));
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('it is counted where a check stops the rest', async () => {
		const input = items({ at: AT }, { at: soon() });
		refuse(input[1].id);
		const run = await scheduling(input);

		expect(run.error?.message).toMatch(/in the past.*\[item 1\]/);
		expect(said(run)).toMatch(/done[^.]*\b0\b/i);
		expect(said(run)).not.toMatch(/nothing was sent|no other item was done/i);
	});

	test('it is counted where Close refuses the rest again', async () => {
		const input = items({ at: AT }, { at: AT });
		refuse(input[1].id, 2);
		const run = await scheduling(input, twice());

		expect(run.error?.message).toMatch(/No credit.*/);
		expect(said(run)).toMatch(/done[^.]*\b0\b/i);
	});

	test('a number that is no longer one is no matter where the text went out', async () => {
		// As an expression that asks something that has changed since.
		const from = Date.now() + 800;
		const input = items();
		refuse(input[1].id);
		const { error } = await on.run(
			'update',
			{
				smsId: byId('={{ $json.id }}'),
				updateFields: {
					status: 'outbox',
					remotePhone: `={{ $itemIndex === 0 && Date.now() > ${from} ? "12" : $json.phone }}`,
				},
				options: { maxConcurrency: 1 },
			},
			{ ...twice(900), items: input.map(({ id }, n) => ({ id, phone: [PHONE, OTHER][n] })) },
		);
		deliver();

		expect(error).toBeUndefined();
		expect([on.close.timesTexted(PHONE), on.close.timesTexted(OTHER)]).toEqual([1, 1]);
	});
});

describe('a check holds in a later try too', () => {
	/** Gives one thing in the first try and another in the second. */
	const expression = (first: string, second: string, at: number) =>
		`={{ $itemIndex === 2 ? (Date.now() < ${at} ? ${first} : ${second}) : $json.phone }}`;

	test('an item that did not come as far in the first try', async () => {
		const at = Date.now() + 800;
		const items = [PHONE, OTHER, '+14155550179'].map((phone) => ({
			id: draft({ remote_phone: phone }),
			phone,
		}));
		const run = await on.run(
			'update',
			{
				smsId: byId('={{ $json.id }}'),
				updateFields: {
					status: 'outbox',
					remotePhone: expression('$("Nowhere").item.json.x', '"12"', at),
				},
			},
			{ ...twice(900), items },
		);
		deliver();

		expect(said(run)).toMatch(/'Remote Phone' has no country code: 12 \[item 2\]/);
		expect(on.wire()).toEqual([]);
		expect(on.close.texted).toEqual([]);
	});

	test('nor does a problem of the first try stay where there is none any more', async () => {
		const at = Date.now() + 800;
		const items = [PHONE, OTHER, '+14155550179'].map((phone) => ({
			id: draft({ remote_phone: phone }),
			phone,
		}));
		const { error } = await on.run(
			'update',
			{
				smsId: byId('={{ $json.id }}'),
				updateFields: { status: 'outbox', remotePhone: expression('"12"', '$json.phone', at) },
			},
			{ ...twice(900), items },
		);
		deliver();

		expect(error).toBeUndefined();
		expect(on.close.texted).toHaveLength(3);
	});
});

describe('n8n tries again in the "Continue" modes too, once the first item fails', () => {
	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'on error: %s, nobody is texted twice, and what stays unknown is told so',
		async (onError) => {
			const input = [PHONE, OTHER, '+14155550179'].map((phone) => ({
				id: draft({ remote_phone: phone }),
			}));
			on.close.faults.order({
				kind: 'status',
				status: 402,
				body: { error: 'No credit.' },
				match: { method: 'PUT', path: input[0].id },
			});
			const { outputs, error } = await on.run(
				'sendDraft',
				{ smsId: byId('={{ $json.id }}') },
				{ items: input, node: { ...twice().node, onError } },
			);
			deliver();

			expect(error).toBeUndefined();
			expect(outputs.flat().map(({ json }) => json.id)).toEqual(input.map(({ id }) => id));
			expect(on.close.texted).toHaveLength(3);
		},
	);
});
