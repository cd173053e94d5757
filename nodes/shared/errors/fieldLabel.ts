import type { INode } from 'n8n-workflow';

/** The labels of the operations that call a field of Close by the word of its user interface. */
const LABELS: Record<string, Record<string, string>> = {
	send: { date_scheduled: 'Send At', local_phone: 'From', remote_phone: 'To', text: 'Message' },
	schedule: { date_scheduled: 'Send At' },
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
