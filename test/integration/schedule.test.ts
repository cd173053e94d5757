import { byId } from '../../dev/locators';
import {
	DRAFT_ID,
	ERROR_MODES,
	LONG_RUN,
	getRequest,
	messages,
	putRequest,
	setUpSms,
} from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const scheduledId = 'acti_scheduled0000000000000';
const person = '+14155550101';
const AT = '2035-06-01T09:00:00Z';
const onWire = '2035-06-01T09:00:00Z';

const schedule = async (id: string, sendAt: string, parameters = {}, options = {}) =>
	await sms.run('schedule', { smsId: byId(id), sendAt, ...parameters }, options);

/** The request that lets it go out has what was read of the text, and checked. */
const toScheduled = (id: string) => {
	const { text, remote_phone, local_phone } = sms.close.sms(id)!;
	const checked = { text, remote_phone, local_phone };
	return putRequest(id, { ...checked, status: 'scheduled', date_scheduled: onWire });
};
const toDraft = (id: string) => putRequest(id, { status: 'draft' });

test('a draft is read, then scheduled, and the person is texted at that time', async () => {
	const { json, error } = await schedule(DRAFT_ID, AT);

	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ id: DRAFT_ID, status: 'scheduled' }]);
	expect(json[0]).not.toHaveProperty('_note');
	expect(sms.wire()).toEqual([getRequest(DRAFT_ID), toScheduled(DRAFT_ID)]);
	expect(sms.close.timesTexted(person)).toBe(0);
	sms.advancePast(AT);
	expect(sms.close.timesTexted(person)).toBe(1);
});

test.each([
	['2035-03-12T09:00:00', '2035-03-12T09:00:00-04:00'],
	['2035-03-12 09:00', '2035-03-12T09:00:00-04:00'],
	['2035-03-12T09:00:00+02:00', '2035-03-12T09:00:00+02:00'],
	['={{ DateTime.fromISO("2035-03-12T09:00", { zone: "UTC" }) }}', '2035-03-12T09:00:00Z'],
	['={{ new Date("2035-03-12T09:00:00Z") }}', '2035-03-12T05:00:00-04:00'],
])('%s is read in the time zone of the workflow', async (sendAt, date) => {
	await schedule(DRAFT_ID, sendAt, {}, { timezone: 'America/New_York' });

	expect(Date.parse(sms.close.sms(DRAFT_ID)!.date_scheduled!)).toBe(Date.parse(date));
});

test('a text that is scheduled for that time is returned as it is', async () => {
	const before = sms.close.sms(scheduledId);
	const { json } = await schedule(
		scheduledId,
		'2036-03-03T12:00:00',
		{},
		{ timezone: 'America/New_York' },
	);

	expect(json).toEqual([
		{ ...before, _note: 'It was scheduled for 2036-03-03T12:00:00-05:00 already.' },
	]);
	expect(sms.wire()).toEqual([getRequest(scheduledId)]);
});

test('a text that is scheduled for another time is moved, and both times are named', async () => {
	const { json, error } = await schedule(scheduledId, AT, {}, { timezone: 'America/New_York' });

	expect(error).toBeUndefined();
	expect(json).toEqual([
		{
			...sms.close.sms(scheduledId),
			_note: 'Moved from 2036-03-03T12:00:00-05:00 to 2035-06-01T05:00:00-04:00.',
		},
	]);
	expect(json[0].date_scheduled).toBe('2035-06-01T09:00:00+00:00');
	expect(sms.wire()).toEqual([
		getRequest(scheduledId),
		toDraft(scheduledId),
		toScheduled(scheduledId),
	]);
	sms.advancePast('2036-03-03T17:00:00Z');
	expect(sms.close.timesTexted('+14155550102')).toBe(1);
});

describe('a move that stops half-way', () => {
	const refusal = { errors: [], 'field-errors': { remote_phone: 'Blocked.' } };

	test.each(ERROR_MODES)('refused: says that it is a draft now, on error: %s', async (onError) => {
		sms.close.faults.order({
			kind: 'status',
			status: 400,
			body: refusal,
			match: { bodyHas: { status: 'scheduled' } },
		});
		const run = await schedule(scheduledId, AT, {}, { node: { onError } });

		expect(messages(run)).toEqual([
			"Close refused this: 'To': Blocked. acti_scheduled0000000000000 was set back to a draft, and is one still",
		]);
		expect(sms.close.sms(scheduledId)).toMatchObject({ status: 'draft', date_scheduled: null });
		sms.advancePast('2036-03-03T17:00:00Z');
		expect(sms.close.texted).toEqual([]);
	});

	test('Close goes away after the first half', async () => {
		sms.close.faults.order({ kind: 'status', status: 503, after: 2, times: 100 });
		const { error } = await schedule(scheduledId, AT, { options: { maxRetries: 0 } });

		expect(error?.message).toBe(
			'This SMS may have been sent: The server is not available. acti_scheduled0000000000000 was set back to a draft before this',
		);
		expect(sms.close.sms(scheduledId)?.status).toBe('draft');
	});

	test.each([
		['a 503', { kind: 'status', status: 503 }],
		['a lost response', { kind: 'resetBefore' }],
	] as const)('the second half ends in %s: only what was seen is said', async (_, fault) => {
		sms.close.faults.order({
			...fault,
			match: { bodyHas: { status: 'scheduled' } },
			carriedOutAfter: 14_000,
		});
		const { error } = await schedule(scheduledId, AT, { options: { maxRetries: 0 } });

		expect(error?.message).toMatch(/This SMS was still a draft 1\d seconds later$/);
		expect(error?.message).not.toMatch(/nobody|set back|does not go out/);
		sms.advancePast('2036-03-03T17:00:00Z');
		expect(sms.close.texted).toHaveLength(1);
	});

	test('a 503, and then a refusal: only what was seen is said', async () => {
		const match = { bodyHas: { status: 'scheduled' } };
		sms.close.faults.order({ kind: 'status', status: 503, match });
		sms.close.faults.order({ kind: 'status', status: 400, body: refusal, match });
		const { error } = await schedule(scheduledId, AT);

		expect(error?.message).toMatch(/Blocked\. This SMS was still a draft 1\d seconds later$/);
	});

	test('the second try of Retry On Fail finds the draft and schedules it', async () => {
		sms.close.faults.order({
			kind: 'status',
			status: 400,
			body: refusal,
			match: { bodyHas: { status: 'scheduled' } },
		});
		const { json, error } = await schedule(
			scheduledId,
			AT,
			{},
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
		);

		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{ status: 'scheduled', date_scheduled: '2035-06-01T09:00:00+00:00' },
		]);
	});

	test.each(['first', 'second'])(
		'the answer to the %s half gets lost: moved all the same',
		async (half) => {
			const status = half === 'first' ? 'draft' : 'scheduled';
			sms.close.faults.order({ kind: 'resetAfter', match: { bodyHas: { status } } });
			const { json, error } = await schedule(scheduledId, AT);

			expect(error).toBeUndefined();
			expect(json).toMatchObject([
				{
					status: 'scheduled',
					_note: 'Moved from 2036-03-03T17:00:00Z to 2035-06-01T09:00:00Z.',
				},
			]);
			sms.advancePast('2036-03-03T17:00:00Z');
			expect(sms.close.timesTexted('+14155550102')).toBe(1);
		},
	);
});

test('a text that goes out between the read and the move is not texted again', async () => {
	const { id } = sms.close.addSms({
		status: 'scheduled',
		date_scheduled: '2036-01-01T09:00:00+00:00',
		remote_phone: person,
		local_phone: '+14155550100',
		text: 'x',
	});
	sms.close.meanwhile(() => sms.advancePast('2036-01-01T09:00:00Z'));
	const { error } = await schedule(id, '2037-01-01T09:00:00Z');

	expect(error?.message).toMatch(
		/^This SMS was sent at 2036-01-01T09:00:0\S+, so it cannot be scheduled$/,
	);
	expect(error?.description).toBe('It cannot be taken back. To text again, use Send.');
	expect(sms.close.timesTexted(person)).toBe(1);
});

test.each([
	['sent', 'This SMS was sent at 2026-02-02T16:20:02Z, so it cannot be scheduled', /use Send/],
	['received', 'This SMS was received, so it cannot be scheduled', /use Send/],
	[
		'failed',
		'This SMS did not go out (30006 landline or unreachable carrier), so it cannot be scheduled',
		/use Send/,
	],
] as const)(
	'%s: cannot be scheduled, and nothing is changed',
	async (name, message, description) => {
		const before = sms.close.account.texts[name];
		const { error } = await schedule(before.id, AT);

		expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
		expect(sms.close.sms(before.id)).toEqual(before);
		expect(sms.wire()).toEqual([getRequest(before.id)]);
	},
);

test('in the outbox: says what can be done', async () => {
	sms.close.carrierDelay(3_600_000);
	const { id } = sms.close.addSms({ status: 'outbox', remote_phone: person, text: 'x' });
	const { error } = await schedule(id, AT);

	expect(error).toMatchObject({
		message: 'This SMS is in the outbox, about to go out, so it cannot be scheduled',
		description: 'Cancel may still stop it. If it does, the SMS can be scheduled.',
	});
	expect(sms.wire()).toEqual([getRequest(id)]);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['={{ "" }}', AT, "'SMS' is empty"],
		['a/b', AT, "'SMS' is not the ID of an SMS"],
		[DRAFT_ID, '={{ $json.nothing }}', "'Send At' is empty"],
		[DRAFT_ID, '={{ " " }}', "'Send At' is empty"],
		[DRAFT_ID, '={{ null }}', "'Send At' is empty"],
		[DRAFT_ID, 'tomorrow', "'Send At' is not a date and time that can be read"],
		[DRAFT_ID, '={{ 5 }}', "'Send At' is not a date and time that can be read"],
	])('%s at %s', async (id, sendAt, message) => {
		const run = await schedule(id, sendAt, {}, { node: { onError } });

		expect(messages(run)).toEqual([expect.stringContaining(message)]);
		expect(sms.wire()).toEqual([]);
	});

	test('in the past: both times are named', async () => {
		const run = await schedule(DRAFT_ID, '2020-01-01T09:00:00', {}, { node: { onError } });

		expect(messages(run)).toEqual([
			expect.stringMatching(
				/^'Send At' is in the past: it is 2020-01-01T09:00:00Z, and now it is 20\S+$/,
			),
		]);
		expect(sms.wire()).toEqual([]);
	});

	test(`${LONG_RUN[onError]} texts, half of them moved, each at the time of its item`, async () => {
		const items = Array.from({ length: LONG_RUN[onError] }, (_, n) => {
			const known = {
				text: `${n}`,
				remote_phone: `+1415556${String(n).padStart(4, '0')}`,
				local_phone: '+14155550100',
			};
			const waiting = { status: 'scheduled', date_scheduled: '2036-01-01T00:00:00+00:00' } as const;
			const { id } = sms.close.addSms(n % 2 ? { ...known, ...waiting } : known);
			return { id, at: new Date(Date.UTC(2035, 0, 1, 0, n)).toISOString() };
		});
		const { items: output, error } = await schedule(
			'={{ $json.id }}',
			'={{ $json.at }}',
			{},
			{ items, node: { onError } },
		);

		expect(error).toBeUndefined();
		expect(
			output.map(({ json, pairedItem }) => [
				json.id,
				json.status,
				Date.parse(String(json.date_scheduled)),
				'_note' in json,
				pairedItem,
			]),
		).toEqual(
			items.map(({ id, at }, item) => [id, 'scheduled', Date.parse(at), item % 2 === 1, { item }]),
		);
		sms.advancePast('2036-01-02T00:00:00Z');
		expect(sms.close.texted).toHaveLength(items.length);
	});
});
