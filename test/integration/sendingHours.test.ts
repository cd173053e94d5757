import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import type { Contact } from '../../dev/simulator';
import { say } from '../../dev/platform';
import { ERROR_MODES, messages, said, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const { itIs, itWillBe } = setUpWallClock();
const from = () => byNumber(sms.close.account.phoneNumbers.main.number);
const contacts = () => sms.close.account.contacts;
const numberOf = ({ phones }: Contact) => phones[0].phone;

type Hours = Record<string, unknown>;
const withHours = (hours: Hours = {}, more: INodeParameters = {}) => ({
	options: { sendingHours: { hours }, ...more } as INodeParameters,
});

/** A draft to a person. */
const draftTo = (contact: Contact, more: object = {}) =>
	sms.close.addSms({
		text: 'Hello',
		local_phone: sms.close.account.phoneNumbers.main.number,
		remote_phone: numberOf(contact),
		contact_id: contact.id,
		lead_id: contact.lead_id,
		...more,
	});

/** The three operations that Sending Hours are for: each with a new text or a draft to a person. */
const OPERATIONS = {
	send: async (contact: Contact, parameters: INodeParameters, options = {}) =>
		await sms.run(
			'send',
			{
				to: { __rl: true, mode: 'list', value: `${contact.id}|${numberOf(contact)}` },
				from: from(),
				message: 'Hello',
				...parameters,
			},
			options,
		),
	sendDraft: async (contact: Contact, parameters: INodeParameters, options = {}) =>
		await sms.run('sendDraft', { smsId: byId(draftTo(contact).id), ...parameters }, options),
	schedule: async (contact: Contact, parameters: INodeParameters, options = {}) =>
		await sms.run(
			'schedule',
			{
				smsId: byId(draftTo(contact).id),
				sendAt: new Date(Date.now() + 60_000).toISOString(),
				...parameters,
			},
			options,
		),
};
type Operation = keyof typeof OPERATIONS;
const operations = Object.keys(OPERATIONS) as Operation[];

/** When a person was texted, in UTC; only after some days. */
function textedAt(contact: Contact): string[] {
	sms.close.clock.advance(10 * 86_400_000);
	return sms.close.texted
		.filter(({ remotePhone }) => remotePhone === numberOf(contact))
		.map(({ at }) => at.toISOString().slice(0, 16));
}

const NIGHT_IN_NEW_YORK = '2026-12-01T09:00:00Z';
const NOON_IN_NEW_YORK = '2026-12-01T17:00:00Z';
const OPENING = '2026-12-01T08:00:00-05:00';

describe.each(operations)('%s', (operation) => {
	test('within the hours: as asked for, without a note', async () => {
		itIs(NOON_IN_NEW_YORK);
		const { json, error } = await OPERATIONS[operation](contacts().newYork, withHours());

		expect(error).toBeUndefined();
		expect(json[0]._note ?? '').not.toContain('Sending Hours');
		expect(textedAt(contacts().newYork)).toEqual([expect.stringMatching(/^2026-12-01T17:0/)]);
	});

	test('at night: scheduled for the morning, and the note says so', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { json, error } = await OPERATIONS[operation](contacts().newYork, withHours());

		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{ status: 'scheduled', date_scheduled: '2026-12-01T13:00:00+00:00' },
		]);
		expect(json[0]._note).toMatch(
			/Moved by 'Sending Hours' from .*2026-12-01T04:0\d:.* to 2026-12-01T08:00:00-05:00 in America\/New_York, by the contact's time zone\.$/,
		);
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-01T13:00']);
	});

	test.each(ERROR_MODES)('at night with Stop, on error %s: an error', async (onError) => {
		itIs(NIGHT_IN_NEW_YORK);
		const run = await OPERATIONS[operation](contacts().newYork, withHours({ outside: 'stop' }), {
			node: { onError },
		});

		expect(messages(run)).toEqual([
			expect.stringMatching(
				/^Outside 'Sending Hours': .*2026-12-01T04:0\d:\d\d-05:00 in America\/New_York, by the contact's time zone/,
			),
		]);
		if (onError === 'stopWorkflow') expect(said(run)).toContain(`They open at ${OPENING}.`);
		expect(sms.close.requests.filter(isWrite)).toEqual([]);
		expect(textedAt(contacts().newYork)).toEqual([]);
	});

	test.each(ERROR_MODES)('nobody knows where, on error %s: an error', async (onError) => {
		itIs(NOON_IN_NEW_YORK);
		const { zoneless } = contacts();
		const run = await OPERATIONS[operation](zoneless, withHours(), { node: { onError } });

		expect(messages(run)).toEqual([
			expect.stringMatching(
				/^The time zone of \+18335550126 is not known: neither the contact, nor the number, nor the lead's address in Close says it/,
			),
		]);
		expect(sms.close.requests.filter(isWrite)).toEqual([]);
		expect(textedAt(zoneless)).toEqual([]);
	});

	test('of a person who must not be texted, which is seen when the contact is read', async () => {
		itIs(NOON_IN_NEW_YORK);
		const run = await OPERATIONS[operation](contacts().optedOut, withHours());

		expect(messages(run)).toEqual([
			'+14155550104 must not be texted: Close has blocked SMS to this number',
		]);
		expect(sms.close.requests.filter(isWrite)).toEqual([]);
	});

	test('in the zone of the workflow nothing is read for it', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { json } = await OPERATIONS[operation](
			contacts().newYork,
			withHours({ zone: 'workflow' }),
			{ timezone: 'Europe/Berlin' },
		);

		expect(json[0]._note ?? '').not.toContain('Sending Hours');
		// Send was given a number of the list, which its contact must have still.
		const read = sms.wire().filter(({ path }) => /contact|search|lead/.test(path));
		expect(read).toHaveLength(operation === 'send' ? 1 : 0);
	});

	test('a dry run reads nothing, and says what it would read and assume', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { json } = await OPERATIONS[operation](
			contacts().newYork,
			withHours({}, { dryRun: true }),
		);

		expect(sms.wire()).toEqual([]);
		expect(json[0]._note).toContain("within 'Sending Hours' where they are");
		expect(JSON.stringify(json[0].requests)).toMatch(/\/contact\/|\/activity\/sms\//);
	});

	test('a dry run in a named zone shows the time it is moved to', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { json } = await OPERATIONS[operation](
			contacts().newYork,
			withHours({ zone: 'named', timezone: 'America/New_York' }, { dryRun: true }),
		);

		expect(json[0]._note).toContain("Moved by 'Sending Hours'");
		expect(JSON.stringify(json[0].requests)).toContain(`"date_scheduled":"${OPENING}"`);
	});

	test.each([
		['={{ "" }}', /no hours/],
		['={{ null }}', /no hours|cannot be read/],
		['={{ { hours: { from: "09:00" } } }}', /./],
	])('as one expression, %s: an error, or what it says', async (sendingHours, message) => {
		itIs(NIGHT_IN_NEW_YORK);
		const run = await OPERATIONS[operation](contacts().newYork, {
			options: { sendingHours } as INodeParameters,
		});
		if (run.error) expect(run.error.message).toMatch(message);
		sms.deliver();
		expect(sms.close.texted).toEqual([]);
	});

	test.each<[Hours, RegExp]>([
		[{ days: [] }, /'Days' of 'Sending Hours' is empty/],
		[{ days: '={{ "noday" }}' }, /a day that does not exist/],
		[
			{ from: '09:00', to: '09:00' },
			/'Not Before' of 'Sending Hours' and 'Not After' are the same/,
		],
		[{ from: '={{ undefined }}' }, /'Not Before' of 'Sending Hours' is empty/],
		[{ zone: 'named', timezone: 'Mars/Base' }, /'Time Zone' of 'Sending Hours' is not a time zone/],
		[{ fallbackTimezone: 'here' }, /'Fallback Time Zone' of 'Sending Hours' is not a time zone/],
	])('%j is an error before any request', async (hours, message) => {
		itIs(NOON_IN_NEW_YORK);
		const run = await OPERATIONS[operation](contacts().newYork, withHours(hours));
		expect(run.error?.message).toMatch(message);
		expect(sms.wire()).toEqual([]);
	});
});

/** Everyone whose zone is known in another way, and where it comes from. */
const SITUATIONS: Array<[string, (account: typeof sms.close.account) => Contact, string]> = [
	[
		'contact',
		({ contacts: { newYork } }) => newYork,
		"America/New_York, by the contact's time zone",
	],
	[
		'contact, who has moved from where the number is',
		({ contacts: { moved } }) => moved,
		"America/Chicago, by the contact's time zone",
	],
	[
		'number, which may be in two zones',
		({ contacts: { twoZones } }) => twoZones,
		'America/Chicago and America/New_York, by the phone number',
	],
	[
		'number, in a zone without summer time',
		({ contacts: { honolulu } }) => honolulu,
		'Pacific/Honolulu, by the phone number',
	],
	[
		"lead's address",
		({ contacts: { zoneByAddress } }) => zoneByAddress,
		"America/Phoenix, by the lead's address",
	],
	['fallback', ({ contacts: { zoneless } }) => zoneless, "Asia/Kolkata, by 'Fallback Time Zone'"],
];

/** When each situation is sent, in UTC, and when the text reaches the phone. */
const TIMES: Array<[string, string, string[]]> = [
	[
		'a day in winter',
		'2026-12-01T17:00',
		[
			'2026-12-01T17:00',
			'2026-12-01T17:00',
			'2026-12-01T17:00',
			'2026-12-01T18:00',
			'2026-12-01T17:00',
			'2026-12-02T02:30',
		],
	],
	[
		'a night in winter',
		'2026-12-02T07:00',
		[
			'2026-12-02T13:00',
			'2026-12-02T14:00',
			'2026-12-02T14:00',
			'2026-12-02T18:00',
			'2026-12-02T15:00',
			'2026-12-02T07:00',
		],
	],
	[
		'the night in which clocks go back',
		'2026-11-01T05:30',
		[
			'2026-11-01T13:00',
			'2026-11-01T14:00',
			'2026-11-01T14:00',
			'2026-11-01T05:30',
			'2026-11-01T15:00',
			'2026-11-01T05:30',
		],
	],
	[
		'the night in which clocks go forward',
		'2027-03-14T06:30',
		[
			'2027-03-14T12:00',
			'2027-03-14T13:00',
			'2027-03-14T13:00',
			'2027-03-14T06:30',
			'2027-03-14T15:00',
			'2027-03-14T06:30',
		],
	],
	[
		'an evening in summer, when it is too late in the east only',
		'2027-07-02T01:30',
		[
			'2027-07-02T12:00',
			'2027-07-02T01:30',
			'2027-07-02T13:00',
			'2027-07-02T01:30',
			'2027-07-02T01:30',
			'2027-07-02T02:30',
		],
	],
];

const rows: string[] = [];
afterAll(() => {
	if (rows.length > 0) say(['', 'Sent at | zone | note | texted at (UTC)', ...rows].join('\n'));
});

describe.each(TIMES)('%s (%s): what goes out when', (name, now, expected) => {
	test.each(SITUATIONS.map((row, n) => [...row, expected[n]] as const))(
		'known by %s',
		async (_, choose, where, time) => {
			itIs(`${now}:00Z`);
			const contact = choose(sms.close.account);
			const { json, error } = await OPERATIONS.send(
				contact,
				withHours({ fallbackTimezone: 'Asia/Kolkata' }),
			);

			expect(error).toBeUndefined();
			const isMoved = time !== now;
			const note = String(json[0]._note ?? '');
			if (isMoved) expect(note).toContain(`in ${where}.`);
			else if (where.includes('Fallback'))
				expect(note).toContain(
					`Close does not name the person's time zone: 'Sending Hours' used ${where}.`,
				);
			else expect(note).not.toContain('Sending Hours');
			const times = textedAt(contact);
			expect(times).toEqual([time]);
			rows.push(`${now} (${name}) | ${where} | ${isMoved ? 'moved' : 'at once'} | ${times[0]}`);
		},
	);
});

test('one number is looked up once for all of its items, and each item has hours of its own', async () => {
	itIs(NIGHT_IN_NEW_YORK);
	const ids = [0, 1, 2, 3].map(() => draftTo(contacts().newYork).id);
	const { json } = await sms.run(
		'sendDraft',
		{
			smsId: byId('={{ $json.id }}'),
			...withHours({ from: '={{ $json.from }}' }),
		},
		{ items: ids.map((id, n) => ({ id, from: n < 2 ? '08:00' : '03:00' })) },
	);

	expect(json.map(({ status }) => status)).toEqual(['scheduled', 'scheduled', 'outbox', 'outbox']);
	expect(sms.wire().filter(({ path }) => path.includes('/contact/'))).toHaveLength(0);
	expect(sms.wire().filter(({ path }) => path.includes('/search/'))).toHaveLength(1);
});

test('numbers of all items are searched together; a number on two cards must be open in both zones', async () => {
	itIs('2026-12-01T13:30:00Z');
	const shared = numberOf(contacts().sharedOne);
	const other = numberOf(contacts().newYork);
	const { json, error } = await sms.run(
		'send',
		{
			to: byNumber('={{ $json.to }}'),
			from: from(),
			message: 'Hello',
			...withHours(),
		},
		{ items: [{ to: shared }, { to: other }] },
	);

	expect(error).toBeUndefined();
	expect(json.map(({ date_scheduled, status }) => [status, date_scheduled])).toEqual([
		['scheduled', '2026-12-01T15:00:00+00:00'],
		['outbox', null],
	]);
	expect(sms.wire().filter(({ path }) => path.includes('/search/'))).toHaveLength(1);
});

/** A search is a POST that changes nothing. */
const isWrite = ({ method, path }: { method: string; path: string }) =>
	method !== 'GET' && !path.includes('/data/search/');

describe('a second run', () => {
	test('Send Draft: what is scheduled for the opening already is left as it is', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { id } = draftTo(contacts().newYork);
		const send = async () => await sms.run('sendDraft', { smsId: byId(id), ...withHours() });
		await send();
		const before = sms.close.requests.length;
		const { json, error } = await send();

		expect(error).toBeUndefined();
		expect(json[0]._note).toContain(`It was scheduled for 2026-12-01T13:00:00Z already.`);
		expect(sms.close.requests.slice(before).filter(isWrite)).toEqual([]);
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-01T13:00']);
	});

	test('Send Draft: one that is scheduled for another time is not touched', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const { id } = draftTo(contacts().newYork, {
			status: 'scheduled',
			date_scheduled: '2026-12-03T15:00:00+00:00',
		});
		const { error } = await sms.run('sendDraft', { smsId: byId(id), ...withHours() });

		expect(error?.message).toMatch(/is scheduled for 2026-12-03T15:00:00Z, so it cannot be sent/);
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-03T15:00']);
	});

	test('Schedule: what was moved is not moved again', async () => {
		itIs(NOON_IN_NEW_YORK);
		const { id } = draftTo(contacts().newYork);
		const parameters = { smsId: byId(id), sendAt: '2026-12-02T03:00:00Z', ...withHours() };
		await sms.run('schedule', parameters);
		const before = sms.close.requests.length;
		const { json } = await sms.run('schedule', parameters);

		expect(json[0]._note).toBe(
			"Moved by 'Sending Hours' from 2026-12-01T22:00:00-05:00 to 2026-12-02T08:00:00-05:00 in America/New_York, by the contact's time zone. It was scheduled for 2026-12-02T13:00:00Z already.",
		);
		expect(sms.close.requests.slice(before).filter(isWrite)).toEqual([]);
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-02T13:00']);
	});

	test('Retry On Fail: an item that an earlier try moved is not moved again', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		sms.close.faults.order({
			kind: 'status',
			status: 400,
			body: { errors: ['Not now.'] },
			match: { bodyHas: { text: 'two' } },
		});
		const { json, error } = await sms.run(
			'send',
			{
				to: {
					__rl: true,
					mode: 'list',
					value: `${contacts().newYork.id}|${numberOf(contacts().newYork)}`,
				},
				from: from(),
				message: '={{ $json.text }}',
				...withHours({}, { maxConcurrency: 1 }),
			},
			{
				items: [{ text: 'one' }, { text: 'two' }],
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
			},
		);

		expect(error).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['scheduled', 'scheduled']);
		expect(json[0]._note).toContain('Done by an earlier try');
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-01T13:00', '2026-12-01T13:00']);
	});

	test('Skip If Texted Within: what was moved counts as sent', async () => {
		itIs(NIGHT_IN_NEW_YORK);
		const options = withHours({}, { skipIfTextedWithin: 60 });
		await OPERATIONS.send(contacts().newYork, options);
		const { json } = await OPERATIONS.send(contacts().newYork, options);

		expect(json[0]._note).toContain('Not sent again');
		expect(textedAt(contacts().newYork)).toEqual(['2026-12-01T13:00']);
	});
});

describe('time passes while a run waits', () => {
	/** The hours end when Close has received so many requests of this method. */
	const closeAfter = (count: number, method = 'PUT') =>
		itWillBe(
			'2026-12-02T02:00:30Z',
			() => sms.close.requests.filter((one) => one.method === method).length >= count,
		);

	test.each(ERROR_MODES)('what is not sent by then is scheduled, on error %s', async (onError) => {
		itIs('2026-12-02T01:58:00Z');
		closeAfter(5);
		const ids = Array.from({ length: 20 }, () => draftTo(contacts().newYork).id);
		const { json } = await sms.run(
			'sendDraft',
			{ smsId: byId('={{ $json.id }}'), ...withHours({}, { maxConcurrency: 2 }) },
			{ items: ids.map((id) => ({ id })), node: { onError } },
		);

		const statuses = json.map(({ status }) => status);
		expect(statuses.slice(0, 5)).toEqual(Array(5).fill('outbox'));
		expect(statuses.slice(8)).toEqual(Array(12).fill('scheduled'));
		const texted = textedAt(contacts().newYork);
		expect(texted).toHaveLength(20);
		expect(texted.filter((time) => time > '2026-12-02T02:01' && time < '2026-12-02T13:00')).toEqual(
			[],
		);
	});

	test('a request that Close did not take is not sent again after the hours', async () => {
		itIs('2026-12-02T01:58:00Z');
		const { newYork } = contacts();
		sms.close.faults.order({
			kind: 'status',
			status: 503,
			match: { bodyHas: { status: 'outbox' } },
		});
		closeAfter(1, 'PUT');
		const { json, error } = await OPERATIONS.sendDraft(newYork, withHours());

		expect(error).toBeUndefined();
		expect(json).toMatchObject([
			{ status: 'scheduled', _note: expect.stringContaining("Moved by 'Sending Hours'") },
		]);
		expect(textedAt(newYork)).toEqual(['2026-12-02T13:00']);
	});

	test('a lost response is read back first, and what was sent is not scheduled too', async () => {
		itIs('2026-12-02T01:58:00Z');
		const { newYork } = contacts();
		sms.close.faults.order({ kind: 'resetAfter', match: { bodyHas: { status: 'outbox' } } });
		closeAfter(1, 'PUT');
		const { error } = await OPERATIONS.sendDraft(newYork, withHours());

		expect(error).toBeUndefined();
		expect(textedAt(newYork)).toHaveLength(1);
	});

	test('with Stop it is an error, and the draft that was made is deleted', async () => {
		itIs('2026-12-02T01:58:00Z');
		const { newYork } = contacts();
		// The search for the number, and the draft.
		closeAfter(2, 'POST');
		const { error } = await OPERATIONS.send(newYork, withHours({ outside: 'stop' }));

		expect(error?.message).toMatch(
			/^Outside 'Sending Hours': it is 2026-12-01T21:00:3.*by the contact's time zone$/,
		);
		expect(sms.close.requests.filter(isWrite).map(({ method }) => method)).toEqual([
			'POST',
			'DELETE',
		]);
		expect(textedAt(newYork)).toEqual([]);
	});
});

test('Sending Hours does not apply to Update', async () => {
	itIs(NIGHT_IN_NEW_YORK);
	const { id } = draftTo(contacts().newYork);
	const { json } = await sms.run('update', {
		smsId: byId(id),
		updateFields: { status: 'outbox' },
		...withHours(),
	});

	expect(json).toMatchObject([{ status: 'outbox' }]);
	expect(sms.wire()).toHaveLength(1);
});

test('Close drops the time of a moved text: it is set back to draft, and that is said', async () => {
	itIs(NIGHT_IN_NEW_YORK);
	sms.close.setDoubts({ dateScheduledOnPut: 'drop' });
	const { error } = await OPERATIONS.sendDraft(contacts().newYork, withHours());

	expect(error?.message).toMatch(/did something other than what was asked/);
	expect(textedAt(contacts().newYork)).toEqual([]);
});
