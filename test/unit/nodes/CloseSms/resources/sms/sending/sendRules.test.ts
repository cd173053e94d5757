import type { IDataObject } from 'n8n-workflow';
import {
	readSendRules,
	type Addressee,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/sendRules';
import {
	DEFAULT_OPTIONS,
	type NodeOptions,
} from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import type { SendingHours } from '../../../../../../../nodes/CloseSms/validation/sendingHours';
import { ItemFailure } from '../../../../../../../nodes/shared/errors/itemFailure';
import { monotonicNow } from '../../../../../../../nodes/shared/delay';
import { apiError } from '../../../../../fakeClose';
import { fakeContext, fakeItem, fakeResponse, handlerContext } from '../../../../../fakeContext';
import { DAYTIME } from './daytime';

const NUMBER = '+12125550120';
const NOW = { status: 'outbox' };
/** 4:00 in New York. */
const NIGHT = Date.parse('2026-12-01T09:00:00Z');

interface Known {
	hours?: Partial<SendingHours>;
	checkOptOut?: boolean;
	dryRun?: boolean;
	skipIfTextedWithin?: number;
	/** What Close has, by path. */
	close?: Record<string, object | Error>;
	addressee?: Addressee;
	/** Time zone of the workflow. */
	zone?: string;
	since?: number;
}

/** An item of a run, and what it reads. */
function setUp({ hours, close = {}, addressee, zone = 'Europe/Berlin', ...given }: Known) {
	const { since = -Infinity, ...options } = given;
	const paths: string[] = [];
	const notes: string[] = [];
	const context = handlerContext({
		n8n: fakeContext({ zone, itemIndex: 4 }),
		send: async ({ options: { url }, assumed }) => {
			paths.push(String(url));
			if (assumed) notes.push(assumed.note);
			if (options.dryRun) return fakeResponse(assumed?.body ?? {});
			const found = close[String(url)];
			if (found === undefined) throw new Error(`Not found: ${url}`);
			if (found instanceof Error) throw found;
			return fakeResponse(found as IDataObject);
		},
		item: fakeItem({
			options: {
				...DEFAULT_OPTIONS,
				...options,
				...(hours && { sendingHours: { ...DAYTIME, ...hours } }),
			} as NodeOptions,
		}),
	});
	const read = async (from = since) =>
		await readSendRules(context, addressee ?? { remotePhone: NUMBER, contactId: 'cont_1' }, from);
	const plan = async (desired: IDataObject = NOW, now = NIGHT) => {
		const { body, note } = (await read())(desired, now);
		return { body, note };
	};
	return { context, close, paths, notes, read, plan };
}

const card = (id: string, more: object = {}, phone: object = {}) => ({
	id,
	lead_id: `lead_of_${id}`,
	phones: [{ phone: NUMBER, ...phone }],
	...more,
});
const search = (...contacts: object[]) => ({ '/data/search/': { data: contacts } });
const lead = (id: string, ...zones: string[]) => ({
	[`/lead/${id}/`]: { id, addresses: [{ tz_ids: zones }, {}] },
});

describe('the rules of Sending Hours for a recipient', () => {
	test.each<[string, Known, RegExp, string[]]>([
		[
			'go by the contact, who is found by the search for all items',
			{ close: search(card('cont_1', { timezone: 'America/Chicago' })) },
			/in America\/Chicago, by the contact's time zone\.$/,
			['/data/search/'],
		],
		[
			'go by all contacts that have the number, whichever was given',
			{
				close: search(
					card('cont_1', { timezone: 'America/New_York' }),
					card('cont_2', { timezone: 'America/Los_Angeles' }),
				),
			},
			/to 2026-12-01T11:00:00-05:00 in America\/New_York and America\/Los_Angeles, by the contact's/,
			['/data/search/'],
		],
		[
			'go by the given contact too, whose card lacks the number',
			{
				close: {
					...search(card('cont_2', { timezone: 'America/Chicago' })),
					'/contact/cont_1/': { id: 'cont_1', phones: [], timezone: 'America/New_York' },
				},
			},
			/in America\/New_York and America\/Chicago, by/,
			['/data/search/', '/contact/cont_1/'],
		],
		[
			"go by the address of the contact's own lead where nothing nearer is known",
			{
				addressee: { remotePhone: NUMBER, leadId: 'lead_9' },
				close: { ...search(card('cont_1')), ...lead('lead_of_cont_1', 'America/Phoenix') },
			},
			/in America\/Phoenix, by the lead's address\.$/,
			['/data/search/', '/lead/lead_of_cont_1/'],
		],
		[
			'go by the address of the given lead where nobody has the number',
			{
				addressee: { remotePhone: NUMBER, leadId: 'lead_9' },
				close: { ...search(), ...lead('lead_9', 'America/Phoenix') },
			},
			/in America\/Phoenix, by the lead's address\.$/,
			['/data/search/', '/lead/lead_9/'],
		],
		[
			'go by the fallback where Close names no zone',
			{
				addressee: { remotePhone: NUMBER },
				hours: { fallbackTimezone: 'America/Denver' },
				close: search(),
			},
			/in America\/Denver, by 'Fallback Time Zone'\.$/,
			['/data/search/'],
		],
		[
			'go by a named zone, and nothing is read',
			{ hours: { zone: 'named', timezone: 'America/Denver' } },
			/in America\/Denver, by 'Time Zone'\.$/,
			[],
		],
		[
			"go by the workflow's zone, and nothing is read",
			{ hours: { zone: 'workflow' }, zone: 'America/Denver' },
			/in America\/Denver, by the workflow's settings\.$/,
			[],
		],
	])('Sending Hours %s', async (_, known, note, paths) => {
		const { plan, ...read } = setUp({ hours: {}, ...known });
		expect((await plan()).note).toMatch(note);
		expect(read.paths).toEqual(paths);
	});

	test.each<[string, Known, string]>([
		[
			'nobody has the number',
			{ addressee: { remotePhone: NUMBER }, close: search() },
			'no contact in Close has this number',
		],
		[
			'a contact comes back without numbers',
			{ addressee: { remotePhone: NUMBER }, close: search({ id: 'cont_2' }) },
			'Close does not show the phone numbers of cont_2',
		],
		[
			'Close refuses the search, even with a fallback',
			{
				hours: { fallbackTimezone: 'America/Denver' },
				close: { '/data/search/': apiError('403') },
			},
			'Close refused this: No.',
		],
		[
			'the response to the search is no list',
			{ close: { '/data/search/': { data: 'no list' } } },
			'The response of Close holds no list',
		],
		[
			'a zone cannot be read, even with a fallback',
			{
				hours: { fallbackTimezone: 'America/Denver' },
				close: search(card('cont_1', { timezone: 'Eastern' })),
			},
			'the time zone "Eastern" of cont_1 cannot be read',
		],
	])('Sending Hours are an error when %s: in doubt nobody is texted', async (_, known, why) => {
		const error = await setUp({ hours: {}, ...known })
			.plan()
			.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(ItemFailure);
		expect(error).toMatchObject({
			facts: {
				what: `The time zone of ${NUMBER} is not known: ${why}`,
				next: expect.stringMatching(/'Fallback Time Zone'/) as string,
				outcome: 'notDone',
				itemIndex: 4,
			},
		});
	});

	test("Sending Hours are an error when nobody knows the workflow's zone", async () => {
		await expect(
			setUp({ hours: { zone: 'workflow' }, zone: 'Mars/Olympus' }).plan(),
		).rejects.toThrow("The workflow's time zone Mars/Olympus is not known");
	});
});

describe('whether the recipient may be texted', () => {
	const blocked = { outbound_sms_blocked: true };
	const MESSAGE = `${NUMBER} must not be texted: Close has blocked SMS to this number`;

	test.each<[string, Known]>([
		['asked for', { checkOptOut: true }],
		['read anyway for the time zone', { hours: {} }],
	])('a blocked number is an error when it is %s', async (_, known) => {
		const close = search(card('cont_1', { timezone: 'America/New_York' }, blocked));
		await expect(setUp({ ...known, close }).plan()).rejects.toThrow(MESSAGE);
	});

	test('a number that is blocked on the card of another contact is blocked', async () => {
		const close = search(
			card('cont_1'),
			card('cont_2', {}, { ...blocked, phone: '(212) 555-0120' }),
		);
		await expect(setUp({ checkOptOut: true, close }).plan()).rejects.toThrow(MESSAGE);
	});

	test('a number that was seen to be blocked for another reason is not texted', async () => {
		const { context, plan, paths, read } = setUp({ close: search(card('cont_1', {}, blocked)) });
		expect(await plan()).toEqual({ body: NOW, note: undefined });
		expect(paths).toEqual([]);
		const { findContactsByNumber } = await import(
			'../../../../../../../nodes/CloseSms/resources/sms/people/lookUp'
		);
		await findContactsByNumber(context, NUMBER);
		await expect(read()).rejects.toThrow(MESSAGE);
	});

	test('a number that is not blocked goes out as asked for', async () => {
		const { plan } = setUp({ checkOptOut: true, close: search(card('cont_1')) });
		expect(await plan()).toEqual({ body: NOW, note: undefined });
	});

	test.each<[string, object | Error, string]>([
		['the search is refused', apiError('405'), 'Close refused this: No.'],
		['its response is no list', {}, 'The response of Close holds no list'],
		[
			'a card comes back without its numbers',
			{ data: [card('cont_1'), { id: 'cont_2', phones: null }] },
			'Close does not show the phone numbers of cont_2',
		],
		[
			'the flag is neither true nor false',
			{ data: [card('cont_1', {}, { outbound_sms_blocked: 'yes' })] },
			'Close does not say clearly whether the number of cont_1 is blocked',
		],
		['nobody has the number', { data: [] }, 'no contact in Close has this number'],
	])(
		'whether a number is blocked is not known when %s, which is an error',
		async (_, response, why) => {
			const addressee = { remotePhone: NUMBER };
			const close = { '/data/search/': response };
			const { plan } = setUp({ checkOptOut: true, addressee, close });
			await expect(plan()).rejects.toMatchObject({
				facts: {
					what: `It is not known whether ${NUMBER} may be texted: ${why}`,
					next: expect.stringMatching(/remove 'Check Opt-Out'/) as string,
				},
			});
		},
	);

	test('what was read of a person before the given moment is read again', async () => {
		const { close, read, paths } = setUp({ checkOptOut: true, close: search(card('cont_1')) });
		await read();
		await read(-Infinity);
		expect(paths).toHaveLength(1);
		Object.assign(close, search(card('cont_1', {}, blocked)));
		await expect(read(monotonicNow())).rejects.toThrow(MESSAGE);
		expect(paths).toHaveLength(2);
	});
});

describe('a number that was picked from a card', () => {
	const addressee = { remotePhone: NUMBER, contactId: 'cont_1', pickedContactId: 'cont_1' };
	const shows = (found: object | Error) => ({ '/contact/cont_1/': found });

	test('a picked number is texted when the contact still has it, which is read once', async () => {
		const { plan, read, paths } = setUp({ addressee, close: shows(card('cont_1')) });
		expect(await plan()).toEqual({ body: NOW, note: undefined });
		await read();
		expect(paths).toEqual(['/contact/cont_1/']);
	});

	test.each<[string, Known]>([
		['Check Opt-Out', { checkOptOut: true }],
		['Sending Hours', { hours: {} }],
		['Skip If Texted Within', { skipIfTextedWithin: 5 }],
	])('a picked number with %s makes no further read', async (_, options) => {
		const close = search(card('cont_1', { timezone: 'America/Chicago' }));
		const { read, paths } = setUp({ addressee, ...options, close });
		await read();
		expect(paths).toEqual(['/data/search/']);
	});

	test('a picked number is that of the contact from whose card it was picked, not of the given one', async () => {
		const close = { ...shows(card('cont_1', { phones: [] })), '/contact/cont_2/': card('cont_2') };
		const { plan } = setUp({ addressee: { ...addressee, contactId: 'cont_2' }, close });
		await expect(plan()).rejects.toThrow('cont_1 no longer has the number');
	});

	test('a picked number that is seen to be blocked is not texted', async () => {
		const close = shows(card('cont_1', {}, { outbound_sms_blocked: true }));
		await expect(setUp({ addressee, close }).plan()).rejects.toThrow('must not be texted');
	});

	const LOST = `Maria (cont_1) no longer has the number ${NUMBER} in Close`;
	const UNKNOWN = `It is not known whether cont_1 still has the number ${NUMBER}: Close does not show it`;
	test.each<[string, Known, object | Error, string]>([
		[
			'it has another number',
			{},
			{ id: 'cont_1', display_name: 'Maria', phones: [{ phone: '+13105550199' }] },
			LOST,
		],
		[
			'it has none, with Check Opt-Out',
			{ checkOptOut: true },
			{ id: 'cont_1', display_name: 'Maria', phones: [] },
			LOST,
		],
		['its numbers are not shown', {}, { id: 'cont_1' }, UNKNOWN],
		['one of its numbers cannot be read', {}, { id: 'cont_1', phones: [null] }, UNKNOWN],
		[
			'it is gone',
			{},
			apiError('404'),
			"Close has no contact cont_1 anymore, from whose card the number in 'To' is",
		],
	])('a picked number is an error when %s', async (_, options, found, what) => {
		const { plan } = setUp({ addressee, ...options, close: { ...search(), ...shows(found) } });
		await expect(plan()).rejects.toMatchObject({
			facts: { what, next: "In doubt nobody is texted. Choose the person again in 'To'." },
		});
	});

	test("a picked number is an error in Close's words when the contact cannot be read", async () => {
		const { plan } = setUp({ addressee, close: shows(apiError('403')) });
		await expect(plan()).rejects.toThrow('Close refused this: No.');
	});

	test('a dry run assumes that the contact still has a picked number', async () => {
		const { plan, paths, notes } = setUp({ addressee, dryRun: true });
		expect(await plan()).toEqual({ body: NOW, note: undefined });
		expect(paths).toEqual(['/contact/cont_1/']);
		expect(notes).toEqual([
			'The contact would be read first; this assumes that it still has the number.',
		]);
	});
});

test('without Check Opt-Out and Sending Hours nothing is read and nothing is moved', async () => {
	const { plan, paths } = setUp({});
	expect(await plan()).toEqual({ body: NOW, note: undefined });
	expect(paths).toEqual([]);
});

test.each<Known>([{}, { hours: {} }, { checkOptOut: true }])(
	'%j cannot be told of a text whose number Close does not show',
	async (asked) => {
		for (const to of [undefined, null, '', 7, {}]) {
			const { plan, paths } = setUp({ ...asked, addressee: { remotePhone: to } });
			await expect(plan()).rejects.toThrow('It is not known whom this SMS goes to');
			expect(paths).toEqual([]);
		}
	},
);

const ASSUMED =
	'The person would be looked up; this assumes that they have the number and may be texted';
test.each<[Known, string, string[]]>([
	[{ checkOptOut: true }, `${ASSUMED}.`, ['/data/search/']],
	[
		{ hours: {} },
		`${ASSUMED}, and that the time is within 'Sending Hours' where they are.`,
		['/data/search/'],
	],
	[{ checkOptOut: true, addressee: {} }, `${ASSUMED}.`, []],
])('a dry run, %j, says what it assumes of the person', async (known, note, paths) => {
	const { plan, ...read } = setUp({ ...known, dryRun: true });
	expect(await plan()).toEqual({ body: NOW, note });
	expect(read.paths).toEqual(paths);
});
