import {
	tryToParseDateTime,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
} from 'n8n-workflow';
import type { SmsActivity } from '../../shared/closeTypes';
import { listPage } from './listPage';
import { excerpt } from './excerpt';

const FIELDS = 'id,status,text,remote_phone,date_scheduled';

/** How the names of texts begin that can still be changed, in the order in which they are listed. */
const EDITABLE_STATUSES = ['Draft', 'Scheduled', 'Outbox'];

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

const sortRank = (name: string) => {
	const rank = EDITABLE_STATUSES.findIndex((label) => name.startsWith(label));
	return rank < 0 ? EDITABLE_STATUSES.length : rank;
};

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
		toItem: (activity: SmsActivity) => ({ name: toName(activity, zone), value: activity.id }),
	};
	const { results, ...more } = await listPage(this, list, filter, paginationToken);
	return { ...more, results: results.sort((a, b) => sortRank(a.name) - sortRank(b.name)) };
}
