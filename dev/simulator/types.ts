/** The shapes Close answers with, as far as the simulator knows them. */

export type SmsStatus = 'inbox' | 'draft' | 'scheduled' | 'outbox' | 'sent' | 'error';

export interface AnsweredAttachment {
	url: string;
	filename: string;
	content_type: string;
	/** bytes */
	size: number;
	media_id: string;
	thumbnail_url?: string;
}

export interface RequestedAttachment {
	url: string;
	filename: string;
	content_type: string;
}

/** All 37 documented fields, and `attachments` when there are any. Times are Close's strings. */
export interface SmsActivity {
	_type: 'SMS';
	id: string;
	organization_id: string;
	lead_id: string | null;
	contact_id: string | null;
	user_id: string | null;
	user_name: string | null;
	users: string[];
	created_by: string | null;
	created_by_name: string | null;
	updated_by: string | null;
	updated_by_name: string | null;
	date_created: string;
	date_updated: string;
	activity_at: string | null;
	date_scheduled: string | null;
	date_sent: string | null;
	direction: 'inbound' | 'outbound';
	source: 'Close.io' | 'External';
	status: SmsStatus;
	text: string | null;
	template_id: string | null;
	local_phone: string | null;
	local_phone_formatted: string | null;
	local_country_iso: string | null;
	remote_phone: string | null;
	remote_phone_formatted: string | null;
	remote_country_iso: string | null;
	/** how the sending number was chosen */
	caller_id_mode: 'fixed' | 'auto' | null;
	caller_id_reason: 'context' | 'local_presence' | 'fallback' | null;
	cost: string | null;
	error_message: string | null;
	sequence_id: string | null;
	sequence_name: string | null;
	sequence_subscription_id: string | null;
	agent_config_id: string | null;
	agent_action_reason: string | null;
	attachments?: AnsweredAttachment[];
}

export interface User {
	id: string;
	email: string;
	first_name: string;
	last_name: string;
	image: string | null;
	organizations: string[];
	date_created: string;
	date_updated: string;
}

export interface PhoneNumber {
	id: string;
	organization_id: string;
	number: string;
	number_formatted: string;
	label: string | null;
	type: 'internal' | 'external' | 'virtual';
	country: string;
	sms_enabled: boolean;
	mms_enabled: boolean;
	supports_sms_to_countries: string[];
	supports_mms_to_countries: string[];
	user_id: string | null;
	is_group_number: boolean;
	participants: string[];
	[more: string]: unknown;
}

export interface ContactPhone {
	phone: string;
	phone_formatted: string;
	type: string;
	country: string;
	/** what it holds for a mobile number is not documented */
	tz_ids?: string[];
	/** read only; INFERRED: the number may not be texted */
	outbound_sms_blocked?: boolean;
}

export interface Contact {
	id: string;
	organization_id: string;
	lead_id: string;
	name: string;
	display_name: string;
	title: string;
	phones: ContactPhone[];
	emails: Array<{ email: string; type: string; is_unsubscribed: boolean }>;
	urls: unknown[];
	/** IANA */
	timezone: string | null;
	timezone_source: string | null;
	created_by: string | null;
	updated_by: string | null;
	date_created: string;
	date_updated: string;
}

export interface LeadAddress {
	label: string | null;
	address_1: string | null;
	address_2: string | null;
	city: string | null;
	state: string | null;
	zipcode: string | null;
	country: string | null;
	/** IANA */
	tz_ids?: string[];
}

export interface Lead {
	id: string;
	organization_id: string;
	display_name: string;
	name: string;
	status_id: string;
	status_label: string;
	contact_ids: string[];
	contacts: Contact[];
	addresses: LeadAddress[];
	primary_phone: ContactPhone | null;
	html_url: string;
	/** of the lead's own website */
	url: string | null;
	description: string | null;
	created_by: string | null;
	updated_by: string | null;
	date_created: string;
	date_updated: string;
}

export interface SmsTemplate {
	id: string;
	organization_id: string;
	name: string;
	text: string;
	status: 'active' | 'archived';
	is_shared: boolean;
	owned_by: string | null;
	created_by: string | null;
	updated_by: string | null;
	date_created: string;
	date_updated: string;
	attachments: RequestedAttachment[];
}

/** One text that really reached a phone. */
export interface Texted {
	smsId: string;
	remotePhone: string;
	localPhone: string;
	text: string | null;
	at: Date;
}

/** Who is asking. */
export interface Caller {
	/** the API key or access token as it was presented */
	credential: string;
	/** the id part of an API key (`api_…`); null for OAuth tokens */
	apiKeyId: string | null;
	/** the app that an OAuth token was given to; undefined for API keys and people in Close's own app */
	oauth?: { clientId: string; scope: string };
	userId: string;
	/** what a request for an SMS gets: served, or refused with this status */
	sms: 'allowed' | 401 | 403;
	/** the request it asks with; several events can share one */
	requestId?: string;
	request?: { request_method: string; request_path: string };
}

/** A request under /api/v1 with its response. */
export interface Exchange {
	request: ReceivedRequest;
	status: number;
	/** as it is sent; undefined for none, and for one that a fault cuts */
	body: string | undefined;
}

/** One request under /api/v1, in order of arrival. */
export interface ReceivedRequest {
	method: string;
	/** below /api/v1 and without the query, e.g. `/activity/sms/acti_x/`, as it was written */
	path: string;
	query: Record<string, string | string[]>;
	/** query parameters that this endpoint does not know (Close is thought to ignore them) */
	unknownQuery: string[];
	/** path and query as they arrived, with /api/v1 */
	url: string;
	headers: Record<string, string | string[] | undefined>;
	/** parsed JSON */
	body: unknown;
	rawBody: string | undefined;
	/** real time of arrival in milliseconds */
	at: number;
	/** real time at which its answer was on its way; a destroyed connection never gets one */
	answeredAt: number | undefined;
	/** the API key or access token that was presented */
	apiKey: string | undefined;
	/** status of the answer, once there is one; a destroyed connection never gets one */
	status: number | undefined;
	/** the fault that struck it */
	fault?: string;
}
