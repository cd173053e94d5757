import {
	tryToParseDateTime,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';
import type { SmsActivity, SmsStatus } from '../../shared/closeTypes';
import { excerpt, toWords } from './excerpt';
import { listPage } from './listPage';
import { readNames } from './readNames';

const FIELDS = 'id,status,text,remote_phone,date_scheduled,contact_id';

/** Texts that can still be changed, in the order in which they are listed; all others come after them. */
const RANK: Partial<Record<SmsStatus, number>> = { draft: -3, scheduled: -2, outbox: -1 };

/** What stands before the other person's number; by default the status and "to". */
const STATUS_PREFIX: Record<string, string> = { inbox: 'Received from', error: 'Failed to' };

/** On the clocks of `zone`; what cannot be read, as it is. */
function formatTime(date: string, zone: string): string {
	try {
		return tryToParseDateTime(date).setZone(zone).toFormat('yyyy-MM-dd HH:mm');
	} catch {
		return date;
	}
}

/** E.g. "Scheduled for 2026-12-01 09:00 to Ann Lee (+14155550123): Hi Ann, …", the time in the zone of the workflow. */
function toName(
	{ status, text, remote_phone: to, date_scheduled: date }: SmsActivity,
	zone: string,
	person: string | undefined,
) {
	const number = toWords(to) || '(no number)';
	const when =
		status === 'scheduled' && toWords(date) ? ` for ${formatTime(toWords(date), zone)}` : '';
	const word = toWords(status) || '(no status)';
	const label = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
	return `${STATUS_PREFIX[status] ?? `${label}${when} to`} ${person ? `${person} (${number})` : number}: ${excerpt(text)}`;
}

/** The picker of SMS activities, newest first; on each page those that can still be changed are on top. */
export async function getSmsActivities(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const zone = this.getTimezone();
	let names = new Map<string, string>();
	const list = {
		url: '/activity/sms/',
		qs: { _fields: FIELDS },
		prepare: async (activities: SmsActivity[]) => {
			names = await readNames(
				this,
				'contact',
				activities.map(({ contact_id: id }) => id),
			);
		},
		toItem: (activity: SmsActivity) => ({
			name: toName(activity, zone, names.get(String(activity.contact_id))),
			value: activity.id,
			rank: RANK[activity.status],
		}),
	};
	return await listPage(this, list, filter, paginationToken);
}
