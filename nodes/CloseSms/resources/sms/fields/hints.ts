import type { NodeHint } from 'n8n-workflow';

/** An expression for whether a file is to be uploaded; `collection` is the parameter that holds 'Attachments'. */
const uploadsFiles = (collection: string) =>
	`($parameter["${collection}"]?.attachments?.attachment ?? []).some((one) => one.source !== "url")`;

/** An expression for whether a date lies beyond the life of an uploaded file (Close: "Files"). */
const isBeyondFileTtl = (date: string) => `DateTime.fromISO(${date}) > $now.plus({ hours: 24 })`;

const fileExpiryHint = (...conditions: string[]): NodeHint => ({
	message:
		'This text is scheduled for later than 24 hours from now, and Close keeps an uploaded file for 24 hours: its attachments may be gone by then. Schedule it sooner, or attach files by a URL that lasts.',
	type: 'warning',
	displayCondition: `={{ $parameter["resource"] === "sms" && ${conditions.join(' && ')} }}`,
});

/** What the editor shows beside the node. A declarative node cannot give hints while it runs. */
export const smsHints: NodeHint[] = [
	fileExpiryHint(
		'$parameter["operation"] === "send"',
		'$parameter["when"] === "at"',
		uploadsFiles('additionalFields'),
		isBeyondFileTtl('$parameter["sendAt"]'),
	),
	fileExpiryHint(
		'$parameter["operation"] === "update"',
		'$parameter["updateFields"]?.status === "scheduled"',
		uploadsFiles('updateFields'),
		isBeyondFileTtl('$parameter["updateFields"]?.dateScheduled'),
	),
	{
		message: "'Dry Run' is on: the node returns its requests and sends nothing.",
		type: 'info',
		displayCondition: '={{ $parameter["options"]?.dryRun === true }}',
	},
];
