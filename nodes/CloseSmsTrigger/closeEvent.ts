import type { IDataObject } from 'n8n-workflow';

export type Action = 'created' | 'updated' | 'sent' | 'deleted';

/**
 * What Close says about one change (Close: "Event Log"). `data` is the SMS as it is now, null once it is deleted;
 * `previous_data` has the old values of what changed, or of everything once it is deleted.
 */
export interface CloseEvent extends IDataObject {
	id: string;
	action: Action;
	object_type: string;
	/** The ID of the SMS. */
	object_id?: string;
	/** Null when Close itself made the change. */
	user_id: string | null;
	/** The part of an API key before its dot; null unless a request with a key made the change. */
	api_key_id: string | null;
	/** The OAuth app that made the change; missing or null unless one did. */
	oauth_client_id?: string | null;
	/** In UTC but without offset, e.g. `2019-01-15T12:48:23.395000`. It moves when Close merges a later change into the event. */
	date_updated: string;
	changed_fields: string[];
	data: IDataObject | null;
	previous_data: IDataObject | null;
}

/** Who made a change: a person in Close itself, or whatever uses an API key or comes through an app. */
export type Maker = 'person' | 'integration';

/** Undefined when the event names nobody: Close acted by itself, or somebody outside of it wrote a text. */
export function getMaker({
	api_key_id: key,
	oauth_client_id: app,
	user_id: user,
}: {
	api_key_id?: unknown;
	oauth_client_id?: unknown;
	user_id?: unknown;
}): Maker | undefined {
	if (key || app) return 'integration';
	return user ? 'person' : undefined;
}

const HAS_OFFSET = /(Z|[+-]\d\d:?\d\d)$/i;

/** A time of Close with the `Z` that it omits in events and subscriptions. */
export const toUtc = (time: string): string => (HAS_OFFSET.test(time) ? time : `${time}Z`);

/** When it happened, in ISO 8601. */
export const utcTime = ({ date_updated: time }: Pick<CloseEvent, 'date_updated'>): string =>
	toUtc(time);

/** The same in milliseconds since 1970, by Close's clock; NaN when it cannot be read. */
export const getTime = (event: Pick<CloseEvent, 'date_updated'>): number =>
	Date.parse(utcTime(event));

/** Whether a value parsed from JSON is an event about an SMS. */
export function isSmsEvent(value: unknown): value is CloseEvent {
	const event = (value ?? {}) as Partial<CloseEvent>;
	return (
		event.object_type === 'activity.sms' &&
		typeof event.id === 'string' &&
		typeof event.date_updated === 'string'
	);
}
