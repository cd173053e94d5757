import type { IDataObject } from 'n8n-workflow';
import { explainFailure } from './carrierErrors';

/** What "Simplified" keeps, most useful first. */
const SIMPLIFIED_FIELDS = [
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

/** The ten most useful fields of an activity; of one that failed also what its `error_message` means. */
export const simplifySms = (activity: IDataObject): IDataObject => ({
	...pickFields(activity, SIMPLIFIED_FIELDS),
	...explainFailure(activity.error_message),
});
