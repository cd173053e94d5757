import { sleep } from 'n8n-workflow';
import {
	ASSUMED_LEAD,
	findContactsByNumber,
	getContact,
	getLead,
	peekContactsByNumber,
} from '../../../../../../../nodes/CloseSms/resources/sms/people/lookUp';
import type { RoutingRequest } from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import { apiError } from '../../../../../fakeClose';
import { fakeResponse, handlerContext } from '../../../../../fakeContext';

const number = (n: number) => `+1415555${1000 + n}`;
const contact = (id: string, ...phones: string[]) => ({
	id,
	lead_id: `lead_of_${id}`,
	phones: phones.map((phone) => ({ phone })),
});

interface Search {
	_limit: number;
	cursor?: string;
	query: { queries: [unknown, { related_query: { queries: Array<{ condition: object }> } }] };
}

const isSearch = ({ options }: RoutingRequest) => options.url === '/data/search/';
const bodyOf = ({ options }: RoutingRequest) => options.body as unknown as Search;
const valuesOf = (request: RoutingRequest) =>
	bodyOf(request).query.queries[1].related_query.queries.map(
		({ condition }) => (condition as { value: string }).value,
	);

/** The items of a run, and Close, which answers with these contacts whatever is asked. */
function setUp(answer: (request: RoutingRequest) => object | Promise<object>) {
	const requests: RoutingRequest[] = [];
	const run = {};
	/** A dry run has a state of its own for each item. */
	const context = (isDryRun = false) =>
		handlerContext({
			run: isDryRun ? {} : run,
			send: async (request) => {
				requests.push(request);
				return fakeResponse({ ...(await answer(request)) });
			},
		});
	return {
		context,
		requests,
		find: async (...numbers: string[]) =>
			await Promise.allSettled(numbers.map((one) => findContactsByNumber(context(), one))),
	};
}

const ids = (results: Array<PromiseSettledResult<object>>) =>
	results.map((result) => {
		if (result.status === 'rejected') return String((result.reason as Error).message);
		const found = result.value as { contacts?: Array<{ id: string }>; rejection?: string };
		return found.contacts?.map(({ id }) => id) ?? found.rejection;
	});

describe('people by number', () => {
	test('one search has the numbers of all items, each once', async () => {
		const { find, requests } = setUp(() => ({
			data: [contact('a', number(1)), contact('b', number(2), number(1))],
		}));
		const numbers = [number(1), number(2), number(1), number(3)];
		expect(ids(await find(...numbers))).toEqual([['a', 'b'], ['b'], ['a', 'b'], []]);
		expect(requests.map(valuesOf)).toEqual([[number(1), number(2), number(3)]]);
		expect(requests[0].options).toMatchObject({
			method: 'POST',
			url: '/data/search/',
			body: {
				_fields: {
					contact: ['id', 'lead_id', 'display_name', 'phones', 'timezone', 'timezone_source'],
				},
				query: { queries: [{ object_type: 'contact' }, { related_object_type: 'contact_phone' }] },
			},
		});
	});

	test('a search has at most 50 numbers, and none is asked for again later', async () => {
		const { find, requests } = setUp(() => ({ data: [] }));
		const numbers = Array.from({ length: 120 }, (_, n) => number(n));
		await find(...numbers);
		expect(requests.map((request) => valuesOf(request).length)).toEqual([50, 50, 20]);
		await find(...numbers);
		expect(requests).toHaveLength(3);
	});

	test('a number that only looks alike is not found, and one that is only written in another way is', async () => {
		const { find } = setUp(() => ({
			data: [
				contact('shorter', '+141555510'),
				contact('longer', `${number(1)}0`),
				contact('without plus', number(1).slice(1)),
				contact('spaced', '+1 415-555 1001'),
				contact('as in its country', '(415) 555-1001'),
				{ id: 'numbers that Close does not show' },
			],
		}));
		expect(ids(await find(number(1)))).toEqual([
			['without plus', 'spaced', 'as in its country', 'numbers that Close does not show'],
		]);
	});

	test.each([
		[null],
		['cont_1'],
		[{ display_name: 'without an ID', phones: [{ phone: number(1) }] }],
		[{ id: 'no numbers', phones: [] }],
	])('of a response with %j in it nobody knows who has the number', async (entry) => {
		const { find } = setUp(() => ({ data: [contact('a', number(1)), entry] }));
		expect(ids(await find(number(1), number(2)))).toEqual(
			Array(2).fill('The response of Close holds no contact with a number'),
		);
	});

	test('of an entry that cannot be read nobody knows whose number it is', async () => {
		const { find } = setUp(() => ({
			data: [{ id: 'a', phones: [{ phone: number(2) }, { phone: null }] }],
		}));
		expect(ids(await find(number(1)))).toEqual([['a']]);
	});

	test('all pages of a search for numbers are read', async () => {
		const { find, requests } = setUp((request) =>
			bodyOf(request).cursor
				? { data: [contact('b', number(1))], cursor: null }
				: { data: [contact('a', number(1))], cursor: 'next' },
		);
		expect(ids(await find(number(1)))).toEqual([['a', 'b']]);
		expect(requests.map((request) => bodyOf(request).cursor)).toEqual([undefined, 'next']);
	});

	test('a search for numbers without end is given up, and nobody is taken for the person', async () => {
		const { find, requests } = setUp(() => ({ data: [contact('a', number(1))], cursor: 'on' }));
		expect(ids(await find(number(1)))).toEqual(['Close found too many people']);
		expect(requests).toHaveLength(10);
	});

	test.each(['400', '403', '404', '405'])(
		'a search that Close refuses with %s is not sent again for the next item',
		async (status) => {
			const { find, requests } = setUp(() => {
				throw apiError(status);
			});
			expect(ids(await find(number(1), number(2)))).toEqual(
				Array(2).fill('Close refused this: No.'),
			);
			expect(ids(await find(number(2)))).toEqual(['Close refused this: No.']);
			expect(requests).toHaveLength(1);
		},
	);

	test.each([{}, { data: null }, { data: 'none' }])(
		'a response of %j to a search is no list',
		async (body) => {
			const { find } = setUp(() => body);
			expect(ids(await find(number(1)))).toEqual(['The response of Close holds no list']);
		},
	);

	test('a failed search is no answer: each of its items searches for itself, and later ones together', async () => {
		let failures = 1;
		const { find, requests } = setUp(() => {
			if (failures-- > 0) throw apiError('500', 'Busy.');
			return { data: [contact('a', number(2))] };
		});
		expect(ids(await find(number(1), number(2), number(2)))).toEqual([
			'Close refused this: Busy.',
			['a'],
			['a'],
		]);
		expect(requests.map(valuesOf)).toEqual([[number(1), number(2)], [number(2)], [number(2)]]);
		expect(ids(await find(number(1)))).toEqual([[]]);
	});

	test('when only the second search fails, the items of the first have their answer', async () => {
		const { find, requests } = setUp((request) => {
			if (requests.length === 2) throw apiError('500', 'Busy.');
			return { data: valuesOf(request).map((one) => contact(one, one)) };
		});
		const numbers = Array.from({ length: 51 }, (_, n) => number(n));
		expect(ids(await find(...numbers))).toEqual(numbers.map((one) => [one]));
		expect(requests.map((request) => valuesOf(request).length)).toEqual([50, 1, 1]);
	});

	test('numbers that come during a search are together in the next one', async () => {
		let release!: () => void;
		const { find, requests } = setUp(async () => {
			if (requests.length === 1) await new Promise<void>((resolve) => (release = resolve));
			return { data: [] };
		});
		const first = find(number(1));
		while (requests.length === 0) await sleep(1);
		const others = find(number(2), number(3));
		release();
		expect(ids([...(await first), ...(await others)])).toEqual([[], [], []]);
		expect(requests.map(valuesOf)).toEqual([[number(1)], [number(2), number(3)]]);
	});

	test('a dry run searches for its own number alone, and takes one contact', async () => {
		const { context, requests } = setUp(() => ({ data: [contact('a', number(1))] }));
		await Promise.all([
			findContactsByNumber(context(true), number(1)),
			findContactsByNumber(context(true), number(2)),
		]);
		expect(requests.map(valuesOf)).toEqual([[number(1)], [number(2)]]);
	});

	test('what a dry run assumes in the place of a search is one contact of some lead with each number', async () => {
		const { context, requests } = setUp(() => ({ data: [] }));
		await findContactsByNumber(context(true), number(1));
		const { assumed } = requests[0] as { assumed?: { body: { data: unknown }; note: string } };
		const other = setUp(() => ({ ...assumed!.body }));

		expect(await findContactsByNumber(other.context(), number(1))).toEqual({
			contacts: [expect.objectContaining({ lead_id: ASSUMED_LEAD })],
		});
		expect(ids(await other.find(number(2)))).toEqual([[]]);
		expect(assumed!.note).toMatch(/looked up by the number/);
	});

	test.each([null, '', undefined, 7])('a cursor of %j is the end', async (cursor) => {
		const { find, requests } = setUp(() => ({ data: [contact('a', number(1))], cursor }));
		expect(ids(await find(number(1)))).toEqual([['a']]);
		expect(requests).toHaveLength(1);
	});

	test('what the run has looked up for any item is known without a request', async () => {
		const { context, find, requests } = setUp(() => ({ data: [contact('a', number(1))] }));
		expect(peekContactsByNumber(context(), number(1))).toEqual([]);
		await find(number(1), number(2));
		expect(peekContactsByNumber(context(), number(1))).toMatchObject([{ id: 'a' }]);
		expect(peekContactsByNumber(context(), number(2))).toEqual([]);
		expect(requests).toHaveLength(1);
	});

	test('of a search that Close refuses nobody is known without a request', async () => {
		const { context, find } = setUp(() => ({ data: 'none' }));
		await find(number(1));
		expect(peekContactsByNumber(context(), number(1))).toEqual([]);
	});
});

describe('a lead', () => {
	test('is read once for all items, with no more than its addresses', async () => {
		const { context, requests } = setUp(({ options }) => ({ id: options.url }));
		const read = async (id = 'lead_1') => await getLead(context(), id);
		expect(await Promise.all([read(), read(), read('lead_2')])).toEqual([
			{ id: '/lead/lead_1/' },
			{ id: '/lead/lead_1/' },
			{ id: '/lead/lead_2/' },
		]);
		await read();
		expect(requests.map(({ options: { method, qs } }) => [method, qs])).toEqual(
			Array(2).fill(['GET', { _fields: 'id,addresses' }]),
		);
	});
});

describe('a contact', () => {
	test('a contact is read once, by its ID', async () => {
		const { context, requests } = setUp(() => contact('cont_1', number(1)));
		const read = async () => await getContact(context(), 'cont_1');
		expect(await Promise.all([read(), read()])).toMatchObject([{ id: 'cont_1' }, { id: 'cont_1' }]);
		expect(await read()).toMatchObject({ id: 'cont_1' });
		expect(requests.map(({ options: { method, url, body } }) => [method, url, body])).toEqual([
			['GET', '/contact/cont_1/', undefined],
		]);
		expect(requests[0].options.qs).toEqual({
			_fields: 'id,lead_id,display_name,phones,timezone,timezone_source',
		});
		expect(requests[0]).toMatchObject({
			assumed: { body: { id: 'cont_1' }, note: 'The contact would be read first.' },
		});
	});

	test('a contact that was found by its number is not read again', async () => {
		const { context, find, requests } = setUp(() => ({ data: [contact('cont_1', number(1))] }));
		await find(number(1));
		expect(await getContact(context(), 'cont_1')).toMatchObject({ lead_id: 'lead_of_cont_1' });
		expect(requests.filter((request) => !isSearch(request))).toEqual([]);
	});

	test('a contact whose read failed is read again, by those who waited too', async () => {
		const { context, requests } = setUp(() => {
			if (requests.length === 1) throw apiError('500', 'Busy.');
			return contact('cont_1');
		});
		const read = async () => await getContact(context(), 'cont_1');
		expect(await Promise.allSettled([read(), read()])).toMatchObject([
			{ status: 'rejected' },
			{ status: 'fulfilled', value: { id: 'cont_1' } },
		]);
		await read();
		expect(requests).toHaveLength(2);
	});

	test('two different contacts are read each by itself', async () => {
		const { context, requests } = setUp(({ options }) => contact(String(options.url)));
		await Promise.all([getContact(context(), 'cont_1'), getContact(context(), 'cont_2')]);
		expect(requests).toHaveLength(2);
	});
});
