import { isLoopback } from './closeClient';
import { parseArgs } from '../platform';
import { DEFAULT_MAX_TEXTS, MAX_TEXTS } from './sendGuard';

export const USAGE = `CLOSE_API_KEY=api_... npm run contract -- [options]

Tries what this package relies on about Close, on a real Close organization, and writes a report. First it says what it
will do and where, and asks. It makes one lead of its own, and on it drafts and texts that are scheduled for next year to
a number that nobody has; besides, templates, small files and webhook subscriptions that lead nowhere. It texts nobody,
and removes all of it in the end, also after Ctrl-C. (Close itself deletes the uploaded files after 24 hours.)

  --yes            do not ask
  --text-me +1...  tries also what needs a real text, all to this number: at most ${DEFAULT_MAX_TEXTS} requests that can text leave,
                   each once
  --max-texts N    how many such requests may leave (default ${DEFAULT_MAX_TEXTS}; ${MAX_TEXTS} tries everything, an MMS, a date in the
                   past and a text that is called back too)
  --webhook URL    tries also the signed delivery of webhooks: URL must lead to the port of --port on this machine, for
                   example a tunnel: cloudflared tunnel --url http://127.0.0.1:5679
  --port N         the port on this machine to which --webhook leads (default 5679)
  --exceed-limit   tries also what a refusal for too many requests (429) looks like: searches until Close refuses one.
                   Everything else that uses this key has to wait some seconds then.
  --organization ID
                   in which organization the key works, if its user belongs to several and Close does not say
  --report FILE    where the report goes (default close-contract-report.md)
  --record DIR     what went to and from Close goes to DIR, without IDs, names, numbers and words of the account (default
                   close-contract-recording)
  --no-record      does not write that
  --base-url URL   a simulated Close on this machine (npm run simulator), whose clock is moved instead of waiting
  --help

With CLOSE_ACCESS_TOKEN, an OAuth access token of the same organization, what the OAuth credential relies on is tried too.

It ends with 0 when everything was tried, whether or not it holds; with 1 when it could not begin, ended early, or left
something behind; with 130 after Ctrl-C. A second Ctrl-C, some seconds later, ends it at once.`;

export interface Settings {
	apiKey: string;
	baseUrl: string;
	isSimulator: boolean;
	isConfirmed: boolean;
	textMe?: string;
	/** how many requests that can text may leave */
	maxTexts: number;
	/** the ID of the organization that the person named */
	organization?: string;
	/** of OAuth */
	accessToken?: string;
	webhook?: { url: string; port: number };
	mayExceedLimit: boolean;
	report: string;
	/** undefined when nothing is to be recorded */
	record?: string;
}

const CLOSE = 'https://api.close.com/api/v1';

function parseUrl(flag: string, text: string): URL {
	if (!URL.canParse(text)) throw new Error(`${flag} is no URL: ${text}`);
	return new URL(text);
}

/**
 * @returns undefined when help is asked for
 * @throws {Error} that says which setting is wrong
 */
export function readSettings(
	args: string[],
	{
		CLOSE_API_KEY: apiKey = '',
		CLOSE_ACCESS_TOKEN: accessToken,
	}: Record<string, string | undefined>,
): Settings | undefined {
	const { values } = parseArgs({
		args,
		options: {
			help: { type: 'boolean' },
			yes: { type: 'boolean', default: false },
			'text-me': { type: 'string' },
			webhook: { type: 'string' },
			port: { type: 'string', default: '5679' },
			'exceed-limit': { type: 'boolean', default: false },
			report: { type: 'string', default: 'close-contract-report.md' },
			record: { type: 'string', default: 'close-contract-recording' },
			'no-record': { type: 'boolean', default: false },
			'max-texts': { type: 'string', default: String(DEFAULT_MAX_TEXTS) },
			organization: { type: 'string' },
			'base-url': { type: 'string', default: CLOSE },
		},
	});
	if (values.help) return undefined;
	const { 'text-me': textMe, webhook: url, 'base-url': baseUrl } = values;
	if (apiKey.trim() === '')
		throw new Error(
			'Set CLOSE_API_KEY to an API key of Close: Settings, then Developer, then API Keys.',
		);
	parseUrl('--base-url', baseUrl);
	const isSimulator = baseUrl !== CLOSE;
	// The key goes there.
	if (isSimulator && !isLoopback(baseUrl))
		throw new Error(
			'--base-url is for a simulated Close on this machine, for example http://127.0.0.1:4010/api/v1',
		);
	if (textMe !== undefined && !/^\+[1-9]\d{6,14}$/.test(textMe))
		throw new Error(
			'--text-me must be a number in E.164: a plus sign, the country code and the number, without spaces.',
		);
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error('--port is no port.');
	if (url !== undefined && !/^https?:$/.test(parseUrl('--webhook', url).protocol))
		throw new Error('--webhook must begin with https:// or http://');
	const maxTexts = Number(values['max-texts']);
	if (!Number.isInteger(maxTexts) || maxTexts < 1 || maxTexts > MAX_TEXTS)
		throw new Error(`--max-texts must be a number from 1 to ${MAX_TEXTS}.`);
	return {
		apiKey: apiKey.trim(),
		baseUrl,
		isSimulator,
		isConfirmed: values.yes,
		textMe,
		maxTexts,
		organization: values.organization,
		accessToken: accessToken?.trim() || undefined,
		webhook: url === undefined ? undefined : { url, port },
		mayExceedLimit: values['exceed-limit'],
		report: values.report,
		record: values['no-record'] ? undefined : values.record,
	};
}
