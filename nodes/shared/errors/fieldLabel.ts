/**
 * The label in n8n of a field of Close: `remote_phone` is "Remote Phone", `lead_id` is "Lead".
 * Every property that sends a field is named by this rule, so that an error can point to it.
 */
export const fieldLabel = (field: string): string =>
	field
		.replace(/^_|_id$/g, '')
		.split('_')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ')
		.replace(/\bUrl\b/, 'URL');
