import type { IDataObject } from 'n8n-workflow';
import { explainFailure } from './carrierErrors';

/** What "Simplified" keeps, in the order in which a person reads: what, whom, when, which. */
const SIMPLIFIED_FIELDS = [
	'direction',
	'status',
	'text',
	'remote_phone',
	'local_phone',
	'time',
	'id',
	'lead_id',
	'contact_id',
	'error_message',
];

/** An activity with only these of its fields. */
export const pickFields = (activity: IDataObject, fields: string[]): IDataObject =>
	Object.fromEntries(
		fields.filter((field) => field in activity).map((field) => [field, activity[field]]),
	);

/** When an SMS was sent or received, or will be sent; of a draft when it was written. */
const getOneTime = ({ status, ...activity }: IDataObject) =>
	(status === 'scheduled' ? activity.date_scheduled : activity.date_sent) ??
	activity.activity_at ??
	activity.date_created ??
	null;

/** The ten most useful fields of an activity, with one time; of one that failed also what its `error_message` means. */
export const simplifySms = (activity: IDataObject): IDataObject => ({
	...pickFields({ ...activity, time: getOneTime(activity) }, SIMPLIFIED_FIELDS),
	...explainFailure(activity.error_message),
});
