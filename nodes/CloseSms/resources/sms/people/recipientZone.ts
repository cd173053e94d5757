import type { Contact, ContactPhone } from '../../../../shared/contactSearch';
import { isSamePhoneNumber } from '../../../../shared/phoneNumber';
import { isTimeZone } from '../../../validation/localTime';

/** What is known of a person's place. */
export interface Recipient {
	/** A plus sign, the country code and the number: digits only. */
	remotePhone: string;
	/** The contact that is texted; where only the number is known, all contacts that have it. */
	contacts: Contact[];
	/** The zones of each address of their leads. */
	addressZones: string[][];
}

/** Zones in which a person may be, and who says so, as in "by …". */
export interface RecipientZones {
	/** IANA names, at least one. */
	zones: string[];
	source: string;
}

/** The entries of a number on these contacts' cards. */
export const findPhones = ({
	remotePhone,
	contacts,
}: Pick<Recipient, 'remotePhone' | 'contacts'>): ContactPhone[] =>
	contacts
		.flatMap(({ phones }) => phones ?? [])
		.filter(({ phone }) => isSamePhoneNumber(phone, remotePhone));

/** Whether Close says of the number, on any of the cards, that it must not be texted. */
export const isBlocked = (recipient: Pick<Recipient, 'remotePhone' | 'contacts'>): boolean =>
	findPhones(recipient).some(({ outbound_sms_blocked: isBlocked }) => isBlocked === true);

/** Zones of which one cannot be read say nothing: the person may be in just that one. */
const readZones = (zones: unknown[]): string[] => (zones.every(isTimeZone) ? zones : []);

const toSource = (lists: string[][], source: string): RecipientZones | undefined => {
	const zones = [...new Set(lists.flat())];
	return zones.length > 0 ? { zones, source } : undefined;
};

/**
 * Where a person is: by the contact's own zone, else those of the number, else those of the lead's addresses, else the
 * fallback. What several contacts or addresses say counts together: a person who may be in either of two zones is texted
 * only when it is time in both.
 *
 * @param fallback IANA name
 * @returns undefined when nothing is known
 */
export function getRecipientZones(
	recipient: Recipient,
	fallback?: string,
): RecipientZones | undefined {
	const { contacts, addressZones } = recipient;
	const phones = findPhones(recipient);
	return (
		toSource(
			contacts.map(({ timezone }) => readZones(timezone ? [timezone] : [])),
			"the contact's time zone",
		) ??
		toSource(
			phones.map(({ tz_ids: zones }) => readZones(zones ?? [])),
			'the phone number',
		) ??
		toSource(addressZones.map(readZones), "the lead's address") ??
		toSource(fallback ? [[fallback]] : [], "'Fallback Time Zone'")
	);
}
