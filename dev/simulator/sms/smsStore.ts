import { carrierMessage, type CarrierFailure } from './carrier';
import { notFound, invalidFields, invalidRequest } from '../http/errors';
import { closeTime, readTime } from '../http/dates';
import { nameParts, render } from './render';
import { newActivity, withDerived } from './smsActivity';
import {
	checkCombination,
	checkLength,
	checkReferences,
	checkSendable,
	scheduleTime,
	type SmsInput,
} from './smsRules';
import type { Caller, SmsActivity, Texted } from '../types';
import type { AccountState } from '../account/accountState';
import type { Files } from './files';

/** What happened to a text, for those who follow (webhooks). */
export interface SmsChange {
	action: 'created' | 'updated' | 'sent' | 'deleted';
	before: SmsActivity | undefined;
	after: SmsActivity | undefined;
	/** null when Close itself acted */
	caller: Caller | null;
}

/** How the dates of a request are read. */
interface Schedule {
	/** of `x-tz-offset` */
	offsetHours: number;
	/** whether status `scheduled` without a date is an error */
	needsDate: boolean;
}

interface Stored {
	/** never changed in place: every change makes a new one */
	activity: SmsActivity;
	createdMs: number;
	/** calls off what was to happen next */
	callOff?: () => void;
}

/** The account's texts and their life: draft, scheduled, outbox, sent, inbox, error. */
export class SmsStore {
	readonly texted: Texted[] = [];
	private readonly stored = new Map<string, Stored>();
	private readonly counts = new Map<string, number>();
	private sorted: Stored[] | undefined;
	private readonly followers: Array<(change: SmsChange) => void> = [];

	constructor(
		private readonly state: AccountState,
		private readonly files: Files,
	) {}

	/** Calls `follower` after every change. */
	follow(follower: (change: SmsChange) => void): void {
		this.followers.push(follower);
	}

	reset(seeds: Array<Partial<SmsActivity>>): void {
		this.stored.clear();
		this.counts.clear();
		this.texted.length = 0;
		this.sorted = undefined;
		seeds.forEach((seed) => this.add(seed));
	}

	get(id: string): SmsActivity | undefined {
		return this.stored.get(id)?.activity;
	}

	/** Newest first by date_created. */
	newestFirst(): SmsActivity[] {
		this.sorted ??= [...this.stored.values()].reverse().sort((a, b) => b.createdMs - a.createdMs);
		return this.sorted.map((one) => one.activity);
	}

	/** How many texts really reached this number. */
	timesTexted(remotePhone: string): number {
		return this.counts.get(remotePhone) ?? 0;
	}

	/** Puts a text into the account unchecked; a scheduled or outbox one is on its way at once. */
	add(known: Partial<SmsActivity>, sendIn = 0, caller: Caller | null = null): SmsActivity {
		const { state: state } = this;
		const activity = newActivity(
			known,
			state.account.organization.id,
			state.clock.ms(),
			this.userOf,
		);
		const stored: Stored = { activity, createdMs: Date.parse(activity.date_created) };
		this.stored.set(activity.id, stored);
		this.sorted = undefined;
		this.tell({ action: 'created', before: undefined, after: activity, caller });
		this.plan(stored, sendIn);
		return activity;
	}

	/** A text from outside; the contact is found by number. */
	receive(from: string, to: string, text: string): SmsActivity {
		const contact = [...this.state.contacts.values()].find((one) =>
			one.phones.some(({ phone }) => phone === from),
		);
		const known = {
			status: 'inbox',
			direction: 'inbound',
			remote_phone: from,
			local_phone: to,
			text,
		} as const;
		return this.add({
			...known,
			lead_id: contact?.lead_id ?? null,
			contact_id: contact?.id ?? null,
		});
	}

	/** `POST /activity/sms/`. @throws ErrorResponse 400 */
	create(input: SmsInput, caller: Caller, offsetHours: number): SmsActivity {
		const { send_in, direction, source, ...rest } = input;
		const known = {
			user_id: caller.userId,
			created_by: caller.userId,
			direction: direction ?? (input.status === 'inbox' ? 'inbound' : 'outbound'),
			source: source ?? 'Close.io',
		} as const;
		const draft = newActivity(
			known,
			this.state.account.organization.id,
			this.state.clock.ms(),
			this.userOf,
		);
		const whole = this.applied(draft, rest, caller, { offsetHours, needsDate: true });
		return this.add(whole, (send_in ?? 0) * 1000, caller);
	}

	/** `PUT /activity/sms/{id}/`. @throws ErrorResponse 400, 404 */
	update(id: string, input: SmsInput, caller: Caller, offsetHours: number): SmsActivity {
		const stored = this.mustFind(id);
		if (stored.activity.status !== 'draft') return this.cancel(stored, input, caller);
		const { dateScheduledOnPut } = this.state.doubts;
		const { date_scheduled, ...rest } = input;
		if (dateScheduledOnPut === 'refuse' && date_scheduled !== undefined)
			throw invalidFields({ date_scheduled: 'Unknown field.' });
		const dropsDate = dateScheduledOnPut === 'drop';
		const schedule = { offsetHours, needsDate: !dropsDate };
		const given = dropsDate ? rest : input;
		const whole = this.applied(stored.activity, given, caller, schedule);
		// An update cannot name the direction: what is logged as received is incoming.
		if (input.status === 'inbox') whole.direction = 'inbound';
		this.change(stored, whole, caller);
		this.plan(stored, 0);
		return stored.activity;
	}

	/** `DELETE /activity/sms/{id}/`: what was still to be sent is called off. @throws ErrorResponse 404 */
	remove(id: string, caller: Caller): void {
		const stored = this.mustFind(id);
		stored.callOff?.();
		this.stored.delete(id);
		this.sorted = undefined;
		this.tell({ action: 'deleted', before: stored.activity, after: undefined, caller });
	}

	private readonly userOf = (userId: string | null) =>
		userId === null ? undefined : this.state.users.get(userId);

	private mustFind(id: string): Stored {
		const stored = this.stored.get(id);
		if (!stored) throw notFound('SMS');
		return stored;
	}

	/** Not a draft: only scheduled and outbox can be taken back to draft, and nothing else with it. */
	private cancel(stored: Stored, input: SmsInput, caller: Caller): SmsActivity {
		const { status } = stored.activity;
		const onlyToDraft = input.status === 'draft' && Object.keys(input).length === 1;
		if (!onlyToDraft || (status !== 'scheduled' && status !== 'outbox')) {
			throw this.state.doubts.editOfNonDraft === 'errors'
				? invalidRequest('Only draft SMS activities can be edited.')
				: invalidFields({ status: `Cannot be changed from "${status}".` });
		}
		stored.callOff?.();
		this.change(stored, { ...stored.activity, status: 'draft', date_scheduled: null }, caller);
		return stored.activity;
	}

	/** The draft with the input applied and checked for the status it is to have. */
	private applied(
		draft: SmsActivity,
		input: SmsInput,
		caller: Caller,
		schedule: Schedule,
	): SmsActivity {
		const { state: state } = this;
		checkCombination(input);
		const { attachments, ...plain } = input;
		const whole = { ...draft, ...plain, date_scheduled: draft.date_scheduled } as SmsActivity;
		checkReferences(input, whole, state);
		for (const field of ['activity_at', 'date_created'] as const) {
			const given = input[field];
			if (given) whole[field] = closeTime(readTime(given, schedule.offsetHours) as number);
		}
		if (input.date_created === null) whole.date_created = draft.date_created;
		whole.organization_id = draft.organization_id;
		if (attachments !== undefined) this.attach(whole, attachments ?? []);
		if (whole.contact_id && !whole.lead_id)
			whole.lead_id = state.contacts.get(whole.contact_id)?.lead_id ?? null;
		if (input.template_id) whole.text = this.rendered(input.template_id, whole, caller);
		checkLength(whole, state);
		return this.withStatus(whole, input, schedule);
	}

	private withStatus(
		whole: SmsActivity,
		input: SmsInput,
		{ offsetHours, needsDate }: Schedule,
	): SmsActivity {
		const now = this.state.clock.ms();
		if (input.status === 'scheduled' && (input.date_scheduled || needsDate)) {
			const mayBePast = this.state.doubts.scheduleInThePast === 'sendNow';
			whole.date_scheduled = closeTime(scheduleTime(input, now, offsetHours, mayBePast));
		}
		if (input.status === 'scheduled' || input.status === 'outbox') checkSendable(whole, this.state);
		if (input.status === 'sent') whole.date_sent = whole.activity_at ?? closeTime(now);
		return whole;
	}

	private attach(whole: SmsActivity, attachments: NonNullable<SmsInput['attachments']>): void {
		delete whole.attachments;
		if (attachments.length > 0) whole.attachments = this.files.attached(attachments, whole.id);
	}

	private rendered(templateId: string, whole: SmsActivity, caller: Caller): string {
		const { templates, contacts, leads } = this.state;
		const contact = whole.contact_id ? contacts.get(whole.contact_id) : undefined;
		return render(templates.get(templateId)?.text ?? '', {
			contact: contact && { ...contact, ...nameParts(contact.name) },
			lead: whole.lead_id ? leads.get(whole.lead_id) : undefined,
			user: this.userOf(whole.user_id ?? caller.userId),
		});
	}

	private change(stored: Stored, next: SmsActivity, caller: Caller | null): void {
		const before = stored.activity;
		const changed = {
			...next,
			date_updated: closeTime(this.state.clock.ms()),
			updated_by: caller ? caller.userId : next.updated_by,
		};
		stored.activity = withDerived(changed, this.userOf);
		this.tell({ action: 'updated', before, after: stored.activity, caller });
	}

	private tell(change: SmsChange): void {
		for (const follower of this.followers) follower(change);
	}

	/** What happens next by itself: a scheduled text goes to the outbox, one in the outbox to the carrier. */
	private plan(stored: Stored, sendIn: number): void {
		const { clock, settings } = this.state;
		const { status, date_scheduled: due } = stored.activity;
		if (status === 'scheduled' && due)
			stored.callOff = clock.at(Date.parse(due), () => this.start(stored));
		if (status === 'outbox')
			stored.callOff = clock.at(clock.ms() + sendIn + settings.carrierDelay, () =>
				this.deliver(stored),
			);
	}

	private start(stored: Stored): void {
		this.change(stored, { ...stored.activity, status: 'outbox' }, null);
		this.plan(stored, 0);
	}

	/** The one place where a text really reaches a phone. */
	private deliver(stored: Stored): void {
		const { activity } = stored;
		const remotePhone = activity.remote_phone ?? '';
		const failure = this.failureFor(remotePhone);
		if (failure?.after === 0) return this.fail(stored, failure.message);
		const at = this.state.clock.now();
		const { text, local_phone } = activity;
		if (!failure) {
			this.texted.push({
				smsId: activity.id,
				remotePhone,
				localPhone: local_phone ?? '',
				text,
				at,
			});
			this.counts.set(remotePhone, this.timesTexted(remotePhone) + 1);
		}
		const sentAt = closeTime(at.getTime());
		const sent = { date_sent: sentAt, activity_at: sentAt, cost: '1' };
		this.change(stored, { ...activity, ...sent, status: 'sent' }, null);
		this.tell({ action: 'sent', before: activity, after: stored.activity, caller: null });
		if (failure)
			stored.callOff = this.state.clock.at(at.getTime() + failure.after, () =>
				this.fail(stored, failure.message),
			);
	}

	private failureFor(remotePhone: string): CarrierFailure | undefined {
		const { blockedPhones, carrier, doubts } = this.state;
		return doubts.blockedRecipient === 'failLater' && blockedPhones.has(remotePhone)
			? { message: carrierMessage(21610), after: 0 }
			: carrier.failureFor(remotePhone);
	}

	private fail(stored: Stored, error_message: string): void {
		this.change(stored, { ...stored.activity, status: 'error', error_message }, null);
	}
}
