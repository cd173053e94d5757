import { apiKey } from './account/account';
import { AccountState } from './account/accountState';
import { Files } from './sms/files';
import { Faults } from './faults/faults';
import { Interruptions } from './faults/interruptions';
import { toLatency } from './faults/latency';
import { Somebody } from './faults/somebody';
import { OAuth, SCOPES } from './http/oauth';
import { RateLimit, type RateLimitSetting } from './limits/rateLimit';
import { Searches } from './crm/search';
import { SmsStore } from './sms/smsStore';
import { Webhooks } from './webhooks/webhooks';
import type { Doubts } from './faults/doubts';
import type { Caller, Exchange, ReceivedRequest } from './types';

/** Everything that the simulated Close knows. */
export class State extends AccountState {
	readonly files = new Files(this);
	readonly smsStore = new SmsStore(this, this.files);
	readonly searches = new Searches(this);
	readonly oauth = new OAuth(this);
	readonly webhooks = new Webhooks(this, this.smsStore);
	readonly faults = new Faults();
	readonly interruptions = new Interruptions();
	readonly somebody = new Somebody(this);
	readonly rateLimit = new RateLimit(this.clock);
	readonly requests: ReceivedRequest[] = [];
	/** is told of each request with its response */
	observer: ((exchange: Exchange) => void) | undefined;
	/** what others do while the answer to a request is on its way */
	meanwhile: (request: ReceivedRequest) => void = () => {};
	/** how long a request is on its way, and its answer, in real milliseconds */
	wayThere = toLatency(0);
	wayBack = toLatency(0);
	/** how many accounts there were before this one */
	resets = 0;
	/** ids of logged incoming texts that asked for a notification in the Inbox */
	readonly notifications: string[] = [];
	/** by API key or access token */
	readonly callers = new Map<string, Caller>();
	/** how many keys were made so far, also before a reset */
	private apiKeys = 0;

	/** @param start what a reset comes back to */
	constructor(
		private readonly start: { doubts?: Partial<Doubts>; rateLimit?: RateLimitSetting } = {},
	) {
		super();
		this.reset();
	}

	/** A fresh account, no requests, real time. */
	reset(): void {
		this.resetAccount(this.start.doubts);
		this.files.reset();
		this.searches.reset();
		this.oauth.reset();
		this.faults.clear();
		this.interruptions.clear();
		this.wayThere = toLatency(0);
		this.wayBack = toLatency(0);
		this.resets++;
		this.meanwhile = () => {};
		this.observer = undefined;
		this.rateLimit.set(this.start.rateLimit);
		this.requests.length = 0;
		this.notifications.length = 0;
		this.smsStore.reset(Object.values(this.account.texts));
		// After that: what the account begins with has not happened.
		this.webhooks.reset();
		this.seedCallers();
	}

	/** Who holds an OAuth access token that is alive. */
	tokenHolder(token: string): Caller | undefined {
		const isSeed = token === this.account.accessToken;
		const seed: Caller = {
			credential: token,
			apiKeyId: null,
			oauth: { clientId: this.account.oauthClient.id, scope: SCOPES.join(' ') },
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
