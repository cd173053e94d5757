import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { wait } from '../../dev/platform';
import { byId } from '../../dev/locators';
import { setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

const onError = 'continueRegularOutput';

const update = async (
	items: Array<{ id: string }>,
	updateFields: INodeParameters,
	options: INodeParameters = {},
	node = {},
) =>
	await sms.run(
		'update',
		{ smsId: byId('={{ $json.id }}'), updateFields, options },
		{ items, node },
	);

/** The items whose changes arrived at Close, in order. */
const changesOf = (items: Array<{ id: string }>) =>
	sms.close.requests
		.filter(({ method }) => method === 'PUT')
		.map(({ path }) => items.findIndex(({ id }) => path.includes(id)));

test('items that wait for the next window do not start once one is refused', async () => {
	const items = sms.drafts(30);
	sms.close.rateLimit.set({ limit: 6, windowSeconds: 2 });
	sms.close.faults.order({ kind: 'status', status: 400, match: { path: items[5].id } });
	const { error } = await update(items, { status: 'outbox' });

	expect(error?.message).toMatch(/\[item 5\]/);
	expect(changesOf(items).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
	expect(error?.description).toMatch(
		/Done: items 0 to 4\. Not started: items 6 to 29\. Do not run all of them again/,
	);
});

test('a wait that is too long for one item is too long for those behind it', async () => {
	const items = sms.drafts(8);
	sms.close.faults.order({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
	const { json } = await update(items, { text: 'New' }, { giveUpAfter: 2 }, { onError });
	const changed = items.filter(({ id }) => sms.close.sms(id)?.text === 'New').length;
	const told = json.flatMap(({ error }) => (error ? [error as IDataObject] : []));

	expect(json.length).toBe(8);
	// One more may have been in flight with the first.
	expect(changed).toBeLessThanOrEqual(1);
	expect(told.length).toBe(8 - changed);
	expect(told.filter(({ message }) => !/^Close was busy/.test(String(message)))).toEqual([]);
	expect(told[1]).toMatchObject({
		message: expect.stringMatching(
			/\[item \d\]: Close's rate limit has no capacity within 'Give Up After'\.$/,
		),
		whatToDo: expect.stringMatching(/^Close limits .*Raise 'Give Up After'/),
	});
});

test.each(['full', 'resetOnly', 'none'] as const)(
	'a limit far below Max Concurrency, with the header %s: no item gives up',
	async (header) => {
		const items = sms.drafts(24);
		sms.close.rateLimit.set({ limit: 3, windowSeconds: 0.3, header });
		const { json } = await update(items, { text: 'New' }, { maxConcurrency: 24 }, { onError });

		expect(json.map(({ error }) => error)).toEqual(items.map(() => undefined));
		expect(items.filter(({ id }) => sms.close.sms(id)?.text !== 'New')).toEqual([]);
	},
);

test('many executions of one item at once, with one key: hardly one is refused, and none gives up', async () => {
	const items = sms.drafts(60);
	sms.close.rateLimit.set({ limit: 5, windowSeconds: 0.5 });
	const runs = await Promise.all(items.map(async (item) => await update([item], { text: 'New' })));

	expect(runs.map(({ error }) => error)).toEqual(items.map(() => undefined));
	expect(items.filter(({ id }) => sms.close.sms(id)?.text !== 'New')).toEqual([]);
	expect(sms.close.rateLimit.refused).toBeLessThanOrEqual(2);
});

test('an attempt that Close carries out after the first look: not sent twice, and reported as done', async () => {
	const [item] = sms.drafts(1);
	const { close } = sms;
	close.faults.order({ kind: 'resetBefore', match: { method: 'PUT' } });
	close.meanwhile(({ method }) => {
		const sms = close.sms(item.id)!;
		if (method === 'GET' && sms.status === 'draft') close.addSms({ ...sms, status: 'outbox' });
	});
	const { json, error } = await update([item], { status: 'outbox' });
	await wait(80);

	expect(error).toBeUndefined();
	expect(close.requests.map(({ method, status }) => [method, status])).toEqual([
		['PUT', undefined],
		['GET', 200],
		['GET', 200],
	]);
	expect(json).toMatchObject([{ id: item.id, status: expect.stringMatching(/outbox|sent/) }]);
	expect(close.timesTexted(item.remotePhone)).toBe(1);
});
