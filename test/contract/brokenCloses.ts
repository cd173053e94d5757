import type { JsonObject } from '../../dev/contract/jsonObject';
import type { RunOptions } from '../../dev/contract/runContract';
import { sendToStorage } from '../../dev/contract/storage';
import { at } from './otherCloses';
import type { Perturbation, ProxiedRequest, ProxiedResponse } from './perturbingProxy';

/** How Close is broken: between the check and Close, at its storage, or in what it delivers. */
export interface Broken {
	perturbation?: Perturbation;
	store?: RunOptions['store'];
	event?: (event: JsonObject) => JsonObject;
	/** a signature with another key */
	isSignedWrongly?: boolean;
}

type Fits = (request: ProxiedRequest) => boolean;

const SMS = /^\/activity\/sms\/\w+\/$/;
const getSms = at('GET', SMS);
const putSms = at('PUT', SMS);
const postSms = at('POST', /^\/activity\/sms\/$/);
const listSms = at('GET', /^\/activity\/sms\/$/);
const deleteSms = at('DELETE', SMS);
const search = at('POST', /^\/data\/search\/$/);
const getContact = at('GET', /^\/contact\/\w+\/$/);
const postTemplate = at('POST', /^\/sms_template\/$/);
const putTemplate = at('PUT', /^\/sms_template\/\w+\/$/);
const getTemplate = at('GET', /^\/sms_template\/\w+\/$/);
const postWebhook = at('POST', /^\/webhook\/$/);
const getWebhook = at('GET', /^\/webhook\/\w+\/$/);
const listEvents = at('GET', /^\/event\/$/);
const upload = at('POST', /^\/files\/upload\/$/);

const to =
	(status: unknown, fits: Fits = putSms): Fits =>
	(request) =>
		fits(request) && request.body?.status === status;
const having =
	(field: string, fits: Fits = putSms): Fits =>
	(request) =>
		fits(request) && request.body !== undefined && field in request.body;

const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const response = (
	fits: Fits,
	alter: (response: ProxiedResponse, request: ProxiedRequest) => Partial<ProxiedResponse>,
): Broken => ({
	perturbation: async (request, forward) => {
		const answer = await forward();
		return fits(request) ? { ...answer, ...alter(answer, request) } : answer;
	},
});

/** Alters the body of good answers. */
const shows = (fits: Fits, alter: (body: JsonObject) => object): Broken =>
	response(fits, ({ status, body }) => ({
		body: status < 300 && isObject(body) ? { ...body, ...alter(body) } : body,
	}));

/** Leaves fields out of good answers. */
const lacks = (fits: Fits, ...names: string[]): Broken =>
	shows(fits, () => Object.fromEntries(names.map((name) => [name, undefined])));

/** Alters each entry of a list. */
const lists = (fits: Fits, alter: (entry: JsonObject) => object): Broken =>
	shows(fits, ({ data }) => ({
		data: Array.isArray(data)
			? (data as JsonObject[]).map((entry) => ({ ...entry, ...alter(entry) }))
			: data,
	}));

/** Another status in place of one. */
const answers = (fits: Fits, status: number, inPlaceOf?: number): Broken =>
	response(fits, (answer) => ({
		status: inPlaceOf === undefined || answer.status === inPlaceOf ? status : answer.status,
	}));

/** Errors have their words elsewhere. */
const words = (body: unknown): Broken =>
	response(
		() => true,
		(answer) => ({ body: answer.status >= 400 ? body : answer.body }),
	);

/** Close makes another request of it. */
const reads = (
	fits: Fits,
	alter: (request: ProxiedRequest) => Partial<ProxiedRequest>,
): Broken => ({
	perturbation: async (request, forward) =>
		await forward(fits(request) ? alter(request) : undefined),
});

/** Close takes no notice of fields of a body. */
const drops = (fits: Fits, ...names: string[]): Broken =>
	reads(fits, ({ body }) => ({
		body: Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => !names.includes(name))),
	}));

/** Close takes no notice of parameters of a query. */
const ignores = (...names: string[]): Broken =>
	reads(
		() => true,
		({ query }) => {
			const parameters = new URLSearchParams(query);
			names.forEach((name) => parameters.delete(name));
			return { query: parameters.toString() };
		},
	);

const dropsNulls = (fits: Fits): Broken =>
	reads(fits, ({ body }) => ({
		body: Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== null)),
	}));

const otherHeaders = (fits: Fits, change: (headers: Record<string, string>) => object): Broken =>
	response(fits, ({ headers }) => ({
		headers: Object.fromEntries(
			Object.entries({ ...headers, ...change(headers) }).filter(([, value]) => value !== undefined),
		) as Record<string, string>,
	}));

const shifted = (date: unknown, ms: number) =>
	date ? new Date(Date.parse(String(date)) + ms).toISOString() : date;
const HOUR = 3_600_000;

const isAuthorizedBy = (scheme: string, key: string) => (request: ProxiedRequest) =>
	request.headers.authorization?.startsWith(scheme) &&
	Buffer.from(request.headers.authorization.split(' ')[1] ?? '', 'base64')
		.toString()
		.includes(key);

const anything: Fits = () => true;
const ZEROS = '0'.repeat(22);
const badRequest = { error: 'Bad request' };

/** By the name of the expectation: a Close that does not do it. */
export const BROKEN_CLOSES: Record<string, Broken> = {
	'made-by-the-user-of-the-key': shows(postSms, ({ user_id: owner, created_by: maker }) => ({
		created_by: owner ?? maker,
	})),
	'draft-keeps-its-date': shows(getSms, ({ date_updated: date }) => ({
		date_updated: shifted(date, 200),
	})),
	'key-as-basic-user': answers((request) => request.query === '_fields=id', 400),
	'me-picks-fields': ignores('_fields'),
	'wrong-key-is-401': answers((request) => isAuthorizedBy('Basic', ZEROS)(request) ?? false, 403),
	'unknown-token-is-401': answers(
		({ headers }) => headers.authorization?.includes(`Bearer api_${ZEROS}`) ?? false,
		403,
	),
	'access-token-is-a-bearer': answers(
		({ headers }) => headers.authorization?.startsWith('Bearer ') ?? false,
		401,
		200,
	),

	'unknown-id-is-404': answers(getSms, 400, 404),
	'errors-can-be-read': words({}),
	'bad-number-names-the-field': words(badRequest),
	'bad-date-names-the-field': words(badRequest),
	'bad-lead-names-the-field': words(badRequest),
	'status-is-required': words(badRequest),

	'create-answers-200-with-the-sms': answers(postSms, 201, 200),
	'direction-is-kept': drops(postSms, 'direction'),
	'sms-has-the-documented-fields': lacks(getSms, 'cost'),
	'sms-has-no-other-fields': shows(getSms, () => ({ conversation_id: null })),
	'put-changes-only-what-it-names': shows(putSms, () => ({ contact_id: null })),
	'response-is-what-is-stored': shows(putSms, () => ({ cost: '7' })),
	'text-is-kept': reads(postSms, ({ body }) => ({
		body: { ...body, text: String(body?.text).replace(/[^ -~\n]/g, '?') },
	})),
	'long-text-is-kept': reads(postSms, ({ body }) => ({
		body: { ...body, text: String(body?.text).slice(0, 900) },
	})),
	'long-text-is-refused': reads(postSms, ({ body }) => ({
		body: { ...body, text: String(body?.text).slice(0, 1000) },
	})),
	'numbers-are-kept': shows(postSms, () => ({ remote_phone: '+12025550198' })),
	'null-clears': dropsNulls(putSms),
	'unknown-key-is-refused': drops(putSms, 'unknown_key'),
	'user-is-taken': drops(postSms, 'user_id'),
	'lead-follows-contact': shows(postSms, () => ({ lead_id: null })),
	'received-text-is-logged': shows(postSms, () => ({ direction: 'outbound' })),
	'sent-text-is-logged': shows(postSms, () => ({ source: 'Close.io' })),
	'caller-id-mode-is-known': shows(postSms, () => ({ caller_id_mode: 'random' })),

	'put-schedules-a-draft': shows(putSms, () => ({ date_scheduled: null })),
	'post-schedules': shows(postSms, () => ({ date_scheduled: null })),
	'text-and-schedule-in-one': drops(having('date_scheduled'), 'text'),
	'scheduled-goes-back-to-draft': shows(to('draft'), () => ({ status: 'scheduled' })),
	'canceled-has-no-date': shows(to('draft'), () => ({ date_scheduled: '2027-10-01T09:30:00Z' })),
	'schedule-moves-in-two-steps': shows(having('date_scheduled'), () => ({
		date_scheduled: '2027-10-01T09:30:00Z',
	})),
	'edit-of-scheduled-is-refused': answers(putSms, 200, 400),
	'edit-refusal-names-drafts': words(badRequest),
	'move-in-one-step-is-refused': answers(putSms, 200, 400),
	'refusal-changes-nothing': shows(getSms, () => ({ status: 'draft' })),
	'schedule-needs-a-sender': answers(putSms, 200, 400),
	'schedule-needs-a-text': answers(putSms, 200, 400),
	'foreign-sender-is-refused': answers(putSms, 200, 400),
	'deleted-is-gone': answers(getSms, 200, 404),
	'deleted-twice-is-404': answers(deleteSms, 200, 404),
	'edit-of-deleted-is-404': answers(putSms, 200, 404),
	'scheduled-can-be-deleted': answers(getSms, 200, 404),

	'offset-is-understood': shows(having('date_scheduled'), ({ date_scheduled: date }) => ({
		date_scheduled: shifted(date, 2 * HOUR),
	})),
	'milliseconds-are-taken': {
		perturbation: async (request, forward) =>
			/\.\d{3}Z$/.test(String(request.body?.date_scheduled))
				? { status: 400, headers: {}, body: badRequest }
				: await forward(),
	},
	'dates-have-an-offset': shows(putSms, ({ date_scheduled: date }) => ({
		date_scheduled: String(date).replace(/(Z|\+00:00)$/, ''),
	})),
	'seconds-are-kept': shows(having('date_scheduled'), ({ date_scheduled: date }) => ({
		date_scheduled: String(date).replace(/:\d\d(\.\d+)?(?=Z|\+)/, ':00'),
	})),
	'answers-have-a-date': otherHeaders(putSms, () => ({ date: undefined })),
	'update-moves-date-updated': shows(putSms, ({ date_created: date }) => ({ date_updated: date })),

	'list-has-data-and-has-more': lacks(listSms, 'has_more'),
	'list-is-newest-first': shows(listSms, ({ data }) => ({ data: (data as object[]).reverse() })),
	'list-shows-new-texts-at-once': shows(listSms, () => ({ data: [] })),
	'limit-and-skip-page': shows(listSms, () => ({ has_more: true })),
	'limit-100-is-taken': reads(listSms, ({ query }) => ({
		query: query.replace('_limit=100', '_limit=2'),
	})),
	'limit-101-is-refused': answers(listSms, 200, 400),
	'deep-skip-is-refused': answers(listSms, 200, 400),
	'created-before-filters': ignores('date_created__lt'),
	'created-after-filters': ignores('date_created__gte'),
	'created-before-and-skip-combine': ignores('date_created__lt'),
	'activity-at-filters': ignores('activity_at__gte'),
	'activity-at-filters-without-lead': ignores('activity_at__gte'),
	'activity-at-before-filters': ignores('activity_at__lt'),
	'ids-filter': ignores('id__in'),
	'path-needs-its-last-slash': answers(at('GET', /^\/activity\/sms$/), 200),
	'contact-filters-without-lead': ignores('contact_id'),
	'user-filters-without-lead': ignores('user_id'),
	'fields-are-picked-in-lists': ignores('_fields'),
	'fields-are-picked-of-one': ignores('_fields'),
	'unknown-query-is-ignored': shows(
		({ query }) => query.includes('unknown_parameter'),
		() => ({ data: [] }),
	),

	'template-is-made-with-201': answers(postTemplate, 200, 201),
	'template-is-rendered-on-create': shows(postSms, () => ({ text: '{{ contact.first_name }}' })),
	'template-is-rendered-on-update': shows(putSms, () => ({ text: '{{ contact.first_name }}' })),
	'text-and-template-are-refused': answers(putSms, 200, 400),
	'template-can-be-changed': drops(putTemplate, 'status'),
	'template-shows-attachments': lacks(getTemplate, 'attachments'),
	'template-takes-attachments': drops(postTemplate, 'attachments'),
	'templates-are-listed': lacks(at('GET', /^\/sms_template\/$/), 'has_more'),
	'template-can-be-deleted': answers(getTemplate, 200, 404),
	'unknown-template-is-refused': answers(putSms, 200, 400),

	'upload-is-announced': lacks(upload, 'download'),
	'download-is-temporary': shows(upload, () => ({ download: { url: 'https://app.close.com/x/' } })),
	'storage-takes-the-file-with-201': {
		store: async (...parts) => ({ ...(await sendToStorage(...parts)), status: 200 }),
	},
	'uploaded-file-can-be-attached': lacks(putSms, 'attachments'),
	'draft-is-made-with-attachments': drops(postSms, 'attachments'),
	'read-shows-attachments': lacks(getSms, 'attachments'),
	'file-must-be-uploaded-first': answers(putSms, 200, 400),
	'foreign-address-is-refused': answers(putSms, 200, 400),
	'eleven-attachments-are-refused': answers(putSms, 200, 400),
	'null-removes-attachments': dropsNulls(putSms),
	'late-upload-is-expired': { store: async () => ({ status: 403, body: '<Message>No</Message>' }) },

	'lead-is-found': lists(search, () => ({ display_name: undefined })),
	'contact-is-found': lists(search, () => ({ phones: undefined })),
	'contact-is-found-by-number': lists(search, () => ({ timezone: undefined })),
	'number-search-finds-no-others': shows(search, ({ data }) => ({
		data: [...(data as object[]), { id: 'cont_other', phones: [{ phone: '+14155550199' }] }],
	})),
	'contact-is-found-by-the-beginning-of-a-number': shows(search, () => ({ data: [] })),
	'contacts-are-found-by-id': shows(search, ({ data }) => ({
		data: [...(data as object[]), { id: 'cont_other', display_name: 'Other' }],
	})),
	'contact-shows-time-zones': lacks(getContact, 'timezone_source'),
	'contact-says-who-is-blocked': shows(getContact, ({ phones }) => ({
		phones: (phones as object[]).map((phone) => ({ ...phone, outbound_sms_blocked: 'no' })),
	})),
	'contact-says-what-its-numbers-are': shows(getContact, ({ phones }) => ({
		phones: (phones as object[]).map((phone) => ({ ...phone, type: 'Mobile phone' })),
	})),
	'contact-without-numbers-says-so': lists(at('GET', /^\/contact\/$/), () => ({ phones: null })),
	'unknown-contact-is-404': answers(getContact, 400, 404),
	'ids-have-their-prefix': shows(postSms, ({ id }) => ({ id: `sms-${String(id)}` })),
	'address-has-time-zones': shows(at('GET', /^\/lead\/\w+\/$/), () => ({ addresses: [{}] })),
	'search-has-a-cursor': shows(search, () => ({ cursor: null })),
	'phone-numbers-are-listed': lists(at('GET', /^\/phone_number\/$/), () => ({
		mms_enabled: undefined,
	})),
	'users-are-listed': shows(at('GET', /^\/user\/$/), ({ data }) => ({
		data: (data as object[]).reverse(),
	})),
	'leads-are-listed': ignores('_fields'),
	'contacts-of-a-lead-are-listed': ignores('lead_id'),

	'subscription-is-made-with-its-key': lacks(postWebhook, 'signature_key'),
	'subscription-shows-its-key-later': lacks(getWebhook, 'signature_key'),
	'duplicate-is-refused-with-its-id': words(badRequest),
	'duplicate-is-told-under-error': words({ message: 'Duplicate' }),
	'filters-of-the-trigger-are-taken': shows(postWebhook, ({ events }) => ({
		events: (events as object[]).map((event) => ({ ...event, extra_filter: undefined })),
	})),
	'subscription-shows-its-events': shows(getWebhook, () => ({ events: [] })),
	'subscription-can-be-changed': shows(at('PUT', /^\/webhook\/\w+\/$/), () => ({
		status: 'paused',
	})),
	'paused-subscription-says-since-when': shows(getWebhook, () => ({ pause_reason: null })),
	'subscription-can-be-deleted': answers(getWebhook, 200, 404),
	'subscriptions-are-listed': shows(at('GET', /^\/webhook\/$/), () => ({ data: [] })),
	'event-names-the-app': lists(listEvents, () => ({ oauth_client_id: undefined })),
	'event-names-the-key': lists(listEvents, () => ({ api_key_id: 'api_other' })),
	'event-names-the-user-of-the-key': lists(listEvents, () => ({ user_id: null })),
	'edit-is-logged-with-its-key': lists(listEvents, ({ action }) =>
		action === 'updated' ? { api_key_id: null } : {},
	),
	'event-names-the-app-of-a-token': lists(listEvents, () => ({ oauth_client_id: null })),
	'events-are-listed': lists(listEvents, () => ({ data: null })),
	'event-log-has-what-is-delivered': lists(listEvents, () => ({ id: 'ev_other' })),
	'event-log-has-cursors': shows(listEvents, () => ({ cursor_next: null })),
	'event-filters-are-limited': answers(listEvents, 200, 400),
	'delivery-is-signed': { isSignedWrongly: true },
	'event-has-the-sms': { event: (event) => ({ ...event, api_key_id: undefined }) },
	'update-names-what-changed': { event: (event) => ({ ...event, changed_fields: [] }) },
	'deletion-has-no-data': { event: (event) => ({ ...event, data: event.previous_data }) },

	'answers-tell-the-limit': otherHeaders(listSms, () => ({ ratelimit: undefined })),
	'reset-is-whole-seconds': otherHeaders(listSms, () => ({
		ratelimit: 'limit=160; remaining=159; reset=7.123456',
	})),
	'remaining-falls': otherHeaders(listSms, () => ({
		ratelimit: 'limit=160; remaining=159; reset=8',
	})),
	'search-has-a-limit-of-its-own': otherHeaders(anything, () => ({
		ratelimit: 'limit=160; remaining=159; reset=8',
	})),
	'refusal-names-the-wait': otherHeaders(anything, () => ({
		ratelimit: undefined,
		'retry-after': undefined,
	})),

	'outbox-sends': shows(to('outbox'), () => ({ text: 'Another text' })),
	'sent-has-its-time': shows(getSms, ({ date_sent: date }) => ({ date_sent: shifted(date, HOUR) })),
	'sent-from-the-given-number': shows(getSms, () => ({ local_phone: '+12025550198' })),
	'sent-is-locked': answers(having('text'), 200, 400),
	'sent-is-not-canceled': answers(to('draft'), 200, 400),
	'scheduled-goes-out-in-time': shows(getSms, ({ date_sent: date }) => ({
		date_sent: shifted(date, HOUR),
	})),
	'sent-is-not-sent-again': answers(to('outbox'), 200, 400),
	'past-schedule-is-refused': answers(to('scheduled'), 200, 400),
	'mms-goes-out': lacks(getSms, 'attachments'),
	'outbox-goes-back-to-draft': shows(getSms, () => ({ status: 'sent' })),
	'log-names-who-let-it-go': lists(listEvents, () => ({ api_key_id: null })),
	'failure-has-number-and-time': lists(listSms, () => ({ date_updated: null })),
	'failure-names-the-number': lists(listSms, ({ error_message: message }) => ({
		error_message: message ? 'It failed' : message,
	})),
};
