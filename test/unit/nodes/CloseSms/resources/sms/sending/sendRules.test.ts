import fc from 'fast-check';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	readSendRules,
	requirePlan,
	sendByRules,
	type Addressee,
	type Plan,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/sendRules';
import { isOpen } from '../../../../../../../nodes/CloseSms/resources/sms/sending/openingHours';
import {
	OutdatedError,
	type Send,
} from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import {
	DAYS,
	sendingHoursOption,
	type SendingHours,
} from '../../../../../../../nodes/CloseSms/validation/sendingHours';
import {
	fakeContext,
	fakeItem,
	fakeRequest,
	fakeResponse,
	handlerContext,
	thrownBy,
} from '../../../../../fakeContext';

const DAYTIME: SendingHours = {
	from: 8 * 60,
	to: 21 * 60,
	days: [...DAYS],
	zone: 'recipient',
	outside: 'schedule',
};
const NUMBER = '+12125550120';
const NOW = { status: 'outbox' };
const at = (date_scheduled: string) => ({ status: 'scheduled', date_scheduled });

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setTimeout', 'performance'] }));
afterEach(() => jest.useRealTimers());
const itIs = (iso: string) => jest.setSystemTime(new Date(iso));

interface Known {
	hours?: Partial<SendingHours>;
	checkOptOut?: boolean;
	dryRun?: boolean;
	/** What Close has, by path; the search by its own. */
	close?: Record<string, object>;
	addressee?: Addressee;
	/** Time zone of the workflow. */
	zone?: string;
}

/** The rules for a text, and what was read for them. */
async function setUp({ hours, close = {}, addressee, zone = 'Europe/Berlin', ...options }: Known) {
	const paths: string[] = [];
	const notes: string[] = [];
	const context = handlerContext({
		n8n: fakeContext({ zone, itemIndex: 4 }),
		send: async ({ options: { url }, assumed }) => {
			paths.push(String(url));
			if (assumed) notes.push(assumed.note);
			if (options.dryRun) return fakeResponse(assumed?.body ?? {});
			if (!(String(url) in close)) throw new Error(`Not found: ${url}`);
			return fakeResponse(close[String(url)] as IDataObject);
		},
		item: fakeItem({
			options: {
				...DEFAULT_OPTIONS,
				...options,
				...(hours && { sendingHours: { ...DAYTIME, ...hours } }),
			} as NodeOptions,
		}),
	});
	const rules = await readSendRules(
		context,
		addressee ?? { remotePhone: NUMBER, contactId: 'cont_1' },
	);
	return {
		rules,
		paths,
		notes,
		plan: (desired: IDataObject) => {
			const { body, note } = requirePlan(rules, desired);
			return { body, note };
		},
	};
}

const contact = (more: object = {}, phone: object = {}) => ({
	'/contact/cont_1/': {
		id: 'cont_1',
		lead_id: 'lead_1',
		phones: [{ phone: NUMBER, ...phone }],
		...more,
	},
});
const inNewYork = contact({ timezone: 'America/New_York' });
const BY_CONTACT = "in America/New_York, by the contact's time zone";

describe('when a text goes out', () => {
	test.each<[string, IDataObject, IDataObject, string | undefined]>([
		['2026-12-01T13:00:00Z', NOW, NOW, undefined],
		['2026-12-02T01:58:59Z', NOW, NOW, undefined],
		[
			'2026-12-02T01:59:00Z',
			NOW,
			at('2026-12-02T08:00:00-05:00'),
			`from now (2026-12-01T20:59:00-05:00) to 2026-12-02T08:00:00-05:00 ${BY_CONTACT}`,
		],
		[
			'2026-12-01T09:00:00Z',
			NOW,
			at('2026-12-01T08:00:00-05:00'),
			`from now (2026-12-01T04:00:00-05:00) to 2026-12-01T08:00:00-05:00 ${BY_CONTACT}`,
		],
		// Too late to be scheduled for the opening itself.
		[
			'2026-12-01T12:59:58Z',
			NOW,
			at('2026-12-01T08:01:00-05:00'),
			`from now (2026-12-01T07:59:58-05:00) to 2026-12-01T08:01:00-05:00 ${BY_CONTACT}`,
		],
		['2026-12-01T03:00:00Z', at('2026-12-01T18:00:00Z'), at('2026-12-01T18:00:00Z'), undefined],
		// Exactly at the edges: a scheduled time needs no margin.
		[
			'2026-12-01T03:00:00Z',
			at('2026-12-01T20:59:59-05:00'),
			at('2026-12-01T20:59:59-05:00'),
			undefined,
		],
		[
			'2026-12-01T15:00:00Z',
			at('2026-12-01T21:00:00-05:00'),
			at('2026-12-02T08:00:00-05:00'),
			`from 2026-12-01T21:00:00-05:00 to 2026-12-02T08:00:00-05:00 ${BY_CONTACT}`,
		],
		[
			'2026-12-01T15:00:00Z',
			at('2026-12-05T06:00:00+01:00'),
			at('2026-12-05T08:00:00-05:00'),
			`from 2026-12-05T00:00:00-05:00 to 2026-12-05T08:00:00-05:00 ${BY_CONTACT}`,
		],
		// The time has passed while the request waited for Close.
		[
			'2026-12-01T18:00:10Z',
			at('2026-12-01T18:00:00Z'),
			at('2026-12-01T13:02:00-05:00'),
			`from 2026-12-01T13:00:00-05:00 to 2026-12-01T13:02:00-05:00 ${BY_CONTACT}`,
		],
	])('at %s, %j', async (now, desired, body, note) => {
		itIs(now);
		const { plan } = await setUp({ hours: {}, close: inNewYork });
		expect(plan(desired)).toEqual({
			body,
			note: note && `Moved by 'Sending Hours' ${note}.`,
		});
	});

	test.each<[string, Partial<SendingHours>, string]>([
		['named', { zone: 'named', timezone: 'Asia/Kolkata' }, "Asia/Kolkata, by 'Time Zone'"],
		['workflow', { zone: 'workflow' }, "Europe/Berlin, by the workflow's settings"],
	])('in the %s zone nothing is read', async (_, hours, where) => {
		itIs('2026-12-01T22:00:00Z');
		const { plan, paths } = await setUp({ hours });
		expect(plan(NOW).note).toContain(`in ${where}.`);
		expect(paths).toEqual([]);
	});

	test('with Stop it is an error that says when they open', async () => {
		itIs('2026-12-01T09:00:00Z');
		const { plan } = await setUp({ hours: { outside: 'stop' }, close: inNewYork });
		expect(() => plan(NOW)).toThrow(
			`Outside 'Sending Hours': it is 2026-12-01T04:00:00-05:00 ${BY_CONTACT}`,
		);
		expect(() => plan(at('2026-12-02T04:00:00Z'))).toThrow(
			`Outside 'Sending Hours': the time to send at is 2026-12-01T23:00:00-05:00 ${BY_CONTACT}`,
		);
		itIs('2026-12-01T14:00:00Z');
		expect(plan(NOW).body).toEqual(NOW);
		// Late, but within the hours: it still goes out.
		expect(plan(at('2026-12-01T13:59:00Z')).body).toEqual(at('2026-12-01T09:02:00-05:00'));
		itIs('2026-12-02T02:30:00Z');
		expect(() => plan(at('2026-12-02T01:59:00Z'))).toThrow("Outside 'Sending Hours'");
	});

	test('hours that are never open in all zones are an error', async () => {
		itIs('2026-12-01T09:00:00Z');
		const { plan } = await setUp({
			hours: { to: 10 * 60 },
			close: contact({}, { tz_ids: ['America/Los_Angeles', 'Asia/Kolkata'] }),
		});
		expect(() => plan(NOW)).toThrow(
			"'Sending Hours' never open in America/Los_Angeles and Asia/Kolkata, by the phone number",
		);
	});

	test('whatever is asked for and whenever, what goes out is within the hours', async () => {
		const { rules } = await setUp({ hours: {}, close: inNewYork });
		const times = fc.integer({
			min: Date.parse('2026-10-25T00:00Z'),
			max: Date.parse('2027-04-01T00:00Z'),
		});
		fc.assert(
			fc.property(times, fc.option(times), fc.nat(86_400_000), (now, date, later) => {
				jest.setSystemTime(now);
				const desired = date === null ? NOW : at(new Date(date).toISOString());
				const { body, isCurrent } = requirePlan(rules, desired);
				jest.setSystemTime(now + later);
				if (!isCurrent()) return;
				const goesOutAt =
					body.status === 'outbox' ? Date.now() : Date.parse(String(body.date_scheduled));
				expect(isOpen(DAYTIME, ['America/New_York'], goesOutAt)).toBe(true);
				expect(goesOutAt).toBeGreaterThanOrEqual(Date.now());
				if (date !== null) expect(goesOutAt).toBeGreaterThanOrEqual(date);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('where the recipient is', () => {
	const where = async (known: Known) => {
		itIs('2026-12-01T09:00:00Z');
		const { plan, paths } = await setUp({ hours: {}, ...known });
		return { note: plan(NOW).note, paths };
	};
	const LEAD = { '/lead/lead_1/': { addresses: [{ tz_ids: ['America/Phoenix'] }, {}] } };
	const found = (...contacts: object[]) => ({ '/data/search/': { data: contacts } });
	const byNumber: Addressee = { remotePhone: NUMBER };
	/** Two contacts with the number, the second of them of a lead. */
	const oneOfLead2 = found(
		{ id: 'cont_1', phones: [{ phone: NUMBER }], timezone: 'America/New_York' },
		{
			id: 'cont_2',
			lead_id: 'lead_2',
			phones: [{ phone: NUMBER }],
			timezone: 'America/Los_Angeles',
		},
	);

	test.each<[string, Known, RegExp, string[]]>([
		[
			'by the contact',
			{ close: contact({ timezone: 'America/Chicago' }, { tz_ids: ['America/New_York'] }) },
			/in America\/Chicago, by the contact's time zone\.$/,
			['/contact/cont_1/'],
		],
		[
			'by the number',
			{ close: contact({ timezone: null }, { tz_ids: ['America/New_York', 'America/Chicago'] }) },
			/to 2026-12-01T09:00:00-05:00 in America\/New_York and America\/Chicago, by the phone number\.$/,
			['/contact/cont_1/'],
		],
		[
			'by the address',
			{ close: { ...contact({}, { tz_ids: [] }), ...LEAD } },
			/in America\/Phoenix, by the lead's address\.$/,
			['/contact/cont_1/', '/lead/lead_1/'],
		],
		[
			'by the fallback',
			{
				close: { ...contact(), '/lead/lead_1/': {} },
				hours: { fallbackTimezone: 'America/Denver' },
			},
			/in America\/Denver, by 'Fallback Time Zone'\.$/,
			['/contact/cont_1/', '/lead/lead_1/'],
		],
		[
			'a number without a contact: it is searched',
			{
				addressee: byNumber,
				close: found({ ...contact({ timezone: 'America/Chicago' })['/contact/cont_1/'] }),
			},
			/in America\/Chicago, by the contact's time zone\.$/,
			['/data/search/'],
		],
		[
			'a number of two contacts: inside the hours of both',
			{
				addressee: byNumber,
				close: found(
					{ id: 'cont_1', phones: [{ phone: NUMBER }], timezone: 'America/New_York' },
					{ id: 'cont_2', phones: [{ phone: NUMBER }], timezone: 'America/Los_Angeles' },
				),
			},
			/to 2026-12-01T11:00:00-05:00 in America\/New_York and America\/Los_Angeles, by the contact's/,
			['/data/search/'],
		],
		[
			'a number of two contacts, one of them of the lead: that one',
			{
				addressee: { remotePhone: NUMBER, leadId: 'lead_2' },
				close: oneOfLead2,
			},
			/in America\/Los_Angeles, by/,
			['/data/search/'],
		],
		[
			'none of two contacts is of the lead: inside the hours of both',
			{
				addressee: { remotePhone: NUMBER, leadId: 'lead_3' },
				close: oneOfLead2,
			},
			/in America\/New_York and America\/Los_Angeles, by/,
			['/data/search/'],
		],
		[
			'by the address of the lead that the text belongs to, not of the contact',
			{
				addressee: { remotePhone: NUMBER, leadId: 'lead_9' },
				close: {
					...found({ id: 'cont_1', lead_id: 'lead_1', phones: [{ phone: NUMBER }] }),
					'/lead/lead_9/': { addresses: [{}, { tz_ids: ['America/Phoenix'] }] },
				},
			},
			/in America\/Phoenix, by the lead's address\.$/,
			['/data/search/', '/lead/lead_9/'],
		],
		[
			'a contact of no lead: no lead is read',
			{
				hours: { fallbackTimezone: 'America/Denver' },
				close: contact({ lead_id: null }),
			},
			/in America\/Denver, by 'Fallback Time Zone'\.$/,
			['/contact/cont_1/'],
		],
		[
			'a search that Close does not offer: the fallback',
			{
				addressee: byNumber,
				hours: { fallbackTimezone: 'America/Denver' },
				close: { '/data/search/': { data: 'no list' } },
			},
			/in America\/Denver, by 'Fallback Time Zone'\.$/,
			['/data/search/'],
		],
	])('%s', async (_, known, note, paths) => {
		const found = await where(known);
		expect(found.note).toMatch(note);
		expect(found.paths).toEqual(paths);
	});

	test.each<[string, Known, string]>([
		[
			'nothing known',
			{ close: { ...contact(), '/lead/lead_1/': {} } },
			"neither the contact, nor the number, nor the lead's address in Close says it",
		],
		[
			'nobody has the number',
			{ addressee: byNumber, close: found() },
			'no contact in Close has this number',
		],
		[
			'no search',
			{ addressee: byNumber, close: { '/data/search/': {} } },
			'The response of Close holds no list',
		],
	])('%s is an error', async (_, known, why) => {
		await expect(where(known)).rejects.toThrow(`The time zone of ${NUMBER} is not known: ${why}`);
	});

	test('a dry run reads nothing and says what it assumes', async () => {
		itIs('2026-12-01T09:00:00Z');
		const { plan, paths, notes } = await setUp({ hours: {}, dryRun: true });
		expect(plan(NOW).body).toEqual(NOW);
		expect(plan(NOW).note).toContain("within 'Sending Hours'");
		expect(paths).toEqual(['/contact/cont_1/']);
		expect(notes).toEqual(['The contact would be read first.']);
	});
});

describe('whether the recipient may be texted', () => {
	const blocked = contact({ timezone: 'America/New_York' }, { outbound_sms_blocked: true });
	const MESSAGE = `${NUMBER} must not be texted: Close has blocked texts to this number`;

	test.each<[string, Known]>([
		['asked for', { checkOptOut: true }],
		['read anyway for its time zone', { hours: {} }],
	])('%s', async (_, known) => {
		await expect(setUp({ ...known, close: blocked })).rejects.toThrow(MESSAGE);
	});

	test('where nothing is read nobody knows', async () => {
		const { paths, plan } = await setUp({ hours: { zone: 'workflow' }, close: blocked });
		expect(paths).toEqual([]);
		expect(plan(at('2036-12-01T12:00:00Z')).note).toBeUndefined();
	});

	test('a number that is not blocked goes out as asked for', async () => {
		const { plan } = await setUp({ checkOptOut: true, close: contact() });
		expect(plan(NOW)).toEqual({ body: NOW, note: undefined });
	});

	test('the card of the contact lacks the number: it is searched', async () => {
		const close = {
			...contact({ phones: [] }),
			'/data/search/': {
				data: [{ id: 'cont_2', phones: [{ phone: NUMBER, outbound_sms_blocked: true }] }],
			},
		};
		await expect(setUp({ checkOptOut: true, close })).rejects.toThrow(MESSAGE);
	});

	test('in doubt nobody is texted', async () => {
		const addressee = { remotePhone: NUMBER };
		await expect(
			setUp({ checkOptOut: true, addressee, close: { '/data/search/': {} } }),
		).rejects.toThrow(
			`It is not known whether ${NUMBER} may be texted: The response of Close holds no list`,
		);
	});
});

test('without the options nothing is read and nothing is moved', async () => {
	const { rules, plan, paths } = await setUp({});
	expect(plan(NOW)).toEqual({ body: NOW, note: undefined });
	expect(requirePlan(rules, NOW).isCurrent()).toBe(true);
	expect(paths).toEqual([]);
});

test.each([undefined, null, ''])(
	'a text to %p: Close refuses it, so nothing is read',
	async (to) => {
		const addressee = { remotePhone: to, contactId: 'cont_1' };
		const { plan, paths } = await setUp({ hours: {}, checkOptOut: true, addressee });
		expect(plan(NOW)).toEqual({ body: NOW, note: undefined });
		expect(paths).toEqual([]);
	},
);

test('an empty contact is none: the number is searched', async () => {
	const addressee = { remotePhone: NUMBER, contactId: '' };
	const close = { '/data/search/': { data: [] } };
	const { paths } = await setUp({ checkOptOut: true, addressee, close });
	expect(paths).toEqual(['/data/search/']);
});

test.each([
	[{ checkOptOut: true }, 'The person would be looked up; this assumes that they may be texted.'],
	[
		{ hours: {} },
		"The person would be looked up; this assumes that they may be texted, and that the time is within 'Sending Hours' where they are.",
	],
])('a dry run to nobody yet, %j: says what it assumes', async (options, note) => {
	const { rules, plan, paths } = await setUp({ ...options, dryRun: true, addressee: {} });
	expect(plan(NOW)).toEqual({ body: NOW, note });
	expect(requirePlan(rules, NOW).isCurrent()).toBe(true);
	expect(paths).toEqual([]);
});

test('a zone of the workflow that nobody knows is an error', async () => {
	await expect(setUp({ hours: { zone: 'workflow' }, zone: 'Mars/Olympus' })).rejects.toThrow(
		"The workflow's time zone Mars/Olympus is not known",
	);
});

test.each<[string, Known, RegExp]>([
	[
		'blocked',
		{ checkOptOut: true, close: contact({}, { outbound_sms_blocked: true }) },
		/by texting START/,
	],
	[
		'not known whether',
		{
			checkOptOut: true,
			addressee: { remotePhone: NUMBER },
			close: { '/data/search/': {} },
		},
		/remove 'Check Opt-Out'/,
	],
	[
		'no zone',
		{ hours: {}, close: { ...contact(), '/lead/lead_1/': {} } },
		/give a 'Fallback Time Zone'/,
	],
])('%s: the error says what to do', async (_, known, next) => {
	await expect(setUp(known)).rejects.toMatchObject({
		facts: { next: expect.stringMatching(next) as string, itemIndex: 4 },
	});
});

test('so does one outside the hours', async () => {
	itIs('2026-12-02T03:00:00Z');
	const { rules } = await setUp({ hours: { outside: 'stop' }, close: inNewYork });
	expect(thrownBy(() => requirePlan(rules, NOW)).description).toMatch(
		/^They open at 2026-12-02T08:00:00-05:00\..*Outside the Hours/,
	);
	expect(thrownBy(() => requirePlan(rules, NOW)).message).toMatch(
		/by the contact's time zone \[item 4\]$/,
	);
	const text = { id: 'acti_1', origin: 'created' as const };
	expect(thrownBy(() => requirePlan(rules, NOW, text)).message).toMatch(
		/\[item 4\]\. Its ID is acti_1$/,
	);
});

describe('how long a plan holds', () => {
	const inTheDay = '2026-12-01T18:00:00Z';

	test('what goes out now: until a minute before the hours end', async () => {
		itIs('2026-12-02T01:58:59Z');
		const { rules } = await setUp({ hours: {}, close: inNewYork });
		const { isCurrent } = requirePlan(rules, NOW);
		expect(isCurrent()).toBe(true);
		itIs('2026-12-02T01:59:00Z');
		expect(isCurrent()).toBe(false);
	});

	test('what is scheduled: until five seconds before its time', async () => {
		itIs(inTheDay);
		const { rules } = await setUp({ hours: {}, close: inNewYork });
		const desired = at('2026-12-01T18:01:00Z');
		const { body, isCurrent } = requirePlan(rules, desired);
		expect(body).toEqual(desired);
		itIs('2026-12-01T18:00:55.000Z');
		expect(isCurrent()).toBe(true);
		itIs('2026-12-01T18:00:55.001Z');
		expect(isCurrent()).toBe(false);
	});

	test('what was moved: the same', async () => {
		itIs('2026-12-02T03:00:00Z');
		const { rules } = await setUp({ hours: {}, close: inNewYork });
		const { isCurrent } = requirePlan(rules, NOW);
		itIs('2026-12-02T12:59:55.000Z');
		expect(isCurrent()).toBe(true);
		itIs('2026-12-02T12:59:55.001Z');
		expect(isCurrent()).toBe(false);
	});

	test.each([
		['2026-12-01T18:00:05.000Z', false],
		['2026-12-01T18:00:04.999Z', true],
	])('a time less than five seconds ahead is too late: %s: %p', async (date, isMoved) => {
		itIs(inTheDay);
		const { plan } = await setUp({ hours: {}, close: inNewYork });
		expect(plan(at(date)).note !== undefined).toBe(isMoved);
	});
});

const toRequest = ({ body }: Plan) => fakeRequest('PUT', '/activity/sms/acti_1/', body);

test('an error that is no outdated plan is passed on', async () => {
	itIs('2026-12-01T18:00:00Z');
	const { rules } = await setUp({ hours: {}, close: inNewYork });
	let sent = 0;
	const send = async () => {
		sent++;
		return sent > 1 ? fakeResponse({}) : await Promise.reject(new Error('lost'));
	};
	await expect(sendByRules(rules, NOW, { toRequest, send })).rejects.toThrow('lost');
	expect(sent).toBe(1);
});

test('in a dry run a plan that was moved is taken as the response', async () => {
	itIs('2026-12-02T03:00:00Z');
	const { rules } = await setUp({ hours: { zone: 'named', timezone: 'America/New_York' } });
	const assumed: unknown[] = [];
	const send: Send = async ({ options, assumed: one }) => {
		assumed.push(one?.body);
		return fakeResponse(options.body as IDataObject);
	};
	await sendByRules(rules, NOW, { toRequest, send });
	expect(assumed).toEqual([at('2026-12-02T08:00:00-05:00')]);
});

test('the plan is made anew when it is outdated by the time of sending', async () => {
	itIs('2026-12-02T01:58:00Z');
	const { rules } = await setUp({ hours: {}, close: inNewYork });
	const sent: IDataObject[] = [];
	const send: Send = async ({ options, isCurrent }) => {
		// The queue lets it go an hour later.
		if (sent.length === 0) itIs('2026-12-02T03:00:00Z');
		sent.push(options.body as IDataObject);
		if (!isCurrent!()) throw new OutdatedError();
		return fakeResponse(options.body as IDataObject);
	};
	const { response, plan } = await sendByRules(rules, NOW, { toRequest, send });
	expect(sent).toEqual([NOW, at('2026-12-02T08:00:00-05:00')]);
	expect(response.body).toEqual(at('2026-12-02T08:00:00-05:00'));
	expect(plan.note).toContain('Moved by');
});

test('the editor and the code have the same defaults', () => {
	const [{ values }] = sendingHoursOption.field.options as Array<{ values: INodeProperties[] }>;
	const defaults = Object.fromEntries(values.map(({ name, default: value }) => [name, value]));
	const read = (hours: object) => sendingHoursOption.read(fakeContext(), { hours });
	expect(read(defaults)).toEqual(read({}));
	expect(values).toHaveLength(7);
});
