import {
	getPhones,
	type Contact,
	type ContactPhone,
	type Lead,
} from '../../../../shared/contactSearch';
import { isRecord } from '../../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../../shared/phoneNumber';
import { isLivedInZone } from '../../../validation/localTime';

/** What Close knows of those whom a text to a number may reach. */
export interface RecipientRecords {
	/** In E.164 format. */
	remotePhone: string;
	/** Everybody who has the number, and the contact that was given. */
	contacts: Contact[];
	/** The lead that was given, where no contact is known. */
	leadId?: string;
	/** The leads whose addresses count, by ID: those of `listLeadsToRead`. */
	leads: ReadonlyMap<string, Lead>;
}

/** Zones in which a person may be, and who says so, as in "by …". */
export interface RecipientZones {
	/** IANA names, at least one. */
	zones: string[];
	source: string;
	/** Whether Close names none, of one contact at least, and the fallback stands in. */
	isByFallback?: boolean;
}

/** Why it is not known where a person is. */
interface Unknown {
	unknown: string;
}

type Known = Pick<RecipientRecords, 'remotePhone' | 'contacts'>;

/** The entries of the number on one card, as far as they can be read. */
const findReadable = (remotePhone: string, contact: Contact): ContactPhone[] =>
	getPhones(contact).filter(({ phone }) => isSamePhoneNumber(phone, remotePhone));

/** The entries of the number on one card; undefined when Close does not show the card's numbers, or one cannot be read. */
const findEntries = (remotePhone: string, contact: Contact): ContactPhone[] | undefined =>
	getPhones(contact).length === contact.phones?.length
		? findReadable(remotePhone, contact)
		: undefined;

/** Whether a contact has the number; undefined when Close does not show the numbers of its card, or one cannot be read. */
export const hasNumber = (contact: Contact, remotePhone: string): boolean | undefined =>
	findReadable(remotePhone, contact).length > 0 ||
	(findEntries(remotePhone, contact) ? false : undefined);

/** Whether Close says of the number, on any card, that it must not be texted. */
export const isBlocked = ({ remotePhone, contacts }: Known): boolean =>
	contacts
		.flatMap((contact) => findReadable(remotePhone, contact))
		.some(({ outbound_sms_blocked: isBlocked }) => isBlocked === true);

const NOBODY_HAS_IT = 'no contact in Close has this number';

/**
 * Why it is not known whether the number is blocked, for a person: no card has it, Close does not show the numbers of one,
 * or a value is neither true nor false. A number without the field is not blocked: Close's OpenAPI has it as optional.
 */
export function findUnknownBlock({ remotePhone, contacts }: Known): string | undefined {
	for (const contact of contacts) {
		const entries = findEntries(remotePhone, contact);
		if (!entries) return `Close does not show the phone numbers of ${contact.id}`;
		const flags = entries.map(({ outbound_sms_blocked: flag }) => flag as unknown);
		if (flags.some((flag) => flag !== undefined && flag !== null && typeof flag !== 'boolean'))
			return `Close does not say clearly whether the number of ${contact.id} is blocked`;
	}
	return contacts.some((contact) => hasNumber(contact, remotePhone)) ? undefined : NOBODY_HAS_IT;
}

const BY_CONTACT = "the contact's time zone";
const BY_NUMBER = 'the phone number';
const BY_ADDRESS = "the lead's address";
const BY_FALLBACK = "'Fallback Time Zone'";

/** Zones that somebody names. One that cannot be read may be just that in which the person is. */
function readZones(
	named: unknown[],
	source: string,
	whose: string,
): RecipientZones | Unknown | undefined {
	const unreadable = named.filter((zone) => !isLivedInZone(zone));
	if (unreadable.length > 0)
		return { unknown: `the time zone ${JSON.stringify(unreadable[0])} of ${whose} cannot be read` };
	const zones = named.filter(isLivedInZone);
	return zones.length > 0 ? { zones, source } : undefined;
}

const toList = (value: unknown): unknown[] =>
	Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const readNumberZones = (remotePhone: string, contact: Contact) => {
	const entries = findEntries(remotePhone, contact);
	return entries
		? readZones(
				entries.flatMap(({ tz_ids: zones }) => toList(zones)),
				BY_NUMBER,
				`the number of ${contact.id}`,
			)
		: { unknown: `Close does not show the phone numbers of ${contact.id}` };
};

/** By the contact's own zone, else by that of the number on the card. */
const readCardZones = (remotePhone: string, contact: Contact) =>
	readZones(contact.timezone === '' ? [] : toList(contact.timezone), BY_CONTACT, contact.id) ??
	readNumberZones(remotePhone, contact);

function readAddressZones({ leads }: RecipientRecords, leadId?: string | null) {
	if (!leadId) return undefined;
	const lead = leads.get(leadId);
	if (!lead) return { unknown: `the lead ${leadId} could not be read` };
	const addresses = toList(lead.addresses);
	if (!addresses.every(isRecord)) return { unknown: `an address of ${leadId} cannot be read` };
	const zones = addresses.flatMap(({ tz_ids: ids }) => toList(ids));
	return readZones(zones, BY_ADDRESS, `an address of ${leadId}`);
}

/** The leads whose addresses count, since neither a contact nor its number says where it is. */
export function listLeadsToRead({
	remotePhone,
	contacts,
	leadId,
}: Omit<RecipientRecords, 'leads'>): string[] {
	if (contacts.length === 0) return leadId ? [leadId] : [];
	const open = contacts.filter((contact) => !readCardZones(remotePhone, contact));
	return [...new Set(open.flatMap(({ lead_id: lead }) => lead ?? []))];
}

/**
 * Where a person is: each contact by its own zone, else by that of the number on its card, else by the addresses of its
 * own lead, else by the fallback. Whoever of several contacts holds the phone is texted only when it is time for all of
 * them.
 *
 * @param fallback IANA name, for a contact of whom Close names no zone
 * @returns `unknown` with the reason, for a person: nothing is named, or what is named cannot be read
 */
export function getRecipientZones(
	records: RecipientRecords,
	fallback?: string,
): RecipientZones | Unknown {
	const { remotePhone, contacts, leadId } = records;
	const found =
		contacts.length > 0
			? contacts.map(
					(contact) =>
						readCardZones(remotePhone, contact) ?? readAddressZones(records, contact.lead_id),
				)
			: [readAddressZones(records, leadId)];
	const zones = new Set<string>();
	const sources = new Set<string>();
	for (const one of found) {
		if (one && 'unknown' in one) return one;
		if (!one && !fallback)
			return {
				unknown:
					contacts.length === 0
						? NOBODY_HAS_IT
						: "neither the contact, nor the number, nor the lead's address in Close says it",
			};
		for (const zone of one?.zones ?? [fallback!]) zones.add(zone);
		sources.add(one?.source ?? BY_FALLBACK);
	}
	return {
		zones: [...zones],
		source: [...sources].join(' and '),
		...(sources.has(BY_FALLBACK) && { isByFallback: true }),
	};
}
