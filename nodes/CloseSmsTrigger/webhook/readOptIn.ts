import type { IDataObject, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { closeApiRequest } from '../../shared/closeApiRequest';
import { MAX_PAGE_SIZE } from '../../shared/closeTypes';
import { isNewestFirst } from '../../shared/isNewestFirst';
import { followsOptOut } from '../keywords';
import type { CloseEvent } from '../closeEvent';

const FIELDS = [
	'activity_at',
	'date_created',
	'date_sent',
	'direction',
	'id',
	'local_phone',
	'remote_phone',
	'status',
	'text',
];

/**
 * Reads the latest hundred texts of the lead, or else the contact, to find out whether a "yes" opts in.
 *
 * @returns false in doubt; undefined when Close could not be asked for now
 */
export async function readOptIn(
	context: IWebhookFunctions | ITriggerFunctions,
	{ data }: CloseEvent,
): Promise<boolean | undefined> {
	const answer = data ?? {};
	const { lead_id, contact_id } = answer;
	const person = lead_id ? { lead_id } : contact_id ? { contact_id } : undefined;
	if (!person) return false;
	const { body, failure } = await closeApiRequest<{ data?: IDataObject[]; has_more?: boolean }>(
		context,
		{
			url: '/activity/sms/',
			qs: { ...person, _limit: MAX_PAGE_SIZE, _fields: FIELDS.join(',') },
		},
	);
	if (failure) {
		context.logger.warn(`Whether "yes" opts in could not be read: ${failure.reason}`);
		return failure.kind === 'rejected' ? false : undefined;
	}
	const { data: texts = [], has_more: hasMore = false } = body;
	// What has another order, and more than this page, may lack the latest.
	const isComplete = !hasMore || isNewestFirst(texts);
	return isComplete && followsOptOut(answer, texts);
}
