import type { AccountState } from '../account/accountState';
import { newId } from '../http/ids';
import type { SmsInput } from '../sms/smsRules';
import type { SmsStore } from '../sms/smsStore';
import type { Caller, Contact } from '../types';

/** What somebody works with. */
interface SomebodyState extends AccountState {
	smsStore: SmsStore;
}

function refusalOf(change: () => void): Error | undefined {
	try {
		change();
		return undefined;
	} catch (error) {
		return error as Error;
	}
}

/** A second person (Ben) at work in Close itself while the workflow runs. What Close would refuse is an Error. */
export class Somebody {
	constructor(private readonly state: SomebodyState) {}

	/** Changes a draft, or takes a scheduled text back to draft. */
	edits(smsId: string, change: SmsInput): void {
		this.act(() => this.state.smsStore.update(smsId, change, this.caller, 0));
	}

	/** Sends a draft now. */
	sends(smsId: string): void {
		this.edits(smsId, { status: 'outbox' });
	}

	deletes(smsId: string): void {
		this.act(() => this.state.smsStore.remove(smsId, this.caller));
	}

	/** From now on this number must not be texted, whosever card it is on. */
	blocks(phone: string): void {
		this.setBlocked(phone, true);
	}

	/** The number may be texted again. */
	unblocks(phone: string): void {
		this.setBlocked(phone, false);
	}

	/** Changes a card: its phones, its time zone … */
	changesContact(contactId: string, change: Partial<Contact>): void {
		const contact = this.state.contacts.get(contactId);
		if (!contact) throw new Error(`There is no contact ${contactId}`);
		Object.assign(contact, change);
	}

	/** As a change in Close's own app: with a request, but neither API key nor OAuth app. */
	private get caller(): Caller {
		return {
			credential: '',
			apiKeyId: null,
			userId: this.state.account.users.ben.id,
			sms: 'allowed',
			requestId: newId('req', 22),
		};
	}

	private act(change: () => void): void {
		const refusal = refusalOf(change);
		if (refusal) throw new Error(`Close does not let somebody do this: ${refusal.message}`);
	}

	private setBlocked(phone: string, blocked: boolean): void {
		if (blocked) this.state.blockedPhones.add(phone);
		else this.state.blockedPhones.delete(phone);
		for (const { phones } of this.state.contacts.values())
			for (const one of phones) if (one.phone === phone) one.outbound_sms_blocked = blocked;
	}
}
