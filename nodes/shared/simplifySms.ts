import type { IDataObject } from 'n8n-workflow';

/** What "Simplified" keeps, most useful first. */
export const SIMPLIFIED_FIELDS = [
	'id',
	'status',
	'text',
	'remote_phone',
	'local_phone',
	'lead_id',
	'contact_id',
	'date_scheduled',
	'date_sent',
	'error_message',
];

/** An activity with only these of its fields. */
export const pickFields = (activity: IDataObject, fields: string[]): IDataObject =>
	Object.fromEntries(
		fields.filter((field) => field in activity).map((field) => [field, activity[field]]),
	);

/** The ten most useful fields of an activity. */
export const simplifySms = (activity: IDataObject): IDataObject =>
	pickFields(activity, SIMPLIFIED_FIELDS);
