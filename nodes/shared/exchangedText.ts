import type { IDataObject } from 'n8n-workflow';

/** When a text passed between the two numbers, in milliseconds since 1970: one that was scheduled is created long before. */
export const getTime = ({
	date_sent: sent,
	activity_at: activityAt,
	date_created: created,
}: IDataObject): number => Date.parse(String(sent ?? activityAt ?? created));

/**
 * Whether the two have seen this text, or are about to. What is in the outbox counts: it may have gone, and whoever has
 * just answered must not take it for unanswered. Drafts, scheduled and failed texts have reached nobody.
 */
export const isExchanged = ({ direction, status }: IDataObject): boolean =>
	direction === 'inbound' || status === 'sent' || status === 'outbox';
