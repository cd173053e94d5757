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
	date_created: string;
	date_updated: string;
	data: SmsActivity | null;
	previous_data: Partial<SmsActivity>;
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

/** Turns changes into events; quick updates of one text become one event. */
export class WebhookEvents {
	private delay = DELAY;
	private readonly waiting = new Map<string, WebhookEvent>();

	constructor(
		private readonly clock: Clock,
		private readonly publish: (event: WebhookEvent) => void,
	) {}

	reset(): void {
		this.delay = DELAY;
		this.waiting.clear();
	}

	setDelay(ms: number): void {
		this.delay = ms;
	}

	take(change: SmsChange): void {
		const { clock } = this;
		const event = eventOf(change, clock.ms());
		if (event.action === 'created' || event.action === 'sent') return this.publish(event);
		const key = `${event.action} ${event.object_id}`;
		const older = this.waiting.get(key);
		this.waiting.set(key, older ? merged(older, event) : event);
		if (!older) clock.at(clock.ms() + this.delay, () => this.release(key));
	}

	/** Nothing waits any longer. */
	flush(): void {
		for (const key of [...this.waiting.keys()]) this.release(key);
	}

	private release(key: string): void {
		const event = this.waiting.get(key);
		this.waiting.delete(key);
		if (event) this.publish(event);
	}
}
