import type { INodeParameters } from 'n8n-workflow';
import type { Fault, FaultMatch, SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { at, sendTo, setUpSms } from './setUpSms';
import type { RunOptions } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const LOCAL = '+14155550100';
const LATENCY = 500;
/** For what was on its way to Close in the moment that its answer arrived; far less than the latency. */
const MARGIN = 300;
const AT = '2035-06-01T09:00:00Z';
const phoneOf = (n: number) => `+1415555${1000 + n}`;

/** People to text, each with a text of its own. */
const people = (count: number, known: Partial<SmsActivity> = {}) =>
	Array.from({ length: count }, (_, n) => ({
		n,
		phone: phoneOf(n),
		id: on.close.addSms({
			text: 'Hi',
			remote_phone: phoneOf(n),
			local_phone: LOCAL,
			...known,
		}).id,
	}));

type Person = ReturnType<typeof people>[number];

const refuse = (match: FaultMatch, after = 0) =>
	on.close.faults.order({
		kind: 'status',
		status: 402,
		body: { error: 'No credit.' },
		match,
		after,
	});

const run = async (
	operation: string,
	parameters: INodeParameters,
	items: Person[],
	more: Partial<RunOptions> = {},
) => await on.run(operation, { smsId: byId('={{ $json.id }}'), ...parameters }, { items, ...more });

const SEND = sendTo('={{ $json.phone }}', 'Hi');

const canText = ({ method, body }: { method: string; body: unknown }) =>
	method === 'PUT' && ['outbox', 'scheduled'].includes((body as { status: string }).status);

/** Requests that can text a person and that left n8n after it had heard of the refusal. */
function afterTheRefusal() {
	const refused = on.close.requests.find(({ status }) => status === 402)!;
	return on.close.requests.filter(
		(request) => canText(request) && request.at > refused.answeredAt! + MARGIN,
	);
}

/** Drafts that this run left in Close. */
const leftDrafts = (before: Set<string>) =>
	on.close
		.allSms()
		.filter(({ id, status }) => status === 'draft' && !before.has(id))
		.map(({ id }) => id);
const idsNow = () => new Set(on.close.allSms().map(({ id }) => id));

describe('once Close has refused an item, no other item texts a person any more', () => {
	beforeEach(() => on.close.latency(LATENCY));

	test.each<[string, string, INodeParameters, Partial<SmsActivity>]>([
		['Send Draft', 'sendDraft', {}, {}],
		['Schedule', 'schedule', { sendAt: AT }, {}],
		[
			'Schedule, a move',
			'schedule',
			{ sendAt: AT },
			{ status: 'scheduled', date_scheduled: '2036-01-01T09:00:00+00:00' },
		],
		['Send', 'send', SEND, {}],
		['Send at a time', 'send', { ...SEND, ...at(AT) }, {}],
		// Words of its own: a fresh draft with the same words may be one that another process is about to send.
		[
			'Send, Skip',
			'send',
			{ ...sendTo('={{ $json.phone }}', 'Hello'), options: { skipIfTextedWithin: 60 } },
			{},
		],
	])(
		'once Close has refused one item of %s, no other item texts a person',
		async (_, operation, parameters, known) => {
			const items = people(20, known);
			refuse({ method: 'PUT', bodyHas: operation === 'schedule' ? 'scheduled' : undefined }, 6);
			const { error } = await run(operation, parameters, items);

			expect(error?.message).toMatch(/No credit/);
			expect(afterTheRefusal().map(({ path }) => path)).toEqual([]);
		},
	);

	test('once Close has refused one item of Update with files, no other item texts a person', async () => {
		const items = people(20);
		refuse({ method: 'PUT' }, 4);
		const binary = { data: { data: 'YQ==', fileName: 'a.pdf', mimeType: 'application/pdf' } };
		const { error } = await run(
			'update',
			{ updateFields: { status: 'outbox', attachments: { attachment: [{}] } } },
			[],
			{ items: undefined, input: items.map((json) => ({ json, binary })) },
		);

		expect(error?.message).toMatch(/No credit/);
		expect(afterTheRefusal().map(({ path }) => path)).toEqual([]);
	});

	test.each([
		['503', { kind: 'status', status: 503 }],
		['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
		['connection that broke', { kind: 'resetBefore' }],
	] as const)('nor does one that waits to try again after a %s', async (_, fault) => {
		const items = people(3);
		on.close.faults.order({ ...fault, match: { method: 'PUT', path: items[2].id } });
		refuse({ method: 'PUT', path: items[1].id });
		const { error } = await run('update', { updateFields: { status: 'outbox' } }, items);
		on.close.clock.advance(60_000);

		expect(error?.message).toMatch(/\[item 1\]/);
		expect(on.close.requests.map(({ fault: struck }) => struck)).toContain(fault.kind);
		expect(afterTheRefusal().map(({ path }) => path)).toEqual([]);
		expect(on.close.texted.map(({ remotePhone }) => remotePhone)).toEqual([items[0].phone]);
	});

	test.each<[string, string, number, INodeParameters, Omit<Fault, 'match'>]>([
		// The first request that can text goes alone; a record texts nobody.
		[
			'does something other than asked',
			'update',
			1,
			{ updateFields: { status: 'outbox' } },
			{ kind: 'altered', bodyWith: { status: 'draft' } },
		],
		[
			'responds with a web page to what is not there afterwards',
			'create',
			2,
			{
				mode: 'logSent',
				remotePhone: '={{ $json.phone }}',
				localPhone: byNumber(LOCAL),
				text: 'Hi',
			},
			{ kind: 'html', status: 200 },
		],
	])(
		'after a 200 with which Close %s, no other item texts a person',
		async (_, operation, count, parameters, fault) => {
			const items = people(10);
			const method = operation === 'create' ? 'POST' : 'PUT';
			const about = (n: number) =>
				operation === 'create' ? { bodyHas: items[n].phone } : { path: items[n].id };
			on.close.faults.order({ ...fault, match: { method, ...about(0) } });
			on.close.faults.order({ kind: 'slow', delayMs: LATENCY, match: { method, ...about(1) } });
			const { error } = await run(operation, parameters, items);

			expect(error?.message).toMatch(/\[item 0\]/);
			expect(on.close.requests.filter((one) => one.method === method)).toHaveLength(count);
		},
	);

	test('after a failure that is no refusal of Close, no other item texts a person', async () => {
		const items = people(30);
		const received = items[10];
		on.close.addSms({ ...on.close.sms(received.id), status: 'inbox', direction: 'inbound' });
		const { error } = await run('sendDraft', {}, items);
		const look = on.close.requests.find(({ path }) => path.includes(received.id))!;
		const later = on.close.requests.filter(
			(request) => canText(request) && request.at > look.answeredAt! + MARGIN,
		);

		expect(error?.message).toMatch(/was received.*\[item 10\]/);
		expect(later.map(({ path }) => path)).toEqual([]);
	});
});

describe('the first request that can text goes alone', () => {
	beforeEach(() => on.close.latency(100));

	test.each<[string, string, INodeParameters]>([
		['Update', 'update', { updateFields: { status: 'outbox' } }],
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
		['Send', 'send', SEND],
	])('%s: what Close refuses of all items, it refuses once', async (_, operation, parameters) => {
		on.close.faults.order({
			kind: 'status',
			status: 402,
			body: { error: 'No credit.' },
			match: { method: 'PUT' },
			times: 99,
		});
		const { error } = await run(operation, parameters, people(20));

		expect(error?.message).toMatch(/No credit/);
		expect(on.close.requests.filter(canText)).toHaveLength(1);
	});

	test('once the first text has succeeded, the rest go together', async () => {
		const items = people(20);
		const { error } = await run('sendDraft', {}, items);
		const texts = on.close.requests.filter(canText);
		const isOpenAt = (time: number) =>
			texts.filter(({ at: from, answeredAt }) => from <= time && time < answeredAt!).length;

		expect(error).toBeUndefined();
		expect(texts.filter(({ at: from }) => from < texts[0].answeredAt!)).toHaveLength(1);
		expect(Math.max(...texts.map(({ at: from }) => isOpenAt(from)))).toBeGreaterThan(5);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'in the mode %s no text waits for the first to succeed',
		async (onError) => {
			await run('update', { updateFields: { status: 'outbox' } }, people(5), { node: { onError } });
			const texts = on.close.requests.filter(canText);

			expect(texts.filter(({ at: from }) => from < texts[0].answeredAt!).length).toBeGreaterThan(1);
		},
	);
});

describe('what was left by a stop is named', () => {
	beforeEach(() => on.close.latency(LATENCY));

	test.each<[string, INodeParameters]>([
		['Send', SEND],
		['Send at a time', { ...SEND, ...at(AT) }],
	])(
		'%s that was stopped names each draft that is left by its ID, with its item',
		async (_, parameters) => {
			const items = people(20);
			const before = idsNow();
			refuse({ method: 'PUT' }, 6);
			const { error } = await run('send', parameters, items);
			on.close.clock.advance(60_000);
			const words = `${error?.message} ${error?.description}`;
			const left = leftDrafts(before);

			expect(left.length).toBeGreaterThan(1);
			expect(left.filter((id) => !words.includes(id))).toEqual([]);
			expect(words).toMatch(/not started|held back/i);
		},
	);

	test('a stop in the middle of a move names the text that was set back to draft and is not scheduled again', async () => {
		const scheduled = { status: 'scheduled', date_scheduled: '2036-01-01T09:00:00+00:00' } as const;
		const items = people(20, scheduled);
		refuse({ method: 'PUT', bodyHas: 'scheduled' }, 3);
		const { error } = await run('schedule', { sendAt: AT }, items);
		const words = `${error?.message} ${error?.description}`;
		const left = items.filter(({ id }) => on.close.sms(id)?.status === 'draft');

		expect(left.length).toBeGreaterThan(0);
		expect(left.filter(({ id }) => !words.includes(id))).toEqual([]);
	});

	test('an item that a stop held back is named with its draft', async () => {
		const items = people(2);
		const before = idsNow();
		// Item 1 gets its draft while item 0 is refused.
		const slow = { method: 'POST', bodyHas: items[1].phone };
		on.close.faults.order({ kind: 'slow', delayMs: 2 * LATENCY, match: slow });
		refuse({ method: 'PUT' });
		const { error } = await run('send', SEND, items);
		const draft = on.close
			.allSms()
			.find(({ id, remote_phone: to }) => !before.has(id) && to === items[1].phone)!;

		expect(error?.message).toMatch(/\[item 0\]/);
		expect(on.close.texted).toEqual([]);
		expect(draft.status).toBe('draft');
		expect(error?.description).toMatch(
			new RegExp(`items? 1\\b.*${draft.id}|${draft.id}.*items? 1\\b`, 'i'),
		);
	});
});
