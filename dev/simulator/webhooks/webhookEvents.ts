import type { Clock } from '../clock';
import { naiveTime } from '../http/dates';
import { newId } from '../http/ids';
import type { SmsChange } from '../sms/smsStore';
import type { SmsActivity } from '../types';

/** What Close tells about one change; times have no offset and are UTC. */
export interface WebhookEvent {
	id: string;
	action: SmsChange['action'];
	object_type: 'activity.sms';
	object_id: string;
	lead_id: string | null;
	organization_id: string;
	user_id: string | null;
	request_id: string | null;
	api_key_id: string | null;
	/** of the app that a change was made through, and what it may do */
	oauth_client_id: string | null;
	oauth_scope: string | null;
	date_created: string;
	date_updated: string;
	data: SmsActivity | null;
	/** null when it is no longer shown */
	previous_data: Partial<SmsActivity> | null;
	changed_fields: string[];
	meta: { request_method?: string; request_path?: string };
}

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The old values of all fields that changed. */
function changes(before: SmsActivity, after: SmsActivity): Partial<SmsActivity> {
	const fields = Object.keys({ ...before, ...after }) as Array<keyof SmsActivity>;
	const changed = fields.filter((field) => !same(before[field], after[field]));
	return Object.fromEntries(changed.map((field) => [field, before[field] ?? null]));
}

function previousData({ action, before, after }: SmsChange): Partial<SmsActivity> {
	if (action === 'deleted') return before ?? {};
	return action === 'updated' && before && after ? changes(before, after) : {};
}

export function eventOf(change: SmsChange, now: number): WebhookEvent {
	const { action, before, after, caller } = change;
	const activity = (after ?? before) as SmsActivity;
	const previous_data = previousData(change);
	return {
		id: newId('ev', 22),
		action,
		object_type: 'activity.sms',
		object_id: activity.id,
		lead_id: activity.lead_id,
		organization_id: activity.organization_id,
		user_id: caller?.userId ?? null,
		request_id: caller?.requestId ?? null,
		api_key_id: caller?.apiKeyId ?? null,
		oauth_client_id: caller?.oauth?.clientId ?? null,
		oauth_scope: caller?.oauth?.scope ?? null,
		date_created: naiveTime(now),
		date_updated: naiveTime(now),
		data: after ?? null,
		previous_data,
		changed_fields: action === 'updated' ? Object.keys(previous_data) : [],
		meta: caller?.request ?? {},
	};
}

/** One event out of two: it keeps its id and birth, the older values and the newer data. */
function merged(older: WebhookEvent, newer: WebhookEvent): WebhookEvent {
	return {
		...newer,
		id: older.id,
		date_created: older.date_created,
		previous_data: { ...newer.previous_data, ...older.previous_data },
		changed_fields: [...new Set([...older.changed_fields, ...newer.changed_fields])],
	};
}

/** How long `updated` and `deleted` wait for more of the same, in simulated milliseconds; Close gives no number. */
const DELAY = 50;

/** An event that more of the same may still become part of. */
interface Waiting {
	event: WebhookEvent;
	/** until when, in simulated milliseconds */
	until: number;
	/** whether it is brought to those who follow */
	isFollowed: boolean;
}

/** Turns changes into events, and keeps them; quick updates of one text become one event. */
export class WebhookEvents {
	private delay = DELAY;
	/** What happened while nobody followed becomes events only when it is asked for. */
	private unread: Array<{ change: SmsChange; at: number }> = [];
	private readonly waiting = new Map<string, Waiting>();
	/** by id, oldest first by date_updated */
	private readonly log = new Map<string, WebhookEvent>();

	constructor(
		private readonly clock: Clock,
		private readonly isFollowed: () => boolean,
		private readonly publish: (event: WebhookEvent) => void,
	) {}

	reset(): void {
		this.delay = DELAY;
		this.unread = [];
		this.waiting.clear();
		this.log.clear();
	}

	setDelay(ms: number): void {
		this.delay = ms;
	}

	take(change: SmsChange): void {
		this.unread.push({ change, at: this.clock.ms() });
		if (this.isFollowed()) this.read();
	}

	/** Everything that has happened, oldest first by date_updated. */
	all(): WebhookEvent[] {
		this.read();
		return [...this.log.values()];
	}

	/** Makes events of all that has happened. */
	read(): void {
		for (const { change, at } of this.unread.splice(0)) this.add(eventOf(change, at), at);
	}

	/** Nothing waits any longer. */
	flush(): void {
		for (const [key, { isFollowed }] of [...this.waiting]) if (isFollowed) this.release(key);
	}

	private add(event: WebhookEvent, at: number): void {
		if (event.action === 'created' || event.action === 'sent') {
			this.keep(event);
			if (this.isFollowed()) this.publish(event);
			return;
		}
		const key = `${event.action} ${event.object_id}`;
		const older = this.waiting.get(key);
		const waiting =
			older && at < older.until
				? { ...older, event: merged(older.event, event) }
				: { event, until: at + this.delay, isFollowed: false };
		this.keep(waiting.event);
		this.waiting.set(key, waiting);
		if (waiting.isFollowed || !this.isFollowed()) return;
		waiting.isFollowed = true;
		this.clock.at(waiting.until, () => this.release(key));
	}

	/** As the newest. */
	private keep(event: WebhookEvent): void {
		this.log.delete(event.id);
		this.log.set(event.id, event);
	}

	private release(key: string): void {
		const waiting = this.waiting.get(key);
		this.waiting.delete(key);
		if (waiting) this.publish(waiting.event);
	}
}
