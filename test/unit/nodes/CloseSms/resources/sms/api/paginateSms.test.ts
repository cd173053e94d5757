import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { handleGetAll } from '../../../../../../../nodes/CloseSms/resources/sms/getAll';
import { paginateSms } from '../../../../../../../nodes/CloseSms/resources/sms/api/paginateSms';
import type { Send } from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import { FakeClose } from '../../../../../fakeClose';
import { fakeContext, fakeRequest, fakeResponse, handlerContext } from '../../../../../fakeContext';

const DAY = '2026-11-25T12:00';
/** A point in time so many seconds after noon. */
const at = (seconds: number) => new Date(Date.parse(`${DAY}:00Z`) + seconds * 1000).toISOString();
const REQUEST = fakeRequest('POST', '/activity/sms/', { left: 'over' });

interface Page {
	times: number[];
	more?: boolean;
	/** IDs, where they are not new ones. */
	ids?: string[];
}

/** Reads pages that Close answers with, in turn. */
async function read(pages: Page[], query: IDataObject = {}, wanted?: number) {
	const queries: IDataObject[] = [];
	let count = 0;
	const send: Send = async ({ options }) => {
		expect(options).toMatchObject({ method: 'GET', url: '/activity/sms/', body: undefined });
		const { times, more = true, ids } = pages[queries.length];
		queries.push(options.qs as IDataObject);
		const data = times.map((time, index) => ({
			id: ids?.[index] ?? `acti_${++count}`,
			date_created: at(time),
		}));
		return { ...fakeResponse({ data, has_more: more }), items: data.map((json) => ({ json })) };
	};
	const found: string[] = [];
	for await (const { activities, items } of paginateSms(
		handlerContext({ send, request: REQUEST }),
		query,
		{
			maxCount: wanted,
		},
	)) {
		expect(items.map(({ json }) => json)).toEqual(activities);
		found.push(...activities.map(({ id }) => id));
	}
	return { queries, found };
}

test('a page that brings nothing new although there is more is an error, not a loop', async () => {
	const same = { times: [9, 8], ids: ['a', 'b'] };
	await expect(read([same, same, same])).rejects.toThrow(/bring nothing new/);
});

test("a list ends with 'Give Up After', and says how far it came", async () => {
	jest.useFakeTimers({ doNotFake: ['nextTick'] });
	let count = 0;
	const send: Send = async () => {
		jest.advanceTimersByTime(60_000);
		return fakeResponse({
			data: [{ id: `acti_${++count}`, date_created: at(-count) }],
			has_more: true,
		});
	};
	const readAll = async () => {
		for await (const page of paginateSms(handlerContext({ send, request: REQUEST }), {}))
			expect(page.activities).toHaveLength(1);
	};
	await expect(readAll()).rejects.toThrow(
		'The list is not complete after 300 seconds, with 6 entries read',
	);
	jest.useRealTimers();
});

describe('where the next page begins', () => {
	/** The second query: its page has the last text of the first, and no more. */
	const next = async (page: Page, query?: IDataObject) => {
		const last = { times: page.times.slice(-1), ids: [`acti_${page.times.length}`], more: false };
		return (await read([page, last], query)).queries[1];
	};
	const limits = { _limit: 100 };

	test.each<[string, number[], IDataObject]>([
		[
			'in the second of the last text, with this text',
			[9, 7.5, 7.2],
			{ date_created__lt: at(8), _skip: 1 },
		],
		[
			'with a text in the very instant of the border, which is not of that second',
			[9, 8, 7.5],
			{ date_created__lt: at(8) },
		],
		['with a last text in the very instant of a second', [9, 7], { date_created__lt: at(8) }],
		['with one text', [7], { date_created__lt: at(8) }],
		['with texts of one instant', [7, 7, 7], { date_created__lt: at(8), _skip: 2 }],
		['oldest first: by number', [5, 7, 9], { _skip: 2 }],
		['in no order: by number', [9, 5, 7], { _skip: 2 }],
	])('the next page begins %s', async (_, times, expected) => {
		expect(await next({ times })).toEqual({ ...limits, ...expected });
	});

	test('the next page keeps the filters, and the end of its window replaces a later one', async () => {
		const query = { lead_id: 'lead_1', date_created__lt: at(60) };
		expect(await next({ times: [9, 7] }, query)).toEqual({
			...limits,
			lead_id: 'lead_1',
			date_created__lt: at(8),
		});
	});

	test('a page that would not make the window smaller is continued by number', async () => {
		const query = { date_created__lt: at(8) };
		expect(await next({ times: [7.9, 7.5] }, query)).toEqual({ ...limits, ...query, _skip: 1 });
	});

	test('page after page of one second is read by number, in the same window', async () => {
		const { queries } = await read([
			{ times: [9, 7.9], ids: ['a', 'b'] },
			{ times: [7.9, 7.8, 7.7], ids: ['b', 'c', 'd'] },
			{ times: [7.7, 7.6], ids: ['d', 'e'], more: false },
		]);
		expect(queries).toEqual([
			limits,
			{ ...limits, date_created__lt: at(8) },
			{ ...limits, date_created__lt: at(8), _skip: 2 },
		]);
	});

	test('more texts of one second than a page holds are read by number within that second', async () => {
		const times = Array.from({ length: 100 }, () => 7);
		const last = { times: [7, 7], ids: ['acti_100', 'acti_x'], more: false };
		const { queries, found } = await read([{ times }, last]);
		expect(queries[1]).toEqual({ ...limits, date_created__lt: at(8), _skip: 99 });
		expect(found).toHaveLength(101);
	});

	test('a page by number that begins with an unknown text is read again from further back', async () => {
		const times = Array.from({ length: 100 }, () => 7);
		const ids = Array.from({ length: 99 }, (_, n) => `acti_${n + 2}`);
		const { queries, found } = await read([
			{ times },
			{ times: [7], ids: ['acti_y'], more: false },
			{ times: [...times, 7], ids: [...ids, 'acti_x', 'acti_y'], more: false },
		]);
		expect(queries[1]).toEqual({ ...limits, date_created__lt: at(8), _skip: 99 });
		expect(queries[2]).toEqual({ ...limits, date_created__lt: at(8) });
		expect(found.slice(-2)).toEqual(['acti_x', 'acti_y']);
	});
});

describe('how much is read', () => {
	const full = (from: number, count = 100) => ({
		times: Array.from({ length: count }, (_, index) => from - index * 10),
	});

	test('a list is read until Close has no more', async () => {
		const { queries, found } = await read([
			full(5000),
			full(3000),
			{ ...full(1000, 7), more: false },
		]);
		expect(queries.map(({ _limit }) => _limit)).toEqual([100, 100, 100]);
		expect(found).toHaveLength(207);
	});

	test('a list ends with an empty page, whatever Close says', async () => {
		expect((await read([full(5000), { times: [] }])).queries).toHaveLength(2);
	});

	test.each([
		[1, [1]],
		[100, [100]],
		[150, [100, 51]],
		[200, [100, 100]],
	])('of a list, for %d wanted texts, the pages have these sizes: %j', async (wanted, limits) => {
		const { queries } = await read([full(5000, limits[0]), full(3000, limits[1])], {}, wanted);
		expect(queries.map(({ _limit }) => _limit)).toEqual(limits);
	});

	test('a list of which none is wanted makes no request', async () => {
		expect((await read([], {}, 0)).queries).toEqual([]);
	});

	test('what was on an earlier page of a list is left out, and not counted', async () => {
		const { queries, found } = await read(
			[
				{ times: [9, 7.5], ids: ['acti_a', 'acti_b'] },
				{ times: [7.5, 6], ids: ['acti_b', 'acti_c'], more: false },
			],
			{},
			4,
		);
		expect(found).toEqual(['acti_a', 'acti_b', 'acti_c']);
		// Two that are new, and the one that is known.
		expect(queries[1]._limit).toBe(3);
	});

	test('a dry run asks for a list once', async () => {
		let [count, note] = [0, ''];
		const assumed = { body: {}, note: 'Assumed.' };
		const send: Send = async ({ assumed: given }) => {
			count++;
			note = given!.note;
			return { items: [], body: given!.body, time: NaN };
		};
		for await (const page of paginateSms(
			handlerContext({ send, request: REQUEST }),
			{},
			{ assumed },
		))
			expect(page).toEqual({ activities: [], items: [], time: NaN });
		expect([count, note]).toEqual([1, 'Assumed.']);
	});
});

test('each text that is there from beginning to end comes once, also while others are added and deleted', async () => {
	const seconds = fc.integer({ min: 0, max: 60 }).map((tenth) => tenth / 10);
	const change = fc.record({ added: fc.nat(3), deleted: fc.array(fc.nat(), { maxLength: 4 }) });
	await fc.assert(
		fc.asyncProperty(
			// All within a few seconds, or within one: then pages go by number.
			fc.constantFrom(1, 0.1, 0),
			fc.array(seconds, { minLength: 1, maxLength: 400, size: 'max' }),
			fc.array(change, { maxLength: 6, size: 'max' }),
			async (spread, times, changes) => {
				const close = new FakeClose();
				for (const time of times.sort((a, b) => a - b))
					close.add({ date_created: at(time * spread) });
				const remaining = new Set(close.texts.map(({ id }) => String(id)));
				const found: string[] = [];
				let page = 0;
				for await (const { activities } of paginateSms(
					handlerContext({ send: close.send, request: REQUEST }),
					{},
				)) {
					found.push(...activities.map(({ id }) => id));
					const { added, deleted } = changes[page++] ?? { added: 0, deleted: [] };
					for (const one of deleted) {
						const [gone] = close.texts.splice(one % close.texts.length, 1);
						if (gone) remaining.delete(String(gone.id));
					}
					for (let n = added; n > 0; n--)
						close.add({ id: `acti_new_${page}_${n}`, date_created: at(100 + page) });
				}
				expect(new Set(found).size).toBe(found.length);
				expect([...remaining].filter((id) => !found.includes(id))).toEqual([]);
			},
		),
		{ numRuns: 100 },
	);
});

describe('Get Many', () => {
	const getAll = async (parameters: IDataObject, texts: IDataObject[]) => {
		const close = new FakeClose();
		texts.forEach((text, index) => close.add({ date_created: at(index * 10), ...text }));
		const request = fakeRequest('GET', '/activity/sms/', {}, {});
		const n8n = fakeContext({ parameters });
		const output = await handleGetAll(handlerContext({ n8n, send: close.send, request }));
		return { ids: output.map(({ json }) => json.id), count: close.requests.length };
	};
	const texts = Array.from({ length: 250 }, (_, index) => ({
		direction: index % 50 === 0 ? 'inbound' : 'outbound',
	}));

	test('Get Many returns no more than the limit, and reads no page too many', async () => {
		expect(await getAll({ limit: 3 }, texts)).toEqual({
			ids: ['acti_250', 'acti_249', 'acti_248'],
			count: 1,
		});
		expect((await getAll({ limit: 120 }, texts)).ids).toHaveLength(120);
		expect((await getAll({ limit: 120 }, texts)).count).toBe(2);
	});

	test('Get Many returns all texts', async () => {
		const { ids, count } = await getAll({ returnAll: true }, texts);
		expect([ids.length, count]).toEqual([250, 3]);
	});

	test('Get Many with a filter that Close does not have reads until there are as many as wanted', async () => {
		const parameters = { limit: 2, filters: { direction: 'inbound' } };
		expect(await getAll(parameters, texts)).toEqual({ ids: ['acti_201', 'acti_151'], count: 1 });
		expect(await getAll({ ...parameters, limit: 4 }, texts)).toEqual({
			ids: ['acti_201', 'acti_151', 'acti_101', 'acti_51'],
			// The pages overlap by one text: the last that is wanted is on the third.
			count: 3,
		});
	});
});
