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
	await expect(read([same, same, same])).rejects.toThrow(/brought nothing new/);
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
		'The list is not complete after 300 seconds, with 6 texts read',
	);
	jest.useRealTimers();
});

const END: Page = { times: [], more: false };

describe('where the next page begins', () => {
	const next = async (page: Page, query?: IDataObject) =>
		(await read([page, END], query)).queries[1];
	const limits = { _limit: 100 };

	test.each<[string, number[], IDataObject]>([
		[
			'after the second of the last text, past what is known of it',
			[9, 7.5, 7.2],
			{ date_created__lt: at(8), _skip: 2 },
		],
		[
			'with a text in the very instant of the border, which is not of that second',
			[9, 8, 7.5],
			{ date_created__lt: at(8), _skip: 1 },
		],
		[
			'with a last text in the very instant of a second',
			[9, 7],
			{ date_created__lt: at(8), _skip: 1 },
		],
		['with one text', [7], { date_created__lt: at(8), _skip: 1 }],
		['with texts of one instant', [7, 7, 7], { date_created__lt: at(8), _skip: 3 }],
		['oldest first: by number', [5, 7, 9], { _skip: 3 }],
		['in no order: by number', [9, 5, 7], { _skip: 3 }],
	])('%s', async (_, times, expected) => {
		expect(await next({ times })).toEqual({ ...limits, ...expected });
	});

	test('the filters stay; the end of the window replaces a later one', async () => {
		const query = { lead_id: 'lead_1', date_created__lt: at(60) };
		expect(await next({ times: [9, 7] }, query)).toEqual({
			...limits,
			lead_id: 'lead_1',
			date_created__lt: at(8),
			_skip: 1,
		});
	});

	test('a page from beyond its window, as if Close ignored the time: by number', async () => {
		const { queries } = await read([{ times: [9, 8.2] }, { times: [9.5, 8.9] }, END]);
		expect(queries[2]).toEqual({ ...limits, date_created__lt: at(9), _skip: 3 });
	});

	test('a window that would not become smaller: by number', async () => {
		const query = { date_created__lt: at(8) };
		expect(await next({ times: [7.9, 7.5] }, query)).toEqual({ ...limits, ...query, _skip: 2 });
	});

	test('page after page of one second: by number, in the same window', async () => {
		const { queries } = await read([
			{ times: [9, 7.9] },
			{ times: [7.8, 7.7] },
			{ times: [7.6, 7.5] },
			END,
		]);
		expect(queries).toEqual([
			limits,
			{ ...limits, date_created__lt: at(8), _skip: 1 },
			{ ...limits, date_created__lt: at(8), _skip: 3 },
			{ ...limits, date_created__lt: at(8), _skip: 5 },
		]);
	});

	test('what an earlier window held is not counted in the next', async () => {
		const { queries } = await read([{ times: [9, 7.5] }, { times: [6.5, 5.5] }, END]);
		expect(queries[2]).toEqual({ ...limits, date_created__lt: at(6), _skip: 1 });
	});
});

describe('how much is read', () => {
	const full = (from: number, count = 100) => ({
		times: Array.from({ length: count }, (_, index) => from - index * 10),
	});

	test('all of it, until Close has no more', async () => {
		const { queries, found } = await read([
			full(5000),
			full(3000),
			{ ...full(1000, 7), more: false },
		]);
		expect(queries.map(({ _limit }) => _limit)).toEqual([100, 100, 100]);
		expect(found).toHaveLength(207);
	});

	test('until a page is empty, whatever Close says', async () => {
		expect((await read([full(5000), { times: [] }])).queries).toHaveLength(2);
	});

	test.each([
		[1, [1]],
		[100, [100]],
		[150, [100, 50]],
		[200, [100, 100]],
	])('%d wanted: %j', async (wanted, limits) => {
		const { queries } = await read([full(5000, limits[0]), full(3000, limits[1])], {}, wanted);
		expect(queries.map(({ _limit }) => _limit)).toEqual(limits);
	});

	test('none wanted: no request', async () => {
		expect((await read([], {}, 0)).queries).toEqual([]);
	});

	test('what was on an earlier page is left out, and not counted', async () => {
		const { queries, found } = await read(
			[
				{ times: [9, 7.5], ids: ['acti_a', 'acti_b'] },
				{ times: [7.5, 6], ids: ['acti_b', 'acti_c'], more: false },
			],
			{},
			4,
		);
		expect(found).toEqual(['acti_a', 'acti_b', 'acti_c']);
		expect(queries[1]._limit).toBe(2);
	});

	test('a dry run asks once', async () => {
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

test('each text that was there at the beginning comes once, also while others are added', async () => {
	const seconds = fc.integer({ min: 0, max: 60 }).map((tenth) => tenth / 10);
	await fc.assert(
		fc.asyncProperty(
			fc.array(seconds, { minLength: 1, maxLength: 400 }),
			fc.array(fc.nat(3), { maxLength: 4 }),
			async (times, added) => {
				const close = new FakeClose();
				for (const time of times.sort((a, b) => a - b)) close.add({ date_created: at(time) });
				const before = close.texts.map(({ id }) => id);
				const found: string[] = [];
				let page = 0;
				for await (const { activities } of paginateSms(
					handlerContext({ send: close.send, request: REQUEST }),
					{},
				)) {
					found.push(...activities.map(({ id }) => id));
					for (let n = added[page++] ?? 0; n > 0; n--) close.add({ date_created: at(100 + page) });
				}
				expect(new Set(found).size).toBe(found.length);
				expect(before.filter((id) => !found.includes(String(id)))).toEqual([]);
			},
		),
		{ numRuns: 30 },
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

	test('no more than the limit, and no page too many', async () => {
		expect(await getAll({ limit: 3 }, texts)).toEqual({
			ids: ['acti_250', 'acti_249', 'acti_248'],
			count: 1,
		});
		expect((await getAll({ limit: 120 }, texts)).ids).toHaveLength(120);
		expect((await getAll({ limit: 120 }, texts)).count).toBe(2);
	});

	test('all of them', async () => {
		const { ids, count } = await getAll({ returnAll: true }, texts);
		expect([ids.length, count]).toEqual([250, 3]);
	});

	test('with a filter that Close does not have, until there are as many as wanted', async () => {
		const parameters = { limit: 2, filters: { direction: 'inbound' } };
		expect(await getAll(parameters, texts)).toEqual({ ids: ['acti_201', 'acti_151'], count: 1 });
		expect(await getAll({ ...parameters, limit: 4 }, texts)).toEqual({
			ids: ['acti_201', 'acti_151', 'acti_101', 'acti_51'],
			count: 2,
		});
	});
});
