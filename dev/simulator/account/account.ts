import { carrierMessage } from '../sms/carrier';
import { closeTime, naiveTime } from '../http/dates';
import { seedCustomers } from '../crm/customers';
import { countryOf, formatPhone } from '../crm/phoneFormat';
import { id, OPENED, ORGANIZATION_ID } from './seed';
import { newActivity } from '../sms/smsActivity';
import type { Contact, PhoneNumber, SmsActivity, SmsTemplate, User } from '../types';

export const apiKey = (name: string) => [id('api', name), 'simulated'.padEnd(22, '0')].join('.');

function user(name: string, firstName: string, lastName: string): User {
	return {
		id: id('user', name),
		email: `${name}@harbor-roofing.example`,
		first_name: firstName,
		last_name: lastName,
		image: null,
		organizations: [ORGANIZATION_ID],
		date_created: naiveTime(OPENED),
		date_updated: naiveTime(OPENED),
	};
}

function phoneNumber(name: string, number: string, more: Partial<PhoneNumber>): PhoneNumber {
	const country = countryOf(number) ?? 'US';
	const reach = country === 'US' || country === 'CA' ? ['US', 'CA', 'PR'] : [country];
	const textable = more.sms_enabled ?? true;
	return {
		id: id('phon', name),
		organization_id: ORGANIZATION_ID,
		number,
		number_formatted: formatPhone(number) ?? number,
		label: null,
		type: 'internal',
		country,
		sms_enabled: true,
		mms_enabled: country === 'US',
		supports_sms_to_countries: textable ? reach : [],
		supports_mms_to_countries: country === 'US' && textable ? ['US', 'CA'] : [],
		user_id: null,
		is_group_number: false,
		participants: [],
		participant_groups: [],
		phone_numbers: [],
		phone_numbers_formatted: [],
		is_verified: true,
		is_premium: false,
		carrier: 'twilio',
		carrier_type: 'local',
		address_id: null,
		bundle_id: null,
		forward_to: null,
		forward_to_enabled: false,
		forward_to_formatted: null,
		last_billed_price: null,
		next_billing_on: null,
		press_1_to_accept: false,
		voicemail_greeting_url: null,
		was_ported: false,
		date_created: closeTime(OPENED),
		date_updated: closeTime(OPENED),
		...more,
	};
}

function template(
	key: string,
	name: string,
	text: string,
	more: Partial<SmsTemplate> = {},
): SmsTemplate {
	return {
		id: id('smstmpl', key),
		organization_id: ORGANIZATION_ID,
		name,
		text,
		status: 'active',
		is_shared: true,
		owned_by: id('user', 'ada'),
		created_by: id('user', 'ada'),
		updated_by: id('user', 'ada'),
		date_created: naiveTime(OPENED),
		date_updated: naiveTime(OPENED),
		attachments: [],
		...more,
	};
}

function seedPeople() {
	const users = { ada: user('ada', 'Ada', 'Okafor'), ben: user('ben', 'Ben', 'Lindqvist') };
	const phoneNumbers = {
		main: phoneNumber('main', '+14155550100', {
			label: 'Office',
			is_group_number: true,
			participants: [users.ada.id, users.ben.id],
		}),
		ben: phoneNumber('ben', '+12065550111', {
			user_id: users.ben.id,
			participants: [users.ben.id],
			mms_enabled: false,
			supports_mms_to_countries: [],
		}),
		british: phoneNumber('british', '+447700900100', {
			label: 'London',
			user_id: users.ada.id,
			participants: [users.ada.id],
		}),
		voiceOnly: phoneNumber('voiceOnly', '+14155550122', {
			label: 'Hotline',
			sms_enabled: false,
			mms_enabled: false,
			user_id: users.ada.id,
			participants: [users.ada.id],
		}),
		external: phoneNumber('external', '+14155550133', {
			type: 'external',
			label: "Ada's own phone",
			sms_enabled: false,
			carrier: null,
			carrier_type: null,
			user_id: users.ada.id,
			participants: [users.ada.id],
		}),
	};
	const { contacts, leads } = seedCustomers();
	const templates = {
		reminder: template(
			'reminder',
			'Appointment reminder',
			'Hi {{ contact.first_name }}, this is {{ user.first_name }} from Harbor Roofing. See you tomorrow at {{ lead.display_name }}!',
		),
		thanks: template('thanks', 'Thank you', 'Thank you for choosing Harbor Roofing.'),
		archived: template('archived', 'Summer sale 2024', 'Our summer sale is on.', {
			status: 'archived',
		}),
	};
	return { users, phoneNumbers, contacts, leads, templates };
}

function seedTexts({ users, phoneNumbers, contacts }: ReturnType<typeof seedPeople>) {
	const to = (one: Contact) => ({
		lead_id: one.lead_id,
		contact_id: one.id,
		remote_phone: one.phones[0].phone,
		local_phone: phoneNumbers.main.number,
		user_id: users.ada.id,
		created_by: users.ada.id,
	});
	const day = (date: string) => ({
		date_created: closeTime(Date.parse(date)),
		activity_at: closeTime(Date.parse(date)),
	});
	const whole = (known: Partial<SmsActivity>) =>
		newActivity(known, ORGANIZATION_ID, OPENED, (userId) =>
			Object.values(users).find((one) => one.id === userId),
		);
	return {
		received: whole({
			id: id('acti', 'received'),
			...to(contacts.maria),
			...day('2026-02-02T16:05:11.167Z'),
			status: 'inbox',
			direction: 'inbound',
			created_by: null,
			text: 'Can you come on Thursday?',
		}),
		sent: whole({
			id: id('acti', 'sent'),
			...to(contacts.maria),
			...day('2026-02-02T16:20:00Z'),
			status: 'sent',
			date_sent: closeTime(Date.parse('2026-02-02T16:20:02Z')),
			cost: '1',
			caller_id_mode: 'fixed',
			text: 'Thursday at 10 works.',
		}),
		failed: whole({
			id: id('acti', 'failed'),
			...to(contacts.landline),
			...day('2026-02-03T10:00:00.500Z'),
			status: 'error',
			error_message: carrierMessage(30006),
			text: 'Your estimate is ready.',
		}),
		scheduled: whole({
			id: id('acti', 'scheduled'),
			...to(contacts.sam),
			...day('2026-02-04T08:15:30.250Z'),
			status: 'scheduled',
			date_scheduled: closeTime(Date.parse('2036-03-03T17:00:00Z')),
			caller_id_mode: 'auto',
			caller_id_reason: 'context',
			text: 'Ten years ago we fixed your roof. Time for a check?',
		}),
		draft: whole({
			id: id('acti', 'draft'),
			...to(contacts.maria),
			...day('2026-02-05T12:00:00.042Z'),
			status: 'draft',
			text: 'Hi Maria, we will be there on Thursday at 10.',
		}),
	};
}

/** Close: "Smart Views"; `s_query` is what a search takes, and null for those older than Advanced Filtering. */
const smartView = (key: string, type: 'lead' | 'contact', s_query: object | null) => ({
	id: id('save', key),
	organization_id: ORGANIZATION_ID,
	name: key,
	description: '',
	type,
	query: s_query === null ? '*' : null,
	s_query,
	is_shared: true,
	is_user_dependent: false,
	user_id: id('user', 'ada'),
	date_created: closeTime(OPENED),
	date_updated: closeTime(OPENED),
});

const filters = (...queries: object[]) => ({
	query: { type: 'and', negate: false, queries },
	results_limit: null,
	sort: [],
});
const ofType = (object_type: string) => ({ type: 'object_type', object_type, negate: false });

const smartViews = () => ({
	everybody: smartView('everybody', 'contact', filters(ofType('contact'))),
	leads: smartView('leads', 'lead', filters(ofType('lead'), { type: 'match_all', negate: false })),
	old: smartView('old', 'lead', null),
});

/** A roofing company with two people and a handful of customers. Every call gives a fresh copy. */
export function seedAccount() {
	const people = seedPeople();
	return {
		organization: { id: ORGANIZATION_ID, name: 'Harbor Roofing' },
		/** Ada's key: everything is allowed */
		apiKey: apiKey('ada'),
		/** Ben's key: everything is allowed */
		secondApiKey: apiKey('ben'),
		/** valid, but a request for an SMS is refused with 401, as Close's framework does it */
		limitedApiKey: apiKey('limited'),
		/** valid, but a request for an SMS is refused with 403 */
		forbiddenApiKey: apiKey('forbidden'),
		/** Ada's OAuth access token; it does not expire */
		accessToken: ['oauth', 'ada', 'simulated'.padEnd(22, '0')].join('-'),
		oauthClient: { id: id('oa2client', 'n8n'), secret: ['not', 'a', 'secret'].join('-') },
		...people,
		/** ids of the users who are admins: Ada */
		admins: [people.users.ada.id],
		smartViews: smartViews(),
		/** numbers whose carrier fails, with what Close then says */
		unreachable: { [people.contacts.landline.phones[0].phone]: carrierMessage(30006) },
		/** what the five texts look like when the account is fresh */
		texts: seedTexts(people),
	};
}

export type Account = ReturnType<typeof seedAccount>;
