import { sleep, type IDataObject } from 'n8n-workflow';
import { handleSend } from '../../../../../../../nodes/CloseSms/resources/sms/send';
import { dryRun } from '../../../../../../../nodes/CloseSms/transport/run/dryRun';
import type {
	Send,
	WaitFor,
} from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import type { ItemState } from '../../../../../../../nodes/CloseSms/transport/request/itemState';
import { WaitTimeoutError } from '../../../../../../../nodes/CloseSms/transport/flowErrors';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import { toItemFailure } from '../../../../../../../nodes/CloseSms/transport/request/itemFailures';
import { apiError, FakeClose } from '../../../../../fakeClose';
import {
	asShown,
	fakeItem,
	fakeRequest,
	fakeResponse,
	handlerContext,
} from '../../../../../fakeContext';

const START = Date.parse('2036-11-25T12:00:00Z');
const MINUTE = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** The memory of the process goes on from test to test, so each is an hour later and texts a number of its own. */
let number = 0;
let phone: string;

beforeEach(() => {
	number++;
	jest.useFakeTimers({ now: START + number * 60 * MINUTE, doNotFake: ['nextTick'] });
	// What it waits for is over at once.
	jest.setTimerTickMode({ mode: 'nextAsync' });
	phone = `+1415555${String(number).padStart(4, '0')}`;
});
afterEach(() => jest.useRealTimers());

interface Given {
	minutes?: number;
	/** In place of `minutes`. */
	options?: Partial<NodeOptions>;
	/** Called when it waits for something. */
	onWait?: (options?: Parameters<WaitFor>[1]) => unknown;
	/** Items with the same one are of one run. */
	run?: object;
	body?: IDataObject;
	item?: Partial<ItemState>;
	baseURL?: string;
	now?: () => number;
}

/** Creates a text that goes out at once. */
function create(
	close: FakeClose,
	{
		minutes = 60,
		options = { skipIfTextedWithin: minutes },
		body,
		item: more,
		baseURL,
		now = Date.now,
		onWait,
		run = {},
	}: Given = {},
) {
	const item = fakeItem({ options: { ...DEFAULT_OPTIONS, ...options }, ...more });
	const request = fakeRequest('POST', '/activity/sms/', {
		status: 'outbox',
		text: 'Hi',
		remote_phone: phone,
		...body,
	});
	if (baseURL) request.options.baseURL = baseURL;
	const waitFor: WaitFor = async (other, limits) => {
		await onWait?.(limits);
		return await other;
	};
	const result = handleSend(handlerContext({ send: close.send, request, item, now, waitFor, run }));
	return {
		item,
		result: result.then(
			([{ json }]) => json,
			(error) => {
				throw asShown(toItemFailure(item, error));
			},
		),
	};
}

const timesSent = (close: FakeClose) =>
	close.requests.filter((one) => one.startsWith('PUT')).length;
const errorOf = async (result: Promise<unknown>) =>
	await result.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: unknown) => asShown(error).message,
	);

test('a text is the same however its accents are written', async () => {
	const close = new FakeClose();
	const { id } = close.add({
		status: 'sent',
		direction: 'outbound',
		remote_phone: phone,
		date_created: ago(MINUTE),
		text: 'Cafe\u0301 at 3',
	});
	const { result } = create(close, { body: { text: 'Caf\u00e9 at 3' } });
	expect(await result).toMatchObject({ id, _note: expect.stringMatching(/^Not sent again/) });
	expect(timesSent(close)).toBe(0);
});

test('a text whose turn it is at once waits for nobody, and so keeps its place among the items', async () => {
	const waits: string[] = [];
	const close = new FakeClose();
	const first = create(close, { onWait: () => waits.push('first') });
	const second = create(close, { onWait: () => waits.push('second') });
	await Promise.all([first.result, second.result]);
	const ofFirst = waits.filter((one) => one === 'first').length;
	const ofSecond = waits.filter((one) => one === 'second').length;
	expect([ofFirst, ofSecond]).toEqual([0, 1]);
});

describe('a text that goes out', () => {
	test('a text that is sent is a draft first, and then goes out by its ID', async () => {
		const close = new FakeClose();
		const { item, result } = create(close, { minutes: 0 });
		expect(await result).toMatchObject({ id: 'acti_1', status: 'sent' });
		expect(close.requests).toEqual([
			`POST {"text":"Hi","remote_phone":"${phone}","status":"draft"}`,
			`PUT acti_1 {"text":"Hi","remote_phone":"${phone}","status":"outbox"}`,
		]);
		expect(close.leadingToText).toEqual([close.requests[0]]);
		expect(item.draftId).toBe('acti_1');
	});

	test('a text for later gets its time with the second request', async () => {
		const close = new FakeClose();
		const body = { status: 'scheduled', date_scheduled: '2036-12-01T09:00:00Z' };
		await create(close, { minutes: 0, body }).result;
		expect(close.requests).toEqual([
			`POST {"text":"Hi","remote_phone":"${phone}","status":"draft"}`,
			`PUT acti_1 ${JSON.stringify({ text: 'Hi', remote_phone: phone, ...body })}`,
		]);
	});

	test('a dry run with Skip If Texted Within lists the search and both requests, and says what they assume', async () => {
		const request = fakeRequest('POST', '/activity/sms/', {
			status: 'outbox',
			text: 'Hi',
			remote_phone: phone,
		});
		const handler = dryRun(handleSend);
		const [{ json }] = await handler(
			handlerContext({
				send: new FakeClose().send,
				request,
				item: fakeItem({ options: { ...DEFAULT_OPTIONS, dryRun: true, skipIfTextedWithin: 60 } }),
			}),
		);
		expect(json).toMatchObject({
			requests: [
				{ method: 'POST', url: expect.stringMatching(/\/data\/search\/$/) },
				{ method: 'GET', query: { _limit: 100, lead_id: '{lead ID}' } },
				{ method: 'GET', query: { _limit: 100 } },
				{ method: 'POST', body: { text: 'Hi', status: 'draft' } },
				{ method: 'GET', query: { _limit: 100 } },
				{
					method: 'PUT',
					url: expect.stringMatching(/\/activity\/sms\/\{id\}\/$/),
					body: { status: 'outbox' },
				},
			],
			_note: expect.stringMatching(
				/What was sent in that time would be looked up.*A draft would be made .* \{id\} stands for its ID\./,
			),
		});
	});

	test('a retry uses the draft that an earlier try left', async () => {
		const close = new FakeClose();
		const { id: draftId } = close.add();
		await create(close, { minutes: 0, item: { draftId } }).result;
		expect(close.requests).toEqual([
			'GET acti_1',
			`PUT acti_1 {"text":"Hi","remote_phone":"+14155550177","status":"outbox"}`,
		]);
	});

	test.each<[string, string | null | undefined, IDataObject[] | null | undefined, boolean]>([
		['no words', '', undefined, false],
		['blanks', ' \n', null, false],
		['nothing', null, [], false],
		['a file alone', null, [{ url: 'a' }], true],
		['words', 'Hi', undefined, true],
		['words that Close does not show', undefined, undefined, true],
	])('whether a draft with %s is sent by a retry', async (_, text, attachments, isSent) => {
		const close = new FakeClose();
		const draft = close.add();
		Object.assign(draft, { text, attachments });
		if (text === undefined) delete draft.text;
		const { result } = create(close, { minutes: 0, item: { draftId: draft.id as string } });
		if (isSent) await result;
		else
			await expect(result).rejects.toMatchObject({
				message:
					'The message is empty [item 0]. It was left as the draft acti_1, and nobody was texted',
				description: expect.stringMatching(/template.*send that draft.*or delete it/),
			});
		expect(timesSent(close)).toBe(isSent ? 1 : 0);
	});

	test('what somebody else scheduled between two tries does not pass for sent', async () => {
		const close = new FakeClose();
		const { id: draftId } = close.add({
			status: 'scheduled',
			date_scheduled: '2036-12-01T09:00:00Z',
		});
		close.instead.PUT = [() => Promise.reject(apiError())];
		expect(await errorOf(create(close, { minutes: 0, item: { draftId } }).result)).toBe(
			'Close refused this [item 0]: No. acti_1 is scheduled for 2036-12-01T09:00:00Z; Cancel stops it',
		);
	});

	test('what an earlier try sent is not sent again', async () => {
		const close = new FakeClose();
		const { id: draftId } = close.add({ status: 'sent' });
		expect(await create(close, { minutes: 0, item: { draftId } }).result).toMatchObject({
			status: 'sent',
		});
		expect(close.requests).toEqual(['GET acti_1']);
	});

	describe('when its second step fails', () => {
		const refuse = (close: FakeClose, change: IDataObject = {}) => {
			close.instead.PUT = [
				() => {
					Object.assign(close.texts[0], change);
					throw apiError();
				},
			];
		};
		const REFUSED = 'Close refused this [item 0]: No.';

		test('a second request that fails names the draft that is left', async () => {
			const close = new FakeClose();
			refuse(close);
			expect(await errorOf(create(close, { minutes: 0 }).result)).toBe(
				`${REFUSED} It was left as the draft acti_1, and nobody was texted`,
			);
		});

		test('a second request that fails is done when somebody else sent the draft', async () => {
			const close = new FakeClose();
			refuse(close, { status: 'sent' });
			expect(await create(close, { minutes: 0 }).result).toMatchObject({ status: 'sent' });
		});

		test('a second request that fails says what the text is now, when somebody else scheduled it', async () => {
			const close = new FakeClose();
			refuse(close, { status: 'scheduled', date_scheduled: '2036-12-01T09:00:00Z' });
			expect(await errorOf(create(close, { minutes: 0 }).result)).toBe(
				`${REFUSED} acti_1 is scheduled for 2036-12-01T09:00:00Z; Cancel stops it`,
			);
		});

		test('a second request that fails tells only the ID of a draft that cannot be read', async () => {
			const close = new FakeClose();
			refuse(close);
			close.instead.GET = [() => Promise.reject(apiError('500'))];
			expect(await errorOf(create(close, { minutes: 0 }).result)).toBe(
				`${REFUSED} Its ID is acti_1`,
			);
		});

		test('a second request of unknown outcome tells the ID, and reads the draft no second time', async () => {
			const close = new FakeClose();
			const { item, result } = create(close, { minutes: 0 });
			close.instead.PUT = [
				() => {
					item.unknownOutcome = { what: '', startedAt: 0, since: 0 };
					throw apiError('none', 'ECONNRESET').with({ outcome: 'unknown' });
				},
			];
			expect(await errorOf(result)).toBe(
				'Close refused this [item 0]: ECONNRESET. Its ID is acti_1',
			);
			expect(close.requests).toHaveLength(2);
		});

		test('a second request that fails for another reason than Close keeps its error', async () => {
			const close = new FakeClose();
			close.instead.PUT = [() => Promise.reject(new Error('stopped'))];
			expect(await errorOf(create(close, { minutes: 0 }).result)).toMatch(/^stopped/);
		});
	});
});

describe('an earlier text in Close is a duplicate when it is the same, to the same number, and went out or will', () => {
	const rows: Array<[string, IDataObject, boolean]> = [
		['sent', { status: 'sent' }, true],
		['about to go out', { status: 'outbox' }, true],
		['scheduled', { status: 'scheduled' }, true],
		['with other spaces', { status: 'sent', text: ' Hi\n' }, true],
		['without a direction', { status: 'sent', direction: null }, true],
		['with a status that is new in Close', { status: 'delivered' }, true],
		['a draft', { status: 'draft' }, false],
		['that failed', { status: 'error' }, false],
		['received', { status: 'inbox', direction: 'inbound' }, false],
		['received, without a direction', { status: 'inbox', direction: null }, false],
		['received, and logged as sent', { status: 'sent', direction: 'inbound' }, false],
		['with other words', { status: 'sent', text: 'Hi!' }, false],
		['in capitals', { status: 'sent', text: 'HI' }, false],
		['without words', { status: 'sent', text: null }, false],
		['to another number', { status: 'sent', remote_phone: '+14155550000' }, false],
	];
	test.each(rows)('whether an earlier text is a duplicate: %s', async (_, text, isDuplicate) => {
		const close = new FakeClose();
		const earlier = close.add({ remote_phone: phone, date_created: ago(MINUTE), ...text });
		const json = await create(close).result;
		expect(timesSent(close)).toBe(isDuplicate ? 0 : 1);
		expect(json.id === earlier.id).toBe(isDuplicate);
		expect(json._note).toBe(
			isDuplicate
				? `Not sent again: this is the same message to the same number, ${text.status === 'outbox' ? 'about to go out' : `created at ${ago(MINUTE).replace('.000', '')}`}.`
				: undefined,
		);
	});

	test.each<[string, number, number, boolean]>([
		['within the minutes', 60, 60 * MINUTE, true],
		['a moment before', 60, 60 * MINUTE + 1, false],
		['within half a minute', 0.5, 29_000, true],
		['before half a minute', 0.5, 31_000, false],
		['switched off', 0, 0, false],
	])(
		'whether an earlier text is a duplicate by its age, %s: %d minutes, %d ms ago',
		async (_, minutes, ms, isDuplicate) => {
			const close = new FakeClose();
			close.add({ status: 'sent', remote_phone: phone, date_created: ago(ms) });
			await create(close, { minutes }).result;
			expect(timesSent(close)).toBe(isDuplicate ? 0 : 1);
		},
	);

	test.each<[string, number, number, boolean]>([
		['half an hour ahead', -30 * MINUTE, 40 * MINUTE, true],
		['half an hour ahead, and the text is older', -30 * MINUTE, 50 * MINUTE, false],
		['half an hour behind', 30 * MINUTE, -20 * MINUTE, true],
		['half an hour behind, and the text is older', 30 * MINUTE, 0, false],
	])(
		"with n8n's clock %s, the minutes of Skip If Texted Within are those of Close",
		async (_, ahead, ms, isDuplicate) => {
			const close = new FakeClose();
			close.add({ status: 'sent', remote_phone: phone, date_created: ago(ms) });
			await create(close, { minutes: 15, now: () => Date.now() + ahead }).result;
			expect(timesSent(close)).toBe(isDuplicate ? 0 : 1);
		},
	);

	test('a duplicate is found on a later page', async () => {
		const close = new FakeClose();
		close.add({ status: 'sent', remote_phone: phone, date_created: ago(50 * MINUTE) });
		for (let n = 0; n < 150; n++) close.add({ status: 'sent', date_created: ago(49 * MINUTE - n) });
		await create(close).result;
		expect(timesSent(close)).toBe(0);
	});

	test.each([
		[900, 0],
		[1100, 1],
	])(
		'behind %d newer texts of everybody, a duplicate lets it go out %d times',
		async (count, times) => {
			const close = new FakeClose();
			close.add({ status: 'sent', remote_phone: phone, date_created: ago(50 * MINUTE) });
			for (let n = 0; n < count; n++)
				close.add({ status: 'sent', date_created: ago(49 * MINUTE - n) });
			await create(close).result;
			expect(timesSent(close)).toBe(times);
		},
	);

	test('a duplicate is looked for on all leads that have the number, on the given one, and among the newest texts', async () => {
		const close = new FakeClose();
		close.contacts.push(
			{ id: 'cont_2', lead_id: 'lead_2', phones: [{ phone }] },
			{ id: 'cont_3', lead_id: 'lead_3', phones: [{ phone: '+14155559999' }] },
		);
		const queries: unknown[] = [];
		close.instead.GET = Array.from({ length: 3 }, () => ({ options }) => {
			queries.push(options.qs);
			return fakeResponse({ data: [] });
		});
		await create(close, { body: { lead_id: 'lead_1' } }).result;
		const _fields =
			'id,activity_at,attachments,date_created,date_scheduled,date_sent,date_updated,direction,error_message,lead_id,remote_phone,status,text';
		const DAY = 24 * 60 * MINUTE;
		expect(queries).toEqual([
			{
				lead_id: 'lead_1,lead_2',
				date_created__gte: ago(60 * MINUTE + 90 * DAY),
				_fields,
				_limit: 100,
			},
			{ date_created__gte: ago(60 * MINUTE), _fields, _limit: 100 },
			// Once there is a draft: for another process that made its own at the same moment.
			{ date_created__gte: ago(MINUTE), _fields, _limit: 100 },
		]);
		expect(close.requests).toEqual([
			'SEARCH',
			'GET',
			'GET',
			expect.stringMatching(/^POST/),
			'GET',
			expect.stringMatching(/^PUT/),
		]);
	});

	test.each<[string, IDataObject, number, boolean]>([
		['created yesterday, at the phone five minutes ago', {}, 5, true],
		['created yesterday, at the phone two hours ago', {}, 120, false],
		['under another lead with the number', { lead_id: 'lead_1' }, 1, true],
	])(
		'a text %s, sent with %j %d minutes ago, is one: %p',
		async (_, body, minutesAgo, isDuplicate) => {
			const close = new FakeClose();
			close.contacts.push({ id: 'cont_2', lead_id: 'lead_2', phones: [{ phone }] });
			close.add({
				status: 'sent',
				remote_phone: phone,
				lead_id: 'lead_2',
				date_created: ago(24 * 60 * MINUTE),
				date_sent: ago(minutesAgo * MINUTE),
			});
			await create(close, { body }).result;
			expect(timesSent(close)).toBe(isDuplicate ? 0 : 1);
		},
	);

	test('weekly reminders with the same words all go out', async () => {
		const close = new FakeClose();
		for (let week = 1; week <= 4; week++) {
			const date = new Date(Date.now() + week * 7 * 24 * 60 * MINUTE).toISOString();
			await create(close, { body: { status: 'scheduled', date_scheduled: date } }).result;
		}
		expect(close.texts.map(({ status }) => status)).toEqual(Array(4).fill('scheduled'));
	});

	test('when the search for the number is refused, nobody is texted', async () => {
		const close = new FakeClose();
		close.instead.SEARCH = [() => Promise.reject(apiError('403'))];
		expect(await errorOf(create(close).result)).toBe(
			'It is not known whether this SMS was sent before: Close refused this: No. [item 0]',
		);
		expect(close.requests).toEqual(['SEARCH']);
	});

	test.each<[string, unknown]>([
		['has no lead', null],
		['has a lead that Close does not name', ''],
	])('of a contact that %s the texts of everybody are looked through', async (_, lead_id) => {
		const close = new FakeClose();
		close.contacts.push({ id: 'cont_2', lead_id, phones: [{ phone }] } as IDataObject);
		close.add({ status: 'sent', remote_phone: phone, date_created: ago(MINUTE) });
		expect((await create(close).result).id).toBe('acti_1');
	});
});

describe("'Skip If Texted Anything Within'", () => {
	const options = { skipIfTextedAnythingWithin: 60 };
	const withOther = (more: IDataObject) => {
		const close = new FakeClose();
		close.add({ status: 'sent', remote_phone: phone, text: 'Ho', ...more });
		return close;
	};

	test('another SMS to the same number within the time keeps a text back', async () => {
		const close = withOther({ date_created: ago(59 * MINUTE) });
		expect(await create(close, { options }).result).toMatchObject({
			id: 'acti_1',
			_note: `Not sent, by 'Skip If Texted Anything Within (Minutes)': this is another SMS to the same number, created at ${ago(59 * MINUTE).replace('.000', '')}.`,
		});
		expect(timesSent(close)).toBe(0);
	});

	test.each<[string, () => IDataObject]>([
		['longer ago', () => ({ date_created: ago(61 * MINUTE) })],
		['to another number', () => ({ remote_phone: '+14155550000' })],
		['that failed', () => ({ status: 'error' })],
	])('an SMS %s does not', async (_, more) => {
		const close = withOther(more());
		await create(close, { options }).result;
		expect(timesSent(close)).toBe(1);
	});

	test('of two different texts at the same moment the second waits, and is not sent', async () => {
		const close = new FakeClose();
		const first = create(close, { options });
		const second = create(close, { options, body: { text: 'Ho' } });
		expect((await second.result).id).toBe((await first.result).id);
		expect(timesSent(close)).toBe(1);
	});

	test('two different texts of which none has the option wait for nobody', async () => {
		const close = new FakeClose();
		const onWait = jest.fn();
		const both = ['Hi', 'Ho'].map((text) => create(close, { body: { text }, onWait }).result);
		await Promise.all(both);
		expect(onWait).not.toHaveBeenCalled();
		expect(timesSent(close)).toBe(2);
	});

	test('a text is not sent when another one may have been sent and Close does not show it yet', async () => {
		const close = new FakeClose();
		const first = create(close, { options });
		close.instead.PUT = [
			() => {
				first.item.unknownOutcome = { what: '', startedAt: 0, since: 0 };
				throw apiError('none', 'ECONNRESET').with({ outcome: 'unknown' });
			},
		];
		await errorOf(first.result);
		const second = create(close, { options, body: { text: 'Ho' } });
		await expect(second.result).rejects.toMatchObject({
			message: 'Not sent: another SMS may just have been sent to the same number [item 0]',
			description:
				"Close's response to that one got lost. Look at it in Close before you run this item again.",
		});
	});

	test.each<[Partial<NodeOptions>, string, string]>([
		[options, 'what was sent to this number before', "'Skip If Texted Anything Within (Minutes)'"],
		[
			{ ...options, skipIfTextedWithin: 60 },
			'whether this SMS was sent before',
			"'Skip If Texted Within (Minutes)' and 'Skip If Texted Anything Within (Minutes)'",
		],
	])('with %j, a search that Close refuses says what is not known', async (given, what, labels) => {
		const close = new FakeClose();
		close.instead.SEARCH = [() => Promise.reject(apiError('403'))];
		await expect(create(close, { options: given }).result).rejects.toMatchObject({
			message: `It is not known ${what}: Close refused this: No. [item 0]`,
			description: `In doubt nobody is texted. Remove ${labels} to send it all the same.`,
		});
	});
});

describe("'Skip Numbers That Failed'", () => {
	const options = { skipNumbersThatFailed: true };
	const FAILED = { status: 'error', error_message: '30006 landline' };
	const DAY = 24 * 60 * MINUTE;

	test('a number whose last SMS failed for good is not texted', async () => {
		const close = new FakeClose();
		close.add({ ...FAILED, remote_phone: phone, date_created: ago(DAY) });
		expect(await create(close, { options }).result).toMatchObject({
			id: 'acti_1',
			_note: expect.stringMatching(
				/^Not sent, by 'Skip Numbers That Failed': this is the last SMS to the number, and it failed\. The number is a landline/,
			),
		});
		expect(timesSent(close)).toBe(0);
	});

	test('the texts of a lead that has the number are enough: those of everybody are not read', async () => {
		const close = new FakeClose();
		close.contacts.push({ id: 'cont_2', lead_id: 'lead_2', phones: [{ phone }] });
		close.add({ ...FAILED, remote_phone: phone, lead_id: 'lead_2', date_created: ago(DAY) });
		expect((await create(close, { options }).result).id).toBe('acti_1');
		expect(close.requests).toEqual(['SEARCH', 'GET', 'GET acti_1']);
	});

	test.each<[string, () => IDataObject]>([
		['of another number', () => ({ remote_phone: '+14155550000' })],
		['more than 90 days ago', () => ({ date_created: ago(91 * DAY) })],
		['for now', () => ({ error_message: '30003 off' })],
	])('an SMS that failed %s keeps no text back', async (_, more) => {
		const close = new FakeClose();
		close.add({ ...FAILED, remote_phone: phone, date_created: ago(DAY), ...more() });
		await create(close, { options }).result;
		expect(timesSent(close)).toBe(1);
	});

	test('without the option it does not either', async () => {
		const close = new FakeClose();
		close.add({ ...FAILED, remote_phone: phone, date_created: ago(MINUTE) });
		await create(close).result;
		expect(timesSent(close)).toBe(1);
	});

	test("an item's own draft of an earlier try says nothing about the number", async () => {
		const close = new FakeClose();
		const { id: draftId } = close.add({ remote_phone: phone });
		close.instead.GET = [
			undefined,
			() => fakeResponse({ data: [{ ...close.texts[0], ...FAILED }] }),
		];
		expect(await create(close, { options, item: { draftId } }).result).toMatchObject({
			id: draftId,
			status: 'sent',
		});
	});

	test('two texts to the same number go one after the other', async () => {
		const close = new FakeClose();
		const onWait = jest.fn();
		const both = ['Hi', 'Ho'].map((text) => create(close, { options, body: { text }, onWait }));
		await Promise.all(both.map(async ({ result }) => await result));
		expect(onWait).toHaveBeenCalledTimes(1);
	});
});

describe('what takes longer than Give Up After', () => {
	const options = { skipIfTextedWithin: 60, giveUpAfter: 2 };

	test.each<[string, Partial<NodeOptions>, string]>([
		['with the same words', options, 'the same message'],
		['with any words', { ...options, skipIfTextedAnythingWithin: 1 }, 'another SMS'],
	])('another execution that sends one %s: it may have been sent', async (_, given, what) => {
		const close = new FakeClose();
		const first = create(close, { options: given });
		const onWait = jest.fn(async () => await Promise.reject(new WaitTimeoutError()));
		await expect(create(close, { options: given, onWait }).result).rejects.toMatchObject({
			message: `Not sent: ${what} may just have been sent to the same number [item 0]`,
			description: expect.stringMatching(/^Another execution .* longer than 'Give Up After'\./),
		});
		expect(onWait).toHaveBeenCalledWith({ ms: 2000 });
		await first.result;
		// It does not hold up the next one.
		expect((await create(close, { options: given }).result).id).toBe('acti_1');
	});

	test('an item of the same run is waited for as long as it takes', async () => {
		const close = new FakeClose();
		const run = {};
		const onWait = jest.fn();
		const both = [create(close, { options, run }), create(close, { options, run, onWait })];
		await Promise.all(both.map(async ({ result }) => await result));
		expect(onWait).toHaveBeenCalledWith({ ms: undefined });
	});

	test('a wait that ends for another reason ends so', async () => {
		const close = new FakeClose();
		const first = create(close, { options });
		const onWait = async () => await Promise.reject(new Error('stopped'));
		expect(await errorOf(create(close, { options, onWait }).result)).toMatch(/^stopped/);
		await first.result;
	});

	test('the draft of another process that does not go out: it may be about to', async () => {
		const close = new FakeClose();
		close.add({ id: 'acti_0', remote_phone: phone });
		await expect(create(close, { options }).result).rejects.toMatchObject({
			message: 'Not sent: the same message may just have been sent to the same number [item 0]',
			description: expect.stringMatching(
				/^Its draft acti_0 is less than a minute old .* longer than 'Give Up After'\. Look at it/,
			),
		});
		expect(timesSent(close)).toBe(0);
	});

	test('a draft of another process that is a minute old holds nobody up any more', async () => {
		const close = new FakeClose();
		close.add({ id: 'acti_0', remote_phone: phone });
		const before = Date.now();
		expect(await create(close).result).toMatchObject({ id: 'acti_2', status: 'sent' });
		expect(Date.now() - before).toBeGreaterThanOrEqual(MINUTE);
		expect(Date.now() - before).toBeLessThan(MINUTE + 5000);
	});
});

describe('a text that goes out whatever another one does', () => {
	test('of two drafts of one process at the same moment the one without the option does not wait', async () => {
		const close = new FakeClose();
		const free = create(close, { minutes: 0 });
		const guarded = create(close);
		expect((await free.result).status).toBe('sent');
		expect(await guarded.result).toMatchObject({ id: 'acti_1', _note: expect.any(String) });
	});
});

describe('two processes that send the same text at the same moment', () => {
	/** Another process makes its draft just after ours. */
	const withOther = (close: FakeClose, id: string) => {
		close.instead.POST = [
			(request) => {
				const own = close.carryOut(request);
				close.add({ id, remote_phone: phone });
				return own;
			},
		];
	};

	/** Until both have made their drafts, however busy the machine is. */
	const untilDrafted = async (close: FakeClose) => {
		while (close.texts.length < 2) await sleep(10);
	};

	test('of two drafts the one with the lower ID goes out', async () => {
		const close = new FakeClose();
		withOther(close, 'acti_2');
		const before = Date.now();
		expect(await create(close).result).toMatchObject({ id: 'acti_1', status: 'sent' });
		// It does not look again.
		expect(Date.now() - before).toBeLessThan(3000);
	});

	test('the other process waits until the draft has gone out, deletes its own, and returns the one that was sent', async () => {
		const close = new FakeClose();
		withOther(close, 'acti_0');
		const { result } = create(close);
		await untilDrafted(close);
		close.texts[1].status = 'sent';
		expect(await result).toMatchObject({ id: 'acti_0', _note: expect.stringMatching(/^Not sent/) });
		expect(timesSent(close)).toBe(0);
		expect(close.texts.map(({ id }) => id)).toEqual(['acti_0']);
	}, 60_000);

	test('a draft of another process that is gone holds nobody up', async () => {
		const close = new FakeClose();
		withOther(close, 'acti_0');
		const { result } = create(close);
		await untilDrafted(close);
		close.texts.splice(1, 1);
		expect(await result).toMatchObject({ id: 'acti_1', status: 'sent' });
	}, 60_000);

	test('a draft that was left more than a minute ago holds nobody up', async () => {
		const close = new FakeClose();
		close.add({ id: 'acti_0', remote_phone: phone, date_created: ago(MINUTE) });
		expect(await create(close).result).toMatchObject({ status: 'sent' });
	});

	test('a draft that this process left a moment ago holds nobody up', async () => {
		const close = new FakeClose();
		close.instead.PUT = [() => Promise.reject(apiError())];
		await errorOf(create(close).result);
		const before = Date.now();
		expect(await create(close).result).toMatchObject({ id: 'acti_2', status: 'sent' });
		expect(Date.now() - before).toBeLessThan(3000);
	});
});

describe('with a template', () => {
	const body = { text: undefined, template_id: 'smstmpl_1' };
	/** Close renders the template into the draft. */
	const rendering = (close: FakeClose) => {
		close.instead.POST = [
			() =>
				fakeResponse({
					...close.add({ text: 'Hi', remote_phone: phone, template_id: 'smstmpl_1' }),
				}),
		];
	};

	test('what Close renders of a template is compared, and the draft for it is deleted', async () => {
		const close = new FakeClose();
		const earlier = close.add({ status: 'sent', remote_phone: phone });
		rendering(close);
		const { item, result } = create(close, { body });
		expect((await result).id).toBe(earlier.id);
		expect(close.requests.slice(-3)).toEqual(['GET acti_2', 'DELETE acti_2', 'GET acti_1']);
		expect(close.texts).toHaveLength(1);
		expect(item.draftId).toBeUndefined();
	});

	test('the draft of a template without a duplicate goes out', async () => {
		const close = new FakeClose();
		rendering(close);
		expect(await create(close, { body }).result).toMatchObject({ id: 'acti_1', status: 'sent' });
		expect(close.texts).toHaveLength(1);
	});

	test("an item's own text of an earlier try is no duplicate, and is not deleted", async () => {
		const close = new FakeClose();
		const own = close.add({ status: 'sent', remote_phone: phone });
		const json = await create(close, { body, item: { draftId: own.id } }).result;
		expect(json).toMatchObject({ id: own.id, status: 'sent' });
		expect(json._note).toBeUndefined();
		expect(close.texts).toHaveLength(1);
		expect(timesSent(close)).toBe(0);
	});

	test("an item's own text that is no draft any more is not deleted", async () => {
		const close = new FakeClose();
		close.add({ status: 'sent', remote_phone: phone });
		rendering(close);
		close.instead.GET = [
			undefined,
			() => {
				close.texts[1].status = 'scheduled';
				return fakeResponse({ ...close.texts[1] });
			},
		];
		const json = await create(close, { body }).result;
		expect(close.texts).toHaveLength(2);
		expect(json._note).toMatch(
			/The draft acti_2, which was created for this item, was left in Close\.$/,
		);
	});

	test('a draft that Close refused to send is left, and named', async () => {
		const close = new FakeClose();
		rendering(close);
		close.instead.PUT = [() => Promise.reject(apiError())];
		expect(await errorOf(create(close, { body }).result)).toBe(
			'Close refused this [item 0]: No. It was left as the draft acti_1, and nobody was texted',
		);
		expect(close.texts).toHaveLength(1);
	});

	test('what an earlier try may still be sending is not deleted', async () => {
		const close = new FakeClose();
		const own = close.add({ remote_phone: phone });
		close.add({ status: 'sent', remote_phone: phone });
		const unknownOutcome = { what: '', startedAt: 0, since: 0 };
		const item = { draftId: own.id as string, unknownOutcome };
		const json = await create(close, { body, item }).result;
		expect(json._note).toMatch(/ acti_1, which .* was left in Close\.$/);
		expect(close.texts).toHaveLength(2);
	});

	test('a draft that cannot be deleted is named', async () => {
		const close = new FakeClose();
		close.add({ status: 'sent', remote_phone: phone });
		rendering(close);
		close.instead.DELETE = [() => Promise.reject(apiError('500'))];
		const json = await create(close, { body }).result;
		expect(json._note).toMatch(/^Not sent again: .* acti_2, which .* was left in Close\.$/);
	});

	describe('when the search for duplicates fails', () => {
		const busy = () => Promise.reject(apiError('500', 'Busy.'));

		test('when the search for duplicates fails, the draft of a template is deleted', async () => {
			const close = new FakeClose();
			rendering(close);
			close.instead.GET = [busy];
			expect(await errorOf(create(close, { body }).result)).toMatch(
				/^Close refused this \[item 0\]: Busy\./,
			);
			expect(close.texts).toEqual([]);
		});

		test('when the search for duplicates fails, a draft that cannot be deleted is named', async () => {
			const close = new FakeClose();
			rendering(close);
			close.instead.GET = [busy, busy];
			expect(await errorOf(create(close, { body }).result)).toBe(
				'Close refused this [item 0]: Busy. Its ID is acti_1',
			);
		});

		test('when the search for duplicates fails, a text without a template has left no draft', async () => {
			const close = new FakeClose();
			close.instead.GET = [busy];
			expect(await errorOf(create(close).result)).toMatch(/^Close refused this \[item 0\]: Busy\./);
			expect(close.requests).toEqual(['SEARCH', 'GET']);
		});
	});
});

describe('two with the same words to the same number in one process', () => {
	/** Close does not list what was sent just now. */
	const forgetful = (close: FakeClose) => {
		const { send } = close;
		return Object.assign(Object.create(close) as FakeClose, {
			send: async (request: Parameters<typeof send>[0]) =>
				request.options.method === 'GET' && request.options.url === '/activity/sms/'
					? fakeResponse({ data: [] })
					: await send(request),
		});
	};

	test('of two equal texts at the same moment the second waits, and is not sent', async () => {
		const close = new FakeClose();
		const both = [create(forgetful(close)), create(forgetful(close))];
		const [first, second] = await Promise.all(both.map(async ({ result }) => await result));
		expect(timesSent(close)).toBe(1);
		expect(second.id).toBe(first.id);
		expect(second._note).toMatch(/^Not sent again/);
	});

	test('of three equal texts one after the other only the first is sent', async () => {
		const close = new FakeClose();
		for (let n = 0; n < 3; n++) await create(forgetful(close)).result;
		expect(timesSent(close)).toBe(1);
	});

	test.each<[string, Given]>([
		['other words', { body: { text: 'Ho' } }],
		['another number', { body: { remote_phone: '+14155550000' } }],
		['another address of Close', { baseURL: 'https://other.test' }],
		['switched off', { minutes: 0 }],
	])('a text that is not the same is sent too: %s', async (_, other) => {
		const close = new FakeClose();
		await create(forgetful(close)).result;
		await create(forgetful(close), other).result;
		expect(timesSent(close)).toBe(2);
	});

	test('a text that differs in its spaces only is not sent', async () => {
		const close = new FakeClose();
		await create(forgetful(close)).result;
		await create(forgetful(close), { body: { text: ' Hi\n' } }).result;
		expect(timesSent(close)).toBe(1);
	});

	test.each<[string, number, number, number]>([
		['within the minutes', 1, 59_000, 1],
		['after the minutes', 0.5, 31_000, 2],
		['after a minute, when Close alone knows', 60, 61_000, 2],
	])(
		'whether an equal text is sent again, %s: %d minutes, %d ms later',
		async (_, minutes, ms, times) => {
			const close = new FakeClose();
			await create(forgetful(close), { minutes }).result;
			jest.setSystemTime(Date.now() + ms);
			await create(forgetful(close), { minutes }).result;
			expect(timesSent(close)).toBe(times);
		},
	);

	test('an equal text is sent when the first was refused', async () => {
		const close = new FakeClose();
		close.instead.PUT = [() => Promise.reject(apiError())];
		const both = [create(forgetful(close)), create(forgetful(close))];
		const ends = await Promise.allSettled(both.map(async ({ result }) => await result));
		expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
		expect(timesSent(close)).toBe(2);
	});

	test('an equal text is sent when the first was canceled, or is gone', async () => {
		const close = new FakeClose();
		await create(forgetful(close)).result;
		close.texts[0].status = 'draft';
		await create(forgetful(close)).result;
		close.texts.splice(0);
		await create(forgetful(close)).result;
		expect(timesSent(close)).toBe(3);
	});

	test('an equal text is not sent when nobody can read whether the first is gone', async () => {
		const close = new FakeClose();
		await create(forgetful(close)).result;
		close.instead.GET = [() => Promise.reject(apiError('500', 'Busy.'))];
		expect(await errorOf(create(forgetful(close)).result)).toMatch(
			/^Close refused this \[item 0\]: Busy\./,
		);
		expect(timesSent(close)).toBe(1);
	});

	const lose = (close: FakeClose, item: ItemState, isSent: boolean) => {
		close.instead.PUT = [
			() => {
				item.unknownOutcome = { what: '', startedAt: 0, since: 0 };
				if (isSent) close.texts[0].status = 'sent';
				throw apiError('none', 'ECONNRESET').with({ outcome: 'unknown' });
			},
		];
	};

	test('equal texts are not sent when the first may have been sent and Close does not show it yet', async () => {
		const close = new FakeClose();
		const first = create(forgetful(close));
		lose(close, first.item, false);
		expect(await errorOf(first.result)).toMatch(/ECONNRESET/);
		for (let n = 0; n < 2; n++)
			await expect(create(forgetful(close)).result).rejects.toMatchObject({
				message: 'Not sent: the same message may just have been sent to the same number [item 0]',
				description: expect.stringMatching(/Look at it in Close/),
			});
		expect(timesSent(close)).toBe(1);
	});

	test('a text that may have been sent is the duplicate once Close shows that it was', async () => {
		const close = new FakeClose();
		const first = create(forgetful(close));
		lose(close, first.item, true);
		await errorOf(first.result);
		expect(await create(forgetful(close)).result).toMatchObject({ id: 'acti_1', status: 'sent' });
		expect(timesSent(close)).toBe(1);
	});

	test('a text that may have been sent is no duplicate of itself in a second try', async () => {
		const close = new FakeClose();
		const first = create(forgetful(close));
		lose(close, first.item, true);
		await errorOf(first.result);
		const { draftId } = first.item;
		const json = await create(forgetful(close), { item: { draftId } }).result;
		expect(json).toMatchObject({ id: draftId, status: 'sent' });
		expect(json._note).toBeUndefined();
	});

	test('a dry run between two equal texts is no duplicate', async () => {
		const close = new FakeClose();
		const options = { ...DEFAULT_OPTIONS, skipIfTextedWithin: 60, dryRun: true };
		const dry = Object.assign(new FakeClose(), {
			send: async ({ assumed }: Parameters<Send>[0]) => ({
				items: [{ json: {} }],
				body: assumed?.body ?? {},
				time: NaN,
			}),
		});
		await create(dry as FakeClose, { item: { options } }).result;
		await create(forgetful(close)).result;
		expect(timesSent(close)).toBe(1);
		await create(dry as FakeClose, { item: { options } }).result;
		await create(forgetful(close)).result;
		expect(timesSent(close)).toBe(1);
	});

	test('a dry run after a text that may have been sent has no error', async () => {
		const close = new FakeClose();
		const first = create(forgetful(close));
		lose(close, first.item, false);
		await errorOf(first.result);
		const options = { ...DEFAULT_OPTIONS, skipIfTextedWithin: 60, dryRun: true };
		await create(new FakeClose(), { item: { options } }).result;
		await errorOf(create(forgetful(close)).result);
		expect(timesSent(close)).toBe(1);
	});
});
