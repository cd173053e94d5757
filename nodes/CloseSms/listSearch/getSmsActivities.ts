import {
	tryToParseDateTime,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';
import type { SmsActivity, SmsStatus } from '../../shared/closeTypes';
import { listPage } from './listPage';
import { excerpt } from './excerpt';

const FIELDS = 'id,status,text,remote_phone,date_scheduled';

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

/** E.g. "Scheduled for 2026-12-01 09:00 to +14155550123: Hi Ann, …", the time in the zone of the workflow. */
function toName(
	{ status, text, remote_phone: to, date_scheduled: date }: SmsActivity,
	zone: string,
) {
	const when = status === 'scheduled' && date ? ` for ${formatTime(date, zone)}` : '';
	const label = `${status.charAt(0).toUpperCase()}${status.slice(1)}`;
	return `${STATUS_PREFIX[status] ?? `${label}${when} to`} ${to ?? '(no number)'}: ${excerpt(text)}`;
}

/** The picker of SMS activities, newest first; on each page those that can still be changed are on top. */
export async function getSmsActivities(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const zone = this.getTimezone();
	const list = {
		url: '/activity/sms/',
		qs: { _fields: FIELDS },
		toItem: (activity: SmsActivity) => ({
			name: toName(activity, zone),
			value: activity.id,
			rank: RANK[activity.status],
		}),
	};
	return await listPage(this, list, filter, paginationToken);
}
