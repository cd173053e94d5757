import type {
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';
import { parseFlag } from '../../shared/fieldValues';
import type { SmsActivity } from '../../shared/closeTypes';
import { explainFailure } from '../../shared/carrierErrors';
import { inReadingOrder } from './readingOrder';
import { countSegments } from './segments';
import { inZone } from '../../shared/time';

/** The fields of Close that the information is derived from. */
export const MESSAGE_INFO_FIELDS = ['text', 'date_scheduled', 'attachments', 'error_message'];

/** A `postReceive` that adds `segments`, `localTime` and why a text failed when 'Add Message Info' is on. */
export async function addMessageInfo(
	this: IExecuteSingleFunctions,
	items: INodeExecutionData[],
	{ body }: Pick<IN8nHttpFullResponse, 'body'>,
): Promise<INodeExecutionData[]> {
	if (!parseFlag(this.getNodeParameter('options.addMessageInfo', false))) return items;
	const {
		text,
		date_scheduled: date,
		attachments,
		error_message: failure,
	} = (body ?? {}) as Partial<SmsActivity>;
	const info = {
		// An MMS is not cut into segments.
		segments: attachments?.length ? null : { ...countSegments(text ?? '') },
		localTime: inZone(date, this.getTimezone()) ?? null,
		...explainFailure(failure),
	};
	const isRaw = this.getNodeParameter('output', 'raw') === 'raw';
	return items.map((item) => {
		const json = { ...item.json, ...info };
		return { ...item, json: isRaw ? inReadingOrder(json) : json };
	});
}
