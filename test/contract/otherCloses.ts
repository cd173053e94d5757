import type { JsonObject } from '../../dev/contract/jsonObject';
import type { Perturbation, ProxiedRequest, ProxiedResponse } from './perturbingProxy';

/** Closes that differ from the simulator, each made anew for a run. */

type Answered = (response: ProxiedResponse, request: ProxiedRequest) => ProxiedResponse;

const json = (status: number, body: unknown): ProxiedResponse => ({
	status,
	headers: { 'content-type': 'application/json' },
	body,
});

const isWrite = ({ method }: ProxiedRequest) => method === 'POST' || method === 'PUT';

const isSms = ({ path }: ProxiedRequest) => path.startsWith('/activity/sms/');

/** Whether the request makes Close text somebody now or at a time that is near. */
export function canText(request: ProxiedRequest): boolean {
	if (!isSms(request) || !isWrite(request)) return false;
	const { status, date_scheduled: date } = request.body ?? {};
	const isNear = Date.parse(String(date)) - Date.now() < 180 * 24 * 3_600_000;
	return status === 'outbox' || (status === 'scheduled' && isNear);
}

/** Alters each response. */
const answered =
	(alter: Answered): Perturbation =>
	async (request, forward) =>
		alter(await forward(), request);

/** Answers what fits with this status; carried out first, or not at all. */
const refused =
	(
		fits: (request: ProxiedRequest) => boolean,
		status: number,
		{
			after = false,
			times = Infinity,
			body = { error: 'The server is not available.' } as unknown,
		} = {},
	): Perturbation =>
	async (request, forward) => {
		if (times <= 0 || !fits(request)) return await forward();
		times--;
		if (after) await forward();
		return json(status, body);
	};

export const at =
	(method: string, path: RegExp) =>
	(request: ProxiedRequest): boolean =>
		request.method === method && path.test(request.path);

const naive = (value: unknown): unknown => {
	if (typeof value === 'string')
		return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(value)
			? value.replace(/(Z|\+00:00)$/, '')
			: value;
	if (Array.isArray(value)) return value.map(naive);
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, naive(entry)]));
	return value;
};

const withBody = (response: ProxiedResponse, change: (body: JsonObject) => unknown) => ({
	...response,
	body:
		typeof response.body === 'object' && response.body !== null
			? change(response.body as JsonObject)
			: response.body,
});

/** By name: how to make it. */
export const OTHER_CLOSES: Record<string, () => Perturbation> = {
	'201 in place of 200': () =>
		answered((response, request) => ({
			...response,
			status: isWrite(request) && response.status === 200 ? 201 : response.status,
		})),
	'402 for every text': () =>
		refused(({ method, path }) => method !== 'GET' && path.startsWith('/activity/sms/'), 402, {
			body: { error: 'Your plan does not include SMS.' },
		}),
	'403 for leads': () => refused(at('POST', /^\/lead\/$/), 403),
	'403 for webhooks': () => refused(({ path }) => path.startsWith('/webhook/'), 403),
	'403 for templates': () => refused(({ path }) => path.startsWith('/sms_template/'), 403),
	'403 for numbers': () => refused(({ path }) => path.startsWith('/phone_number/'), 403),
	'40 webhooks': () =>
		refused(at('POST', /^\/webhook\/$/), 400, {
			body: { errors: ['Maximum number of active subscriptions reached.'], 'field-errors': {} },
		}),
	'naive dates': () => answered((response) => ({ ...response, body: naive(response.body) })),
	'two organizations': () =>
		answered((response, { path }) =>
			path === '/me/'
				? withBody(response, (body) => ({
						...body,
						...(Array.isArray(body.organizations) && {
							organizations: [
								{ id: 'orga_other00000000000000', name: 'Quarry Plumbing' },
								...(body.organizations as object[]),
							],
						}),
					}))
				: response,
		),
	'503 once after a text': () => refused(canText, 503, { after: true, times: 1 }),
	'503 after every text': () => refused(canText, 503, { after: true }),
	'408 after every text': () => refused(canText, 408, { after: true }),
	'401 after every text': () => refused(canText, 401, { after: true }),
	'429 after every text': () => refused(canText, 429, { after: true }),
	'503 after everything that is made': () =>
		refused((request) => request.method === 'POST' && !request.path.startsWith('/data/'), 503, {
			after: true,
		}),
	'409 after everything that is made': () =>
		refused((request) => request.method === 'POST' && !request.path.startsWith('/data/'), 409, {
			after: true,
		}),
	'500 in place of each deletion': () => refused(at('DELETE', /./), 500),
	'webhooks in another list': () =>
		answered((response, request) =>
			request.method === 'GET' && request.path === '/webhook/'
				? withBody(response, ({ data }) => data)
				: response,
		),
	'an hour to wait': () => async (request, forward) =>
		canText(request) || request.path.startsWith('/sms_template/')
			? { ...json(429, { error: 'Too many requests' }), headers: { 'retry-after': '3600' } }
			: await forward(),
	blackhole: () => {
		let left = 60;
		return async (_, forward) => (left-- > 0 ? await forward() : 'hang');
	},
	'an empty 200 for every draft': () =>
		answered((response, request) =>
			request.method === 'POST' && isSms(request) && response.status === 200
				? { ...response, body: '' }
				: response,
		),
	'a lead without contacts': () =>
		answered((response, request) =>
			at('POST', /^\/lead\/$/)(request)
				? withBody(response, (body) => ({ ...body, contacts: undefined }))
				: response,
		),
	'a refused fictional number': () =>
		refused(
			(request) =>
				isWrite(request) &&
				!request.path.startsWith('/data/') &&
				JSON.stringify(request.body ?? {}).includes('+12025550143'),
			400,
			{ body: { errors: [], 'field-errors': { phones: 'Invalid phone number.' } } },
		),
	'numbers with blanks': () =>
		answered((response, { path }) =>
			path === '/phone_number/'
				? withBody(response, (body) =>
						JSON.parse(JSON.stringify(body).replace(/\+1(\d{3})(\d{3})(\d{4})/g, '+1 $1-$2-$3')),
					)
				: response,
		),
	'a key that is withdrawn midway': () => {
		let left = 80;
		return async (_, forward) =>
			left-- > 0 ? await forward() : json(401, { error: 'Unauthorized' });
	},
};
