import type { IDataObject } from 'n8n-workflow';

/** In which order a person reads an SMS: what, whom, when, which. The rest follows as Close has it. */
export const READING_ORDER = [
	'_note',
	'direction',
	'status',
	'text',
	'segments',
	'error_message',
	'error_code',
	'error_reason',
	'error_next_step',
	'remote_phone',
	'local_phone',
	'user_name',
	'date_sent',
	'date_scheduled',
	'localTime',
	'activity_at',
	'id',
	'lead_id',
	'contact_id',
];

/** The same fields, in the order in which a person reads them: the editor shows the first few without scrolling. */
export const inReadingOrder = (json: IDataObject): IDataObject => {
	const first = READING_ORDER.filter((field) => field in json);
	return { ...Object.fromEntries(first.map((field) => [field, json[field]])), ...json };
};
