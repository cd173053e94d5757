import type { IDataObject } from 'n8n-workflow';

export type Action = 'created' | 'updated' | 'sent' | 'deleted';

/**
 * What Close tells about one change (Close: "Event Log"). `data` is the SMS as it is now, null once it is deleted;
 * `previous_data` has the old values of what changed, or of everything once it is deleted.
 */
export interface CloseEvent extends IDataObject {
	id: string;
	action: Action;
	object_type: string;
	/** Null when Close itself acted. */
	user_id: string | null;
	/** The part of an API key before its dot; null unless a request with a key caused this. */
	api_key_id: string | null;
	/** UTC without saying so, e.g. `2019-01-15T12:48:23.395000`. It moves when Close adds a later change to the event. */
	date_updated: string;
	changed_fields: string[];
	data: IDataObject | null;
	previous_data: IDataObject | null;
}

const HAS_OFFSET = /(Z|[+-]\d\d:?\d\d)$/i;

/** When it happened, in ISO 8601 with the `Z` that Close leaves out. */
export const utcTime = ({ date_updated: time }: CloseEvent): string =>
	HAS_OFFSET.test(time) ? time : `${time}Z`;

/** Whether something parsed from JSON is an event about an SMS. */
export function isSmsEvent(value: unknown): value is CloseEvent {
	const event = (value ?? {}) as Partial<CloseEvent>;
	return (
		event.object_type === 'activity.sms' &&
		typeof event.id === 'string' &&
		typeof event.date_updated === 'string'
	);
}
