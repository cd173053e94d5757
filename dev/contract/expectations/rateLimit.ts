import { parseRateLimit, retryAfterMs } from '../../../nodes/shared/rateLimitHeaders';
import type { Exchange } from '../closeClient';
import { Difference, expectThat, NotTried } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import type { Probe } from '../probe';
import { CODE, DOCS } from './sources';

const HEADERS = 'nodes/shared/rateLimitHeaders.ts';
const LIMITER = 'nodes/CloseSms/transport/queue/rateLimiter.ts';
const SIMULATED = 'dev/simulator/limits/rateLimit.ts';

const search = async (close: Probe): Promise<Exchange> =>
	await close.post('/data/search/', {
		query: { type: 'object_type', object_type: 'lead' },
		_limit: 1,
	});

/** More requests than any limit that was ever seen allows, which end with the first refusal. */
const MOST_REQUESTS = 100;

/** A 429, which is provoked if need be: of the search, whose limit is the lowest. */
async function refusal(close: Probe): Promise<Exchange> {
	for (let n = 0; n < MOST_REQUESTS && close.client.refusals.length === 0; n++) {
		if (n === 0) close.requireExceedingLimit();
		await search(close);
	}
	const [first] = close.client.refusals;
	if (!first) throw new NotTried(finding`${MOST_REQUESTS} searches did not exceed it`);
	return first;
}

export const rateLimit = group('rate limit', [
	{
		name: 'answers-tell-the-limit',
		title: 'Answers have the header `RateLimit` with limit, remaining and reset',
		source: DOCS.rateLimits,
		mark: 'confirmed',
		restsOn: [HEADERS, LIMITER, SIMULATED],
		steps: async (close) => {
			const { headers } = await close.get('/activity/sms/', { _limit: 1 });
			const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
			if (headers.ratelimit === undefined) throw new Difference(finding`there is none`);
			const isWhole = [limit, remaining, reset].every((value) => value !== undefined);
			expectThat(isWhole, finding`it is ${headers.ratelimit}`);
			return finding`${headers.ratelimit}`;
		},
	},
	{
		name: 'reset-is-whole-seconds',
		title: 'The header `RateLimit` has whole seconds',
		source: `seen live by a user (github.com/whiteboard-geeks/MailerAutomation); ${CODE.client} reads no others. ${DOCS.rateLimits} allows decimals`,
		mark: 'inferred',
		restsOn: [SIMULATED],
		steps: async (close) => {
			const { headers } = await close.get('/activity/sms/', { _limit: 1 });
			const { reset } = parseRateLimit(headers.ratelimit);
			if (reset === undefined) throw new NotTried(finding`there is no header`);
			expectThat(Number.isInteger(reset), finding`it is ${headers.ratelimit}`);
		},
	},
	{
		name: 'remaining-falls',
		title: '`remaining` falls with each request of a window',
		source: `${DOCS.rateLimits}; ${CODE.limitlion}`,
		mark: 'confirmed',
		restsOn: [LIMITER, SIMULATED],
		steps: async (close) => {
			const seen: Array<number | undefined> = [];
			for (let n = 0; n < 6; n++) {
				const { headers } = await close.get('/activity/sms/', { _limit: 1 });
				seen.push(parseRateLimit(headers.ratelimit).remaining);
			}
			if (seen.includes(undefined)) throw new NotTried(finding`there is no header`);
			const falls = seen.slice(1).some((value, index) => Number(value) < Number(seen[index]));
			expectThat(falls, finding`it was ${seen}`);
		},
	},
	{
		name: 'search-has-a-limit-of-its-own',
		title: 'The search has a limit of its own, lower than that of SMS',
		source: "a user's tests (github.com/whiteboard-geeks/MailerAutomation)",
		mark: 'inferred',
		restsOn: [LIMITER, SIMULATED],
		steps: async (close) => {
			const sms = parseRateLimit(
				(await close.get('/activity/sms/', { _limit: 1 })).headers.ratelimit,
			);
			const { headers } = await search(close);
			const own = parseRateLimit(headers.ratelimit);
			if (sms.limit === undefined || own.limit === undefined)
				throw new NotTried(finding`there is no header`);
			expectThat(own.limit < sms.limit, finding`it is ${own.limit}, and that of SMS ${sms.limit}`);
			return finding`${headers.ratelimit}`;
		},
	},
	{
		name: 'refusal-names-the-wait',
		title: 'A 429 names the wait in `RateLimit` or `retry-after`',
		source: DOCS.rateLimits,
		mark: 'confirmed',
		restsOn: [HEADERS, LIMITER, SIMULATED],
		steps: async (close) => {
			const { headers, body } = await refusal(close);
			const { ratelimit, 'retry-after': after } = headers;
			const shown = finding`RateLimit: ${ratelimit ?? 'none'}; retry-after: ${after ?? 'none'}; ${body}`;
			expectThat(retryAfterMs(headers) !== undefined, shown);
			return shown;
		},
	},
]);
