import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { SmsActivity } from '../../shared/closeTypes';
import { closeRequest } from './closeRequest';

const PAGE = 100;
const FIELDS = 'id,status,text,remote_phone,date_scheduled';
const START_OF_TEXT = 40;

/** What can still be changed comes first. */
const RANK: Record<string, number> = { draft: 0, scheduled: 1, outbox: 2 };
const rankOf = ({ status }: SmsActivity) => RANK[status] ?? 3;

const nameOf = ({ status, text, remote_phone: to }: SmsActivity) => {
	const start = (text ?? '').replace(/\s+/g, ' ').slice(0, START_OF_TEXT);
	return `${status.charAt(0).toUpperCase()}${status.slice(1)} to ${to ?? '(no number)'}: ${start || '(no text)'}`;
};

/** The picker of SMS activities: a page of Close's list, newest first, drafts and scheduled texts on top. */
export async function getSmsActivities(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken = '0',
): Promise<INodeListSearchResult> {
	const skip = Number(paginationToken);
	const { data, has_more: hasMore } = await closeRequest<{
		data: SmsActivity[];
		has_more: boolean;
	}>(this, '/activity/sms/', { _limit: PAGE, _skip: skip, _fields: FIELDS });
	const words = filter.toLowerCase();
	return {
		results: data
			.map((activity) => ({ name: nameOf(activity), value: activity.id, rank: rankOf(activity) }))
			.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(words))
			.sort((one, other) => one.rank - other.rank)
			.map(({ name, value }) => ({ name, value })),
		paginationToken: hasMore ? String(skip + data.length) : undefined,
	};
}
