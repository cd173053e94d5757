/** Request bodies of `/activity/sms/`. Strict: Close's own schemas say `additionalProperties: false`. */

/** The 40 content types that Close names for an attachment of a text. */
const CONTENT_TYPES = Object.entries({
	application: ['pdf', 'vcard'],
	audio: [
		'3gpp',
		'3gpp2',
		'L24',
		'ac3',
		'amr',
		'amr-nb',
		'basic',
		'mp4',
		'mpeg',
		'ogg',
		'vnd.rn-realaudio',
		'vnd.wave',
		'webm',
	],
	image: ['bmp', 'gif', 'jpeg', 'jpg', 'png', 'tiff'],
	text: ['calendar', 'csv', 'directory', 'richtext', 'rtf', 'vcard', 'x-vcard'],
	video: [
		'3gpp',
		'3gpp-tt',
		'3gpp2',
		'H261',
		'H263',
		'H263-1998',
		'H263-2000',
		'H264',
		'mp4',
		'mpeg',
		'quicktime',
		'webm',
	],
}).flatMap(([kind, subtypes]) => subtypes.map((subtype) => `${kind}/${subtype}`));

const text = { type: ['string', 'null'] };
const time = { type: ['string', 'null'], format: 'close-time' };
const phone = { type: ['string', 'null'], format: 'e164' };

const attachments = {
	type: ['array', 'null'],
	maxItems: 10,
	items: {
		type: 'object',
		additionalProperties: false,
		required: ['url', 'filename', 'content_type'],
		properties: {
			url: { type: 'string', minLength: 1 },
			filename: { type: 'string', minLength: 1 },
			content_type: { enum: CONTENT_TYPES },
		},
	},
};

const changeable = {
	activity_at: time,
	attachments,
	contact_id: text,
	date_scheduled: time,
	lead_id: text,
	local_phone: phone,
	remote_phone: phone,
	status: { enum: ['inbox', 'draft', 'scheduled', 'outbox', 'sent', 'error'] },
	template_id: text,
	text,
	user_id: text,
};

export const updateSmsBody = {
	type: 'object',
	additionalProperties: false,
	properties: changeable,
};

export const createSmsBody = {
	type: 'object',
	additionalProperties: false,
	required: ['status'],
	properties: {
		...changeable,
		date_created: time,
		direction: { enum: ['inbound', 'outbound', null] },
		organization_id: text,
		send_in: { type: 'integer', minimum: 0, exclusiveMaximum: 60 },
		source: { enum: ['Close.io', 'External', null] },
	},
};
