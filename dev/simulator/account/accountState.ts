import { Clock } from '../clock';
import { withDefaults, type Doubts } from '../faults/doubts';
import { Carrier } from '../sms/carrier';
import type { Contact, Lead, PhoneNumber, SmsTemplate, User } from '../types';
import { seedAccount, type Account } from './account';

const DEFAULTS = {
	/** from `outbox` to the phone, in milliseconds of simulated time */
	carrierDelay: 20,
	/** the largest `_skip`; the live value is known for emails only */
	maxSkip: 250_000,
};

const byId = <T extends { id: string }>(things: Record<string, T>) =>
	new Map(Object.values(things).map((thing) => [thing.id, thing]));

/** What is in the account, what time it is, and how Close behaves. It knows none of the services that work with it. */
export class AccountState {
	/** where the simulator listens, e.g. `http://127.0.0.1:4000` */
	url = '';
	readonly clock = new Clock();
	readonly carrier = new Carrier();
	readonly settings = { ...DEFAULTS };
	/** in which way Close behaves where nobody knows */
	doubts!: Doubts;
	account!: Account;
	users!: Map<string, User>;
	leads!: Map<string, Lead>;
	contacts!: Map<string, Contact>;
	templates!: Map<string, SmsTemplate>;
	/** by number */
	phoneNumbers!: Map<string, PhoneNumber>;
	/** numbers that must not be texted */
	readonly blockedPhones = new Set<string>();

	/** A fresh account, real time, and Close as strict as these doubts leave it. */
	protected resetAccount(doubts: Partial<Doubts> | undefined): void {
		this.doubts = withDefaults(doubts);
		this.clock.reset();
		Object.assign(this.settings, DEFAULTS);
		this.account = seedAccount();
		this.carrier.reset(this.account.unreachable);
		this.users = byId(this.account.users);
		this.leads = byId(this.account.leads);
		this.templates = byId(this.account.templates);
		this.phoneNumbers = new Map(
			Object.values(this.account.phoneNumbers).map((one) => [one.number, one]),
		);
		this.contacts = new Map();
		this.blockedPhones.clear();
		Object.values(this.account.contacts).forEach((contact) => this.addContact(contact));
	}

	addContact(contact: Contact): void {
		this.contacts.set(contact.id, contact);
		for (const { phone, outbound_sms_blocked } of contact.phones)
			if (outbound_sms_blocked) this.blockedPhones.add(phone);
	}
}
