import {
	findUnknownBlock,
	getRecipientZones,
	hasNumber,
	isBlocked,
	listLeadsToRead,
	type RecipientRecords,
} from '../../../../../../../nodes/CloseSms/resources/sms/people/recipientZone';
import type { Contact, Lead } from '../../../../../../../nodes/shared/contactSearch';

const NUMBER = '+12125550120';
const NEW_YORK = 'America/New_York';
const CHICAGO = 'America/Chicago';
const LOS_ANGELES = 'America/Los_Angeles';
const FALLBACK = 'America/Denver';

/** A contact with the zone and those of its number. */
const contact = (timezone: string | null, tz_ids?: string[], phone = NUMBER): Contact => ({
	id: 'cont_1',
	lead_id: 'lead_1',
	timezone,
	phones: [
		{ phone: '+13105550199', tz_ids: [LOS_ANGELES] },
		{ phone, tz_ids },
	],
});
const lead = (...zones: Array<string[] | null>): Lead => ({
	id: 'lead_1',
	addresses: zones.map((tz_ids) => ({ tz_ids })),
});
const records = (contacts: unknown[], leads: Lead[] = [], leadId?: string): RecipientRecords => ({
	remotePhone: NUMBER,
	contacts: contacts as Contact[],
	leadId,
	leads: new Map(leads.map((one) => [one.id, one])),
});

const CONTACT = "the contact's time zone";
const PHONE = 'the phone number';
const ADDRESS = "the lead's address";
const OPTION = "'Fallback Time Zone'";

describe('where a person is', () => {
	test.each<[string, RecipientRecords, string[], string]>([
		[
			"by the contact's own zone first",
			records([contact(CHICAGO, [NEW_YORK])]),
			[CHICAGO],
			CONTACT,
		],
		['then by that of the number', records([contact(null, [NEW_YORK])]), [NEW_YORK], PHONE],
		['an empty zone is none', records([contact('', [NEW_YORK])]), [NEW_YORK], PHONE],
		[
			'by all zones that the number may be in',
			records([contact(null, [NEW_YORK, CHICAGO])]),
			[NEW_YORK, CHICAGO],
			PHONE,
		],
		[
			'by the number, however the card has it written',
			records([contact(null, [NEW_YORK], '+1 212-555-0120')]),
			[NEW_YORK],
			PHONE,
		],
		[
			'never by another number of the contact',
			records([contact(null)], [lead()]),
			[FALLBACK],
			OPTION,
		],
		[
			"then by the addresses of the contact's lead",
			records([contact(null, [])], [lead([CHICAGO], [CHICAGO], [NEW_YORK], null)]),
			[CHICAGO, NEW_YORK],
			ADDRESS,
		],
		[
			'by what each contact with the number says',
			records([contact(NEW_YORK), { ...contact(null, [CHICAGO]), id: 'cont_2' }]),
			[NEW_YORK, CHICAGO],
			`${CONTACT} and ${PHONE}`,
		],
		[
			'by the fallback for the one contact of whom Close names no zone',
			records([contact(NEW_YORK), contact(null)], [lead()]),
			[NEW_YORK, FALLBACK],
			`${CONTACT} and ${OPTION}`,
		],
		['by the fallback where nobody has the number', records([]), [FALLBACK], OPTION],
		[
			'by the given lead where nobody has the number',
			records([], [lead([CHICAGO])], 'lead_1'),
			[CHICAGO],
			ADDRESS,
		],
	])('%s', (_, known, zones, source) => {
		// The fallback's zone is none of those that Close names here.
		const isByFallback = zones.includes(FALLBACK) || undefined;
		expect(getRecipientZones(known, FALLBACK)).toEqual({ zones, source, isByFallback });
	});

	test.each<[string, RecipientRecords, string | undefined, RegExp]>([
		['nobody has the number', records([]), undefined, /^no contact in Close has this number$/],
		['Close names no zone', records([contact(null)], [lead()]), undefined, /^neither the contact/],
		[
			'one of two contacts has no zone',
			records([contact(NEW_YORK), contact(null)], [lead()]),
			undefined,
			/^neither the contact/,
		],
		[
			"the contact's zone cannot be read",
			records([contact('Eastern', [NEW_YORK])]),
			FALLBACK,
			/"Eastern" of cont_1 cannot be read$/,
		],
		[
			"the contact's zone knows no daylight saving",
			records([contact('EST', [NEW_YORK])]),
			FALLBACK,
			/"EST" of cont_1 cannot be read$/,
		],
		[
			"the contact's zone is no text",
			records([{ ...contact(null), timezone: 5 }]),
			FALLBACK,
			/5 of cont_1 cannot be read$/,
		],
		[
			'one of the zones of the number cannot be read',
			records([contact(null, ['US/Nowhere', NEW_YORK])]),
			FALLBACK,
			/"US\/Nowhere" of the number of cont_1 cannot be read$/,
		],
		[
			'one of the zones of an address cannot be read',
			records([contact(null)], [lead(['Nowhere'])]),
			FALLBACK,
			/"Nowhere" of an address of lead_1 cannot be read$/,
		],
		[
			'Close shows no numbers of the contact',
			records([{ id: 'cont_1' }]),
			FALLBACK,
			/^Close does not show the phone numbers of cont_1$/,
		],
		[
			'the lead was not read',
			records([contact(null)]),
			FALLBACK,
			/^the lead lead_1 could not be read$/,
		],
		...[5, ['x'], [null], [[]]].map((addresses): [string, RecipientRecords, string, RegExp] => [
			`the addresses of the lead are ${JSON.stringify(addresses)}`,
			records([contact(null)], [{ id: 'lead_1', addresses } as unknown as Lead]),
			FALLBACK,
			/^an address of lead_1 cannot be read$/,
		]),
		[
			'one of the zones of the number is missing',
			records([contact(null, [NEW_YORK, null] as string[])]),
			FALLBACK,
			/null of the number of cont_1 cannot be read$/,
		],
		[
			'one of the numbers on the card cannot be read',
			records([{ id: 'cont_1', phones: [{ phone: NUMBER, tz_ids: [CHICAGO] }, { phone: null }] }]),
			FALLBACK,
			/^Close does not show the phone numbers of cont_1$/,
		],
	])('is not known when %s', (_, known, fallback, reason) => {
		expect(getRecipientZones(known, fallback)).toEqual({ unknown: expect.stringMatching(reason) });
	});

	test.each([[null], [5], ['x'], [{}], [[null]], [[5]], [[{ phone: null }]]])(
		'is found out without an exception when Close gives %j as the numbers or the addresses',
		(value) => {
			const odd = { id: 'cont_1', lead_id: 'lead_1', phones: value };
			const oddLead = { id: 'lead_1', addresses: value } as unknown as Lead;
			expect(() => getRecipientZones(records([odd], [oddLead]))).not.toThrow();
			expect(() => getRecipientZones(records([contact(null)], [oddLead]))).not.toThrow();
			expect(() => isBlocked(records([odd]))).not.toThrow();
			expect(() => findUnknownBlock(records([odd]))).not.toThrow();
		},
	);
});

test('only the leads of contacts without a zone of their own are read, each once', () => {
	const other = { ...contact(null), id: 'cont_2', lead_id: 'lead_2' };
	expect(listLeadsToRead(records([contact(NEW_YORK), other, { ...other, id: 'cont_3' }]))).toEqual([
		'lead_2',
	]);
	expect(listLeadsToRead(records([contact(null)]))).toEqual(['lead_1']);
	expect(listLeadsToRead(records([], [], 'lead_9'))).toEqual(['lead_9']);
	expect(listLeadsToRead(records([{ ...other, lead_id: null }]))).toEqual([]);
});

describe('whether a number is blocked', () => {
	const card = (id: string, phone: string, flag?: unknown) => ({
		id,
		phones: [{ phone, outbound_sms_blocked: flag }],
	});

	test.each<[string, unknown[], boolean]>([
		['its number', [card('cont_1', NUMBER, true)], true],
		[
			'another number of the contact',
			[
				{
					id: 'cont_1',
					phones: [{ phone: NUMBER }, { phone: '+13105550199', outbound_sms_blocked: true }],
				},
			],
			false,
		],
		[
			'the number on one of two cards, written otherwise',
			[contact(null), card('cont_2', '+1 (212) 555-0120', true)],
			true,
		],
		['its number, explicitly not', [card('cont_1', NUMBER, false)], false],
	])('%s: %j', (_, contacts, expected) => {
		expect(isBlocked(records(contacts))).toBe(expected);
		expect(findUnknownBlock(records(contacts))).toBeUndefined();
	});

	test.each<[string, unknown[]]>([
		['a card without its numbers', [contact(null), { id: 'cont_2' }]],
		['a card whose numbers are null', [{ id: 'cont_2', phones: null }]],
		['a flag that is a text', [card('cont_2', NUMBER, 'true')]],
	])('is not known with %s', (_, contacts) => {
		expect(isBlocked(records(contacts))).toBe(false);
		expect(findUnknownBlock(records(contacts))).toMatch(/cont_2/);
	});

	test.each<[string, unknown[]]>([
		['nobody', []],
		['a contact with another number', [card('cont_1', '+13105550199', false)]],
		['a contact without numbers', [{ id: 'cont_1', phones: [] }]],
	])('is not known of a number that nobody has: %s', (_, contacts) => {
		expect(isBlocked(records(contacts))).toBe(false);
		expect(findUnknownBlock(records(contacts))).toBe('no contact in Close has this number');
	});
});

test.each<[string, unknown, boolean | undefined]>([
	['has it', contact(null), true],
	['has another', contact(null, [], '+13105550198'), false],
	['has it, written otherwise', { id: 'cont_1', phones: [{ phone: '1 (212) 555-0120' }] }, true],
	['has none', { id: 'cont_1', phones: [] }, false],
	['comes without its numbers', { id: 'cont_1' }, undefined],
	['has one that cannot be read', { id: 'cont_1', phones: [{ phone: null }] }, undefined],
	[
		'has it beside one that cannot be read',
		{ id: 'cont_1', phones: [{}, { phone: NUMBER }] },
		true,
	],
])('whether a contact has a number: one that %s', (_, found, expected) => {
	expect(hasNumber(found as Contact, NUMBER)).toBe(expected);
});
