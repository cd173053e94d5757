import type { IDataObject } from 'n8n-workflow';

/** The statuses of an SMS activity (Close: "Create an SMS activity"). */
export type SmsStatus = 'draft' | 'scheduled' | 'outbox' | 'inbox' | 'sent' | 'error';

/** Statuses with which Close delivers a text to a phone, now or later. */
export const OUTGOING_STATUSES = new Set<unknown>(['outbox', 'scheduled']);

/** Statuses of an SMS that texted nobody and never will. A status that is new in Close may mean the opposite. */
export const TEXTS_NOBODY = new Set<unknown>(['draft', 'error', 'inbox']);

/** Close's largest page (`max_limit` of its framework; the documented default is the same). */
export const MAX_PAGE_SIZE = 100;

/** The fields of an SMS activity that this package reads. A response has 37. */
export interface SmsActivity extends IDataObject {
	id: string;
	status: SmsStatus;
	text: string | null;
	remote_phone: string | null;
	local_phone: string | null;
	direction: 'inbound' | 'outbound';
	date_created: string;
	date_scheduled: string | null;
	date_sent: string | null;
	date_updated?: string;
	error_message: string | null;
	attachments?: IDataObject[] | null;
	contact_id?: string | null;
	lead_id?: string | null;
	user_id?: string | null;
	activity_at?: string | null;
}

/** Every field that Close documents for an SMS activity, and `attachments`, which only its responses show. */
export const SMS_FIELDS = [
	'_type',
	'activity_at',
	'agent_action_reason',
	'agent_config_id',
	'attachments',
	'caller_id_mode',
	'caller_id_reason',
	'contact_id',
	'cost',
	'created_by',
	'created_by_name',
	'date_created',
	'date_scheduled',
	'date_sent',
	'date_updated',
	'direction',
	'error_message',
	'id',
	'lead_id',
	'local_country_iso',
	'local_phone',
	'local_phone_formatted',
	'organization_id',
	'remote_country_iso',
	'remote_phone',
	'remote_phone_formatted',
	'sequence_id',
	'sequence_name',
	'sequence_subscription_id',
	'source',
	'status',
	'template_id',
	'text',
	'updated_by',
	'updated_by_name',
	'user_id',
	'user_name',
	'users',
];
