import { NodeOperationError, type IDataObject } from 'n8n-workflow';
import { validationError } from '../../../../../../../nodes/shared/errors/validationError';
import { handleCancel } from '../../../../../../../nodes/CloseSms/resources/sms/cancel';
import { handleDelete } from '../../../../../../../nodes/CloseSms/resources/deleteHandler';
import { handleSchedule } from '../../../../../../../nodes/CloseSms/resources/sms/schedule';
import { handleSendDraft } from '../../../../../../../nodes/CloseSms/resources/sms/sendDraft';
import { withCurrentStatus } from '../../../../../../../nodes/CloseSms/resources/sms/sending/withCurrentStatus';
import {
	singleRequest,
	type OperationHandler,
} from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import { DAYS } from '../../../../../../../nodes/CloseSms/validation/sendingHours';
import { apiError, FakeClose } from '../../../../../fakeClose';
import {
	asShown,
	fakeContext,
	fakeItem,
	fakeRequest,
	handlerContext,
} from '../../../../../fakeContext';
import { StoppedError } from '../../../../../../../nodes/CloseSms/transport/flowErrors';

const ZONE = 'America/New_York';
const TIME = '2036-12-01T09:00:00Z';
const LOCAL_TIME = '2036-12-01T04:00:00-05:00';
const LATER = '2036-12-02T09:00:00Z';
const LOCAL_LATER = '2036-12-02T04:00:00-05:00';

const OPERATIONS = {
	sendDraft: { handler: handleSendDraft, desired: { status: 'outbox' } as IDataObject },
	schedule: { handler: handleSchedule, desired: { status: 'scheduled', date_scheduled: TIME } },
	cancel: { handler: handleCancel, desired: { status: 'draft' } },
};
type Operation = keyof typeof OPERATIONS;

/** Each test has a Close of its own: what the process remembers of one is none of another's business. */
let account = 0;
const requestOf = (desired: IDataObject) => {
	const request = fakeRequest('PUT', '/activity/sms/acti_1/', { ...desired });
	return { ...request, options: { ...request.options, baseURL: `https://close-${account++}` } };
};

/** One text at Close, and an operation on it. */
function setUp(operation: Operation, text: IDataObject, options: Partial<NodeOptions> = {}) {
	const close = new FakeClose();
	close.add(text);
	const { handler, desired } = OPERATIONS[operation];
	const item = fakeItem({ options: { ...DEFAULT_OPTIONS, ...options } });
	const run = async () =>
		await handler(
			handlerContext({
				n8n: fakeContext({ zone: ZONE }),
				send: close.send,
				request: requestOf(desired),
				item,
			}),
		);
	return { close, item, run };
}

const errorOf = async (run: () => Promise<unknown>) =>
	await run().then(
		() => {
			throw new Error('It did not fail');
		},
		(error: unknown) => asShown(error),
	);

/** What was read of the text, and checked: the request that lets it go out has it too. */
const CHECKED = { text: 'Hi', remote_phone: '+14155550177' };
const PUT = (body: IDataObject) =>
	`PUT acti_1 ${JSON.stringify({ ...(body.status === 'draft' ? {} : CHECKED), ...body })}`;
const scheduledFor = (time: string) => ({ status: 'scheduled', date_scheduled: time });

describe('what each operation does with a text, by its status', () => {
	test.each<[Operation, IDataObject, IDataObject[], string | undefined]>([
		['sendDraft', { status: 'draft' }, [{ status: 'outbox' }], undefined],
		[
			'sendDraft',
			{ status: 'outbox' },
			[],
			'It was in the outbox already, so it was not sent again.',
		],
		['sendDraft', { status: 'sent' }, [], 'It was sent already, so it was not sent again.'],
		['schedule', { status: 'draft' }, [scheduledFor(TIME)], undefined],
		['schedule', scheduledFor(TIME), [], `It was scheduled for ${LOCAL_TIME} already.`],
		[
			'schedule',
			scheduledFor('2036-12-01T10:00:00.000000+01:00'),
			[],
			`It was scheduled for ${LOCAL_TIME} already.`,
		],
		[
			'schedule',
			scheduledFor(LATER),
			[{ status: 'draft' }, scheduledFor(TIME)],
			`Moved from ${LOCAL_LATER} to ${LOCAL_TIME}.`,
		],
		// Close took the status and dropped the date.
		[
			'schedule',
			{ status: 'scheduled', date_scheduled: null },
			[{ status: 'draft' }, scheduledFor(TIME)],
			`Moved from no time to ${LOCAL_TIME}.`,
		],
		['cancel', scheduledFor(TIME), [{ status: 'draft' }], undefined],
		['cancel', { status: 'outbox' }, [{ status: 'draft' }], undefined],
		['cancel', { status: 'draft' }, [], 'It was a draft already, so there was nothing to cancel.'],
	])('%s, %j: sends %j, notes %j', async (operation, text, updates, note) => {
		const { close, run } = setUp(operation, text);
		const [{ json }] = await run();
		expect(close.requests).toEqual(['GET acti_1', ...updates.map(PUT)]);
		expect(json._note).toBe(note);
		expect(json.id).toBe('acti_1');
	});

	test.each<[Operation, IDataObject, string, RegExp]>([
		[
			'sendDraft',
			scheduledFor(TIME),
			`is scheduled for ${LOCAL_TIME}, so it cannot be sent`,
			/Cancel, then use Send Draft/,
		],
		['sendDraft', { status: 'inbox' }, 'was received, so it cannot be sent', /use Send/],
		[
			'sendDraft',
			{ status: 'error', error_message: 'Landline' },
			'did not go out (Landline), so it cannot be sent',
			/use Send/,
		],
		[
			'schedule',
			{ status: 'outbox' },
			'is in the outbox, about to go out, so it cannot be scheduled',
			/Cancel may still stop it/,
		],
		[
			'schedule',
			{ status: 'sent', date_sent: TIME },
			`was sent at ${LOCAL_TIME}, so it cannot be scheduled`,
			/use Send/,
		],
		['schedule', { status: 'inbox' }, 'was received, so it cannot be scheduled', /use Send/],
		[
			'schedule',
			{ status: 'error' },
			'did not go out (Close gives no reason), so it cannot be scheduled',
			/use Send/,
		],
		['cancel', { status: 'sent' }, 'was sent, so it cannot be canceled', /cannot be taken back/],
		['cancel', { status: 'inbox' }, 'was received, so it cannot be canceled', /an SMS of your own/],
		[
			'cancel',
			{ status: 'error' },
			'did not go out (Close gives no reason), so it cannot be canceled',
			/reached nobody/,
		],
		[
			'sendDraft',
			{ status: 'new_status' },
			'has the status new_status, so it cannot be sent',
			/Look at it in Close/,
		],
		[
			'schedule',
			{ status: 'new_status' },
			'has the status new_status, so it cannot be scheduled',
			/Look at it in Close/,
		],
		[
			'cancel',
			{ status: 'new_status' },
			'has the status new_status, so it cannot be canceled',
			/Look at it in Close/,
		],
	])(
		'%s of a text that is %j is an error, and nothing is changed',
		async (operation, text, state, next) => {
			const { close, run } = setUp(operation, text);
			const error = await errorOf(run);
			expect(error).toBeInstanceOf(NodeOperationError);
			expect(error.message).toBe(`This SMS ${state} [item 0]`);
			expect(error.description).toMatch(next);
			expect(close.requests).toEqual(['GET acti_1']);
		},
	);
});

describe('whether the person of an existing text may be texted', () => {
	const BLOCKED = /^\+14155550177 must not be texted: .* \[item 0\]$/;
	/** A text to somebody who has opted out. */
	const setUpBlocked = (operation: Operation, text: IDataObject) => {
		const run = setUp(operation, { ...text, contact_id: 'cont_1' }, { checkOptOut: true });
		const phones = [{ phone: '+14155550177', outbound_sms_blocked: true }];
		run.close.contacts.push({ id: 'cont_1', phones });
		return run;
	};

	test.each<[Operation, IDataObject]>([
		['sendDraft', { status: 'draft' }],
		['schedule', { status: 'draft' }],
	])(
		'%s of the text %j to a person who must not be texted is an error, and nothing goes out',
		async (operation, text) => {
			const { close, run } = setUpBlocked(operation, text);
			expect((await errorOf(run)).message).toMatch(BLOCKED);
			expect(close.requests).toEqual(['GET acti_1', 'SEARCH']);
		},
	);

	test('a text that could not be moved and still goes out at its old time is said to', async () => {
		const { close, run } = setUpBlocked('schedule', scheduledFor(LATER));
		expect((await errorOf(run)).message).toMatch(
			new RegExp(`must not be texted.* This SMS is scheduled for ${LOCAL_LATER}; Cancel stops it$`),
		);
		expect(close.requests).toEqual(['GET acti_1', 'SEARCH']);
	});

	test.each<[Operation, IDataObject, IDataObject[]]>([
		['cancel', scheduledFor(TIME), [{ status: 'draft' }]],
		['sendDraft', { status: 'sent' }, []],
		['sendDraft', { status: 'outbox' }, []],
	])(
		'%s of the text %j asks nobody whether they may be texted, since nothing more goes out',
		async (operation, text, updates) => {
			const { close, run } = setUpBlocked(operation, text);
			await run();
			expect(close.requests).toEqual(['GET acti_1', ...updates.map(PUT)]);
		},
	);
});

test('where Sending Hours move a moved text again, the note says both', async () => {
	jest.useFakeTimers({ now: new Date('2036-11-25T12:00:00Z'), doNotFake: ['nextTick'] });
	const { run } = setUp('schedule', scheduledFor(LATER), {
		sendingHours: {
			from: 8 * 60,
			to: 21 * 60,
			days: [...DAYS],
			zone: 'workflow',
			outside: 'schedule',
		},
	});
	const [{ json }] = await run();
	jest.useRealTimers();
	const moved = '2036-12-01T08:00:00-05:00';
	expect(json.date_scheduled).toBe(moved);
	expect(json._note).toMatch(
		new RegExp(
			`^Moved from ${LOCAL_LATER} to ${moved}\\. Moved by 'Sending Hours' from ${LOCAL_TIME} to ${moved} `,
		),
	);
});

test('the first request of a move leads to a text, and its second one is a text', async () => {
	const { close, run } = setUp('schedule', scheduledFor(LATER));
	await run();
	expect(close.leadingToText).toEqual([PUT({ status: 'draft' })]);
});

test.each<[Operation, RegExp]>([
	['sendDraft', /assumes that it is a draft/],
	['schedule', /assumes that it is a draft/],
	['cancel', /assumes that it is scheduled/],
])('a dry run of %s goes by what it says it assumes', async (operation, words) => {
	const { handler, desired } = OPERATIONS[operation];
	const notes: string[] = [];
	const bodies: unknown[] = [];
	await handler(
		handlerContext({
			send: async ({ options, assumed }) => {
				if (assumed) notes.push(assumed.note);
				if (options.method === 'PUT') bodies.push(options.body);
				return { items: [], body: assumed?.body ?? {}, time: NaN };
			},
			request: requestOf(desired),
			item: fakeItem({ options: { ...DEFAULT_OPTIONS, dryRun: true } }),
		}),
	);
	expect(notes).toHaveLength(1);
	expect(notes[0]).toMatch(words);
	expect(bodies).toEqual([desired]);
});

describe('when a change fails', () => {
	const fail = () => {
		throw apiError();
	};
	/** Somebody else changes it before Close refuses. */
	const overtakenBy = (close: FakeClose, change: IDataObject) => () => {
		Object.assign(close.texts[0], change);
		throw apiError();
	};

	test.each<[Operation, IDataObject, IDataObject, string]>([
		[
			'sendDraft',
			{ status: 'draft' },
			{ status: 'sent' },
			'It was sent already, so it was not sent again.',
		],
		[
			'schedule',
			{ status: 'draft' },
			scheduledFor(TIME),
			`It was scheduled for ${LOCAL_TIME} already.`,
		],
		[
			'cancel',
			scheduledFor(TIME),
			{ status: 'draft' },
			'It was a draft already, so there was nothing to cancel.',
		],
	])(
		'%s of what somebody else changed the same way meanwhile is no error',
		async (operation, text, change, note) => {
			const { close, run } = setUp(operation, text);
			close.instead.PUT = [overtakenBy(close, change)];
			expect((await run())[0].json).toMatchObject({ ...change, _note: note });
		},
	);

	test('Cancel of a text that went out meanwhile says what it is now', async () => {
		const { close, run } = setUp('cancel', scheduledFor(TIME));
		close.instead.PUT = [overtakenBy(close, { status: 'sent' })];
		expect((await errorOf(run)).message).toBe(
			'This SMS was sent, so it cannot be canceled [item 0]',
		);
	});

	test("a change that failed of a text that is as it was keeps Close's error", async () => {
		const { close, run } = setUp('sendDraft', { status: 'draft' });
		close.instead.PUT = [fail];
		expect((await errorOf(run)).message).toBe('Close refused this [item 0]: No.');
		expect(close.requests).toEqual(['GET acti_1', PUT({ status: 'outbox' }), 'GET acti_1']);
	});

	test("a change that failed of a text that cannot be read keeps Close's error", async () => {
		const { close, run } = setUp('sendDraft', { status: 'draft' });
		close.instead.PUT = [fail];
		close.instead.GET = [undefined, fail];
		expect((await errorOf(run)).message).toBe('Close refused this [item 0]: No.');
	});

	test('a change of unknown outcome keeps its error, since it was read back already', async () => {
		const { close, item, run } = setUp('sendDraft', { status: 'draft' });
		close.instead.PUT = [
			() => {
				item.unknownOutcome = { what: '', startedAt: 0, since: 0 };
				throw apiError();
			},
		];
		expect((await errorOf(run)).message).toBe('Close refused this [item 0]: No.');
		expect(close.requests).toEqual(['GET acti_1', PUT({ status: 'outbox' })]);
	});

	test('an error that is not from Close stays as it is, and nothing more is asked', async () => {
		const { close, run } = setUp('sendDraft', { status: 'draft' });
		close.instead.PUT = [() => Promise.reject(new Error('canceled'))];
		expect((await errorOf(run)).message).toBe('canceled');
		expect(close.requests).toHaveLength(2);
	});

	test('an error before anything was changed stays as it is', async () => {
		const { close, run } = setUp('schedule', scheduledFor(LATER));
		const error = validationError({}, 'It was canceled');
		close.instead.PUT = [() => Promise.reject(error)];
		expect((await errorOf(run)).message).toBe('It was canceled');
	});

	describe('in the middle of a move', () => {
		test('a move that fails half way says that the text stays a draft', async () => {
			const { close, run } = setUp('schedule', scheduledFor(LATER));
			close.instead.PUT = [undefined, fail];
			expect((await errorOf(run)).message).toBe(
				'Close refused this [item 0]: No. acti_1 was set back to a draft, and is one still',
			);
		});

		test('a move that fails half way says that the text was set back, where it cannot be read', async () => {
			const { close, run } = setUp('schedule', scheduledFor(LATER));
			close.instead.PUT = [undefined, fail];
			close.instead.GET = [undefined, fail];
			expect((await errorOf(run)).message).toBe(
				'Close refused this [item 0]: No. acti_1 was set back to a draft before this',
			);
		});

		test('a move that fails half way is done when somebody else scheduled the text for that time', async () => {
			const { close, run } = setUp('schedule', scheduledFor(LATER));
			close.instead.PUT = [undefined, overtakenBy(close, scheduledFor(TIME))];
			expect((await run())[0].json._note).toBe(`Moved from ${LOCAL_LATER} to ${LOCAL_TIME}.`);
		});

		test.each([
			[
				validationError({}, 'It was canceled'),
				'It was canceled. acti_1 was set back to a draft before this',
			],
			[
				validationError({}, 'It was canceled').with({
					text: { id: 'acti_1', origin: 'given', seen: { status: 'sent', words: 'was sent' } },
				}),
				'It was canceled. This SMS was sent',
			],
		])(
			'a move that fails half way says that the text was set back, unless its state is known: %s',
			async (error, words) => {
				const { close, run } = setUp('schedule', scheduledFor(LATER));
				close.instead.PUT = [undefined, () => Promise.reject(error)];
				expect((await errorOf(run)).message).toBe(words);
				expect(close.requests).toHaveLength(3);
			},
		);

		test('a run that is stopped in the middle of a move knows the draft that is left', async () => {
			const { close, item, run } = setUp('schedule', scheduledFor(LATER));
			close.instead.PUT = [undefined, () => Promise.reject(new StoppedError())];
			const error = await errorOf(run);
			expect(error).toBeInstanceOf(StoppedError);
			expect(error.message).toBe('');
			expect(item.draftId).toBe('acti_1');
		});
	});

	test('a run that is stopped before a draft was sent knows the draft', async () => {
		const { close, item, run } = setUp('sendDraft', { status: 'draft' });
		close.instead.PUT = [() => Promise.reject(new StoppedError())];
		expect(await errorOf(run)).toBeInstanceOf(StoppedError);
		expect(item.draftId).toBe('acti_1');
	});

	// Code: it is told as "Left in Close as a draft", although it goes out at its old time.
	test('a run that is stopped before a move began leaves the text scheduled, and knows of no draft', async () => {
		const { close, item, run } = setUp('schedule', scheduledFor(LATER));
		close.instead.PUT = [() => Promise.reject(new StoppedError())];
		expect(await errorOf(run)).toBeInstanceOf(StoppedError);
		expect(item.draftId).toBeUndefined();
	});
});

describe('Update, when Close rejects an edit', () => {
	const update = (text: IDataObject, body: IDataObject, error: Error) => {
		const close = new FakeClose();
		close.add(text);
		close.instead.PUT = [() => Promise.reject(error)];
		const item = fakeItem();
		const handler: OperationHandler = withCurrentStatus(singleRequest);
		const run = async () =>
			await handler(
				handlerContext({
					n8n: fakeContext({ zone: ZONE }),
					send: close.send,
					request: fakeRequest('PUT', '/activity/sms/acti_1/', body),
					item,
				}),
			);
		return { close, item, run };
	};
	const NO = 'Close refused this [item 0]: No.';

	test.each<[string, IDataObject, IDataObject, string, boolean]>([
		[
			'sent, and asked to send',
			{ status: 'sent' },
			{ status: 'outbox' },
			`${NO} This SMS was sent`,
			true,
		],
		[
			'sent, and asked to edit',
			{ status: 'sent' },
			{ text: 'New' },
			`${NO} This SMS was sent`,
			false,
		],
		['received', { status: 'inbox' }, { status: 'outbox' }, `${NO} This SMS was received`, false],
		[
			'scheduled',
			scheduledFor(TIME),
			{ text: 'New' },
			`${NO} This SMS is scheduled for ${LOCAL_TIME}; Cancel stops it`,
			false,
		],
		['a draft', { status: 'draft' }, { text: 'New' }, NO, false],
	])(
		'Update that Close rejects also says what the text is: %s',
		async (_, text, body, words, isSentAlready) => {
			const error = await errorOf(update(text, body, apiError()).run);
			expect(error.message).toBe(words);
			expect(/^It was not sent again/.test(String(error.description))).toBe(isSentAlready);
		},
	);

	test.each<[string, Error]>([
		['another status than 400', apiError('404', 'Not there.')],
		['an error that is none of Close', new Error('canceled')],
	])('Update reads nothing after %s', async (_, error) => {
		const { close, run } = update({ status: 'sent' }, { text: 'New' }, error);
		expect((await errorOf(run)).message).toBe(asShown(error).message);
		expect(close.requests).toHaveLength(1);
	});

	test('Update reads nothing after an unknown outcome', async () => {
		const { close, item, run } = update({ status: 'sent' }, { text: 'New' }, apiError());
		item.unknownOutcome = { what: '', startedAt: 0, since: 0 };
		expect((await errorOf(run)).message).toBe(NO);
		expect(close.requests).toHaveLength(1);
	});

	test("Update keeps Close's error where the text cannot be read", async () => {
		const { close, run } = update({ status: 'sent' }, { text: 'New' }, apiError());
		close.instead.GET = [() => Promise.reject(apiError('500', 'Busy.'))];
		expect((await errorOf(run)).message).toBe(NO);
	});

	test('Update passes on the output of what works', async () => {
		const { close, run } = update({ status: 'draft' }, { text: 'New' }, apiError());
		close.instead.PUT = [];
		expect((await run())[0].json).toMatchObject({ text: 'New' });
	});
});

test("Delete gives the SMS's ID, since Close gives nothing", async () => {
	const request = fakeRequest('DELETE', '/activity/sms/acti_1/');
	expect(await handleDelete(handlerContext({ request }))).toEqual([
		{ json: { deleted: true, id: 'acti_1' } },
	]);
});
