import { apiKey, seedAccount, type Account } from './account/account';
import { Carrier } from './sms/carrier';
import { Clock } from './clock';
import { withDefaults, type Doubts } from './faults/doubts';
import { Faults } from './faults/faults';
import { Files } from './sms/files';
import { OAuth } from './http/oauth';
import { RateLimit, type RateLimitSetting } from './limits/rateLimit';
import { Searches } from './crm/search';
import { SmsStore } from './sms/smsStore';
import { Webhooks } from './webhooks/webhooks';
import type {
	Caller,
	Contact,
	Exchange,
	Lead,
	PhoneNumber,
	ReceivedRequest,
	SmsTemplate,
	User,
} from './types';

const DEFAULTS = {
	/** from `outbox` to the phone, in milliseconds of simulated time */
	carrierDelay: 20,
	/** every answer waits this long, in real milliseconds */
	latency: 0,
	/** the largest `_skip`; the live value is known for emails only */
	maxSkip: 250_000,
};

const byId = <T extends { id: string }>(things: Record<string, T>) =>
	new Map(Object.values(things).map((thing) => [thing.id, thing]));

/** Everything that the simulated Close knows. */
export class State {
	/** where the simulator listens, e.g. `http://127.0.0.1:4000` */
	url = '';
	readonly clock = new Clock();
	readonly carrier = new Carrier();
	readonly smsStore = new SmsStore(this);
	readonly files = new Files(this);
	readonly searches = new Searches(this);
	readonly oauth = new OAuth(this);
	readonly webhooks = new Webhooks(this);
	readonly faults = new Faults();
	readonly rateLimit = new RateLimit(this.clock);
	readonly settings = { ...DEFAULTS };
	readonly requests: ReceivedRequest[] = [];
	/** is told of each request with its response */
	observer: ((exchange: Exchange) => void) | undefined;
	/** what others do while the answer to a request is on its way */
	meanwhile: (request: ReceivedRequest) => void = () => {};
	/** ids of logged incoming texts that asked for a notification in the Inbox */
	readonly notifications: string[] = [];
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
	/** by API key or access token */
	readonly callers = new Map<string, Caller>();
	/** how many keys were made so far, also before a reset */
	private apiKeys = 0;

	/** @param start what a reset comes back to */
	constructor(
		private readonly start: { doubts?: Partial<Doubts>; rateLimit?: RateLimitSetting } = {},
	) {
		this.reset();
	}

	/** A fresh account, no requests, real time. */
	reset(): void {
		this.doubts = withDefaults(this.start.doubts);
		this.clock.reset();
		Object.assign(this.settings, DEFAULTS);
		this.files.reset();
		this.searches.reset();
		this.oauth.reset();
		this.webhooks.reset();
		this.faults.clear();
		this.meanwhile = () => {};
		this.observer = undefined;
		this.rateLimit.set(this.start.rateLimit);
		this.requests.length = 0;
		this.notifications.length = 0;
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
		this.smsStore.reset(Object.values(this.account.texts));
		this.seedCallers();
	}

	addContact(contact: Contact): void {
		this.contacts.set(contact.id, contact);
		for (const { phone, outbound_sms_blocked } of contact.phones)
			if (outbound_sms_blocked) this.blockedPhones.add(phone);
	}

	/** Who holds an OAuth access token that is alive. */
	tokenHolder(token: string): Caller | undefined {
		const isSeed = token === this.account.accessToken;
		const seed: Caller = {
			credential: token,
			apiKeyId: null,
			userId: this.account.users.ada.id,
			sms: 'allowed',
		};
		return isSeed ? seed : this.oauth.holder(token);
	}

	/** Makes a further API key for Ada, which is the account's `apiKey` from now on; those before stay valid. */
	addApiKey(): void {
		this.apiKeys++;
		this.account.apiKey = apiKey(`ada${this.apiKeys}`);
		this.addCaller(this.account.apiKey, this.account.users.ada.id);
	}

	private addCaller(credential: string, userId: string, sms: Caller['sms'] = 'allowed'): void {
		const apiKeyId = credential.split('.')[0];
		this.callers.set(credential, { credential, userId, apiKeyId, sms });
	}

	private seedCallers(): void {
		const { account } = this;
		this.callers.clear();
		this.addCaller(account.apiKey, account.users.ada.id);
		this.addCaller(account.secondApiKey, account.users.ben.id);
		this.addCaller(account.limitedApiKey, account.users.ben.id, 401);
		this.addCaller(account.forbiddenApiKey, account.users.ben.id, 403);
	}
}
