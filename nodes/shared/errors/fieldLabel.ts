import type { INode } from 'n8n-workflow';

/** What Send calls the fields of an SMS; so do the operations on an existing one, which have no such fields. */
const OF_SEND = { local_phone: 'From', remote_phone: 'To', text: 'Message' };

/** The labels of the operations that call a field of Close by the word of its user interface. */
const LABELS: Record<string, Record<string, string>> = {
	send: { ...OF_SEND, date_scheduled: 'Send At' },
	sendDraft: OF_SEND,
	schedule: { ...OF_SEND, date_scheduled: 'Send At' },
	cancel: OF_SEND,
};

/**
 * The label in n8n of a field of Close: `lead_id` is "Lead", and `remote_phone` is "Remote Phone", or "To" for Send.
 * Every property that sends a field is named by this rule, so that an error can point to it.
 *
 * @param node whose operation decides
 */
export const fieldLabel = (field: string, node?: Pick<INode, 'parameters'>): string =>
	LABELS[String(node?.parameters.operation)]?.[field] ??
	field
		.replace(/^_|_id$/g, '')
		.split('_')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ')
		.replace(/\bUrl\b/, 'URL');
