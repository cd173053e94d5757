import {
	getRecipientZones,
	isBlocked,
	type Recipient,
} from '../../../../../../../nodes/CloseSms/resources/sms/people/recipientZone';
import type { Contact } from '../../../../../../../nodes/shared/contactSearch';

const NUMBER = '+12125550120';
const NEW_YORK = 'America/New_York';
const CHICAGO = 'America/Chicago';
const LOS_ANGELES = 'America/Los_Angeles';
const FALLBACK = 'America/Denver';

/** A contact with the zone and those of its number. */
const contact = (timezone: string | null, tz_ids?: string[], phone = NUMBER): Contact => ({
	id: 'cont_1',
	timezone,
	phones: [
		{ phone: '+13105550199', tz_ids: [LOS_ANGELES] },
		{ phone, tz_ids },
	],
});
const recipient = (contacts: Contact[], addressZones: string[][] = []): Recipient => ({
	remotePhone: NUMBER,
	contacts,
	addressZones,
});

const CONTACT = "the contact's time zone";
const PHONE = 'the phone number';
const ADDRESS = "the lead's address";

test.each<[string, Recipient, string[], string]>([
	["the contact's own zone first", recipient([contact(CHICAGO, [NEW_YORK])]), [CHICAGO], CONTACT],
	['then that of the number', recipient([contact(null, [NEW_YORK])]), [NEW_YORK], PHONE],
	[
		'all that the number may be in',
		recipient([contact(null, [NEW_YORK, CHICAGO])]),
		[NEW_YORK, CHICAGO],
		PHONE,
	],
	[
		'the number written otherwise',
		recipient([contact(null, [NEW_YORK], '+1 212-555-0120')]),
		[NEW_YORK],
		PHONE,
	],
	['never that of another number', recipient([contact(null)]), [FALLBACK], "'Fallback Time Zone'"],
	[
		"then the lead's address",
		recipient([contact(null, [])], [[CHICAGO], [CHICAGO], [NEW_YORK]]),
		[CHICAGO, NEW_YORK],
		ADDRESS,
	],
	[
		'a zone that cannot be read says nothing',
		recipient([contact('Eastern', ['US/Nowhere', NEW_YORK])], [[CHICAGO]]),
		[CHICAGO],
		ADDRESS,
	],
	[
		'a number on two cards: both',
		recipient([contact(NEW_YORK), contact(CHICAGO)]),
		[NEW_YORK, CHICAGO],
		CONTACT,
	],
	['without a contact', recipient([]), [FALLBACK], "'Fallback Time Zone'"],
])('%s', (_, known, zones, source) => {
	expect(getRecipientZones(known, FALLBACK)).toEqual({ zones, source });
});

test('nothing known and no fallback', () => {
	expect(getRecipientZones(recipient([contact(null)]))).toBeUndefined();
});

test.each<[string, Contact[], boolean]>([
	['its number', [{ id: 'cont_1', phones: [{ phone: NUMBER, outbound_sms_blocked: true }] }], true],
	[
		'another number of the contact',
		[{ id: 'cont_1', phones: [{ phone: '+13105550199', outbound_sms_blocked: true }] }],
		false,
	],
	[
		'the number on one of two cards',
		[
			contact(null),
			{ id: 'cont_2', phones: [{ phone: '+1 (212) 555-0120', outbound_sms_blocked: true }] },
		],
		true,
	],
	['no contact', [], false],
])('blocked by %s: %j', (_, contacts, expected) => {
	expect(isBlocked({ remotePhone: NUMBER, contacts })).toBe(expected);
});
