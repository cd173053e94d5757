import { closeTime } from '../http/dates';
import { countryOf, formatPhone, timeZonesOf } from './phoneFormat';
import { id, OPENED, ORGANIZATION_ID } from '../account/seed';
import type { Contact, ContactPhone, Lead, LeadAddress } from '../types';

function phone(number: string, more: Partial<ContactPhone> = {}): ContactPhone {
	return {
		phone: number,
		phone_formatted: formatPhone(number) ?? number,
		type: 'mobile',
		country: countryOf(number) ?? 'US',
		tz_ids: timeZonesOf(number),
		...more,
	};
}

function contact(
	lead: string,
	key: string,
	name: string,
	title: string,
	phones: ContactPhone[],
	more: Partial<Contact> = {},
): Contact {
	return {
		id: id('cont', key),
		organization_id: ORGANIZATION_ID,
		lead_id: id('lead', lead),
		name,
		display_name: name,
		title,
		phones,
		emails: [{ email: `${key}@${lead}.example`, type: 'office', is_unsubscribed: false }],
		urls: [],
		timezone: null,
		timezone_source: null,
		created_by: id('user', 'ada'),
		updated_by: id('user', 'ada'),
		date_created: closeTime(OPENED),
		date_updated: closeTime(OPENED),
		...more,
	};
}

/** What Close takes `timezone` from is not documented: these words are INFERRED. */
const inZone = (timezone: string, timezone_source = 'phone') => ({ timezone, timezone_source });

function address(city: string, state: string, tz_ids?: string[]): LeadAddress {
	return {
		label: 'business',
		address_1: null,
		address_2: null,
		city,
		state,
		zipcode: null,
		country: 'US',
		...(tz_ids && { tz_ids }),
	};
}

function lead(
	key: string,
	name: string,
	status: string,
	contacts: Contact[],
	addresses: LeadAddress[] = [],
): Lead {
	return {
		id: id('lead', key),
		organization_id: ORGANIZATION_ID,
		display_name: name,
		name,
		status_id: id('stat', status.toLowerCase()),
		status_label: status,
		contact_ids: contacts.map((one) => one.id),
		contacts,
		addresses,
		primary_phone: contacts.flatMap((one) => one.phones)[0] ?? null,
		html_url: `https://app.close.com/lead/${id('lead', key)}/`,
		url: null,
		description: null,
		created_by: id('user', 'ada'),
		updated_by: id('user', 'ada'),
		date_created: closeTime(OPENED),
		date_updated: closeTime(OPENED),
	};
}

/** One number, on the cards of two people at two leads. */
const SHARED = '+12125550120';

function seedContacts() {
	return {
		maria: contact('bluebird', 'maria', 'Maria Santos', 'Owner', [phone('+14155550101')]),
		sam: contact('bluebird', 'sam', 'Sam Reyes', 'Manager', [
			phone('+14155550102'),
			phone('+12065550103', { type: 'office' }),
		]),
		optedOut: contact('northwind', 'olga', 'Olga Petrov', 'Buyer', [
			phone('+14155550104', { outbound_sms_blocked: true }),
		]),
		landline: contact('northwind', 'lars', 'Lars Holm', 'Front desk', [
			phone('+14155550105', { type: 'office' }),
		]),
		british: contact('tanaka', 'emma', 'Emma Tanaka', 'Partner', [phone('+447700900101')]),
		phoneless: contact('tanaka', 'kenji', 'Kenji Tanaka', 'Partner', []),
		/** New York by everything: her own zone and her number's */
		newYork: contact(
			'meridian',
			'grace',
			'Grace Whitfield',
			'Director',
			[phone('+12125550121')],
			inZone('America/New_York'),
		),
		/** has moved: her own zone is Chicago, her number's is still Los Angeles */
		moved: contact(
			'meridian',
			'ines',
			'Ines Duarte',
			'Planner',
			[phone('+13105550122')],
			inZone('America/Chicago', 'manual'),
		),
		/** no zone of her own; her number may be in either of two */
		twoZones: contact('meridian', 'joan', 'Joan Pruitt', 'Planner', [phone('+18505550123')]),
		/** Honolulu, which has no summer time, by his number only */
		honolulu: contact('meridian', 'keanu', 'Keanu Akana', 'Guide', [phone('+18085550124')]),
		sharedOne: contact('meridian', 'paula', 'Paula Reed', 'Front desk', [
			phone(SHARED, { type: 'office' }),
		]),
		/** nothing on her card says where she is; her lead's address does: Phoenix */
		zoneByAddress: contact('saguaro', 'rosa', 'Rosa Yazzie', 'Owner', [
			phone('+16025550125', { tz_ids: [] }),
		]),
		/** the number of `sharedOne`, but a zone of his own */
		sharedTwo: contact(
			'saguaro',
			'peter',
			'Peter Reed',
			'Bookkeeper',
			[phone(SHARED, { type: 'home' })],
			inZone('America/Denver', 'manual'),
		),
		/** nothing at all says where he is; his phone lacks `tz_ids`, as Close's schema allows */
		zoneless: contact('drifter', 'noah', 'Noah Finch', 'Owner', [
			{ phone: '+18335550126', phone_formatted: '+1 833-555-0126', type: 'mobile', country: 'US' },
		]),
	};
}

/** The account's leads and their contacts: some for everyday tests, and some in several time zones. */
export function seedCustomers() {
	const contacts = seedContacts();
	const leads = {
		bluebird: lead('bluebird', 'Bluebird Cafe', 'Qualified', [contacts.maria, contacts.sam]),
		northwind: lead('northwind', 'Northwind Books', 'Potential', [
			contacts.optedOut,
			contacts.landline,
		]),
		tanaka: lead('tanaka', 'Tanaka & Daughters', 'Customer', [
			contacts.british,
			contacts.phoneless,
		]),
		meridian: lead(
			'meridian',
			'Meridian Travel',
			'Potential',
			[contacts.newYork, contacts.moved, contacts.twoZones, contacts.honolulu, contacts.sharedOne],
			[address('New York', 'NY', ['America/New_York'])],
		),
		saguaro: lead(
			'saguaro',
			'Saguaro Ceramics',
			'Qualified',
			[contacts.zoneByAddress, contacts.sharedTwo],
			[address('Phoenix', 'AZ', ['America/Phoenix'])],
		),
		drifter: lead('drifter', 'Drifter Surf', 'Potential', [contacts.zoneless]),
	};
	return { contacts, leads };
}
