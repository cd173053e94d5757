import semver from 'semver';

import { parseArgs } from './platform';

export interface StartArgs {
	help: boolean;
	/** To delete what an earlier start kept. */
	fresh?: boolean;
	/** Of n8n; a free one unless given. */
	port?: number;
	/** Which n8n: a version range. */
	n8n?: string;
	/** Address of an n8n that the person runs, in place of one that is started. */
	ownN8n?: string;
	/** The name by which that n8n reaches this machine. */
	closeHost?: string;
}

export const START_HELP = `npm start
  Starts a real n8n with this package in it, example workflows and a simulated Close. Nobody is really texted.
  It prints the address of an example workflow and how to sign in, and opens nothing by itself. Ctrl-C ends it.
  The first start takes up to ten minutes and 3 GB. What you make in n8n, the password and the ports are kept for the
  next start; the simulated Close starts over.

npm start -- --port 5678   n8n's port; a free one unless given
npm start -- --n8n 2.40    which n8n: a version or range of npm; unless given, the newest when it was first started
npm start -- --n8n URL     an n8n that you run, such as http://127.0.0.1:5678: nothing is installed; the examples are
                           imported there, and only the simulated Close is started
    --close-host NAME      the name by which that n8n reaches this machine, if it runs elsewhere:
                           host.docker.internal
npm start -- --fresh       deletes what earlier starts kept, and starts over
npm start -- --help        this text

Environment:
  CLOSE_API_KEY    a key of your real Close: n8n then works with that, where an SMS reaches a real person,
                   and nothing is kept (not with --n8n URL, which always works with the simulated Close)
  CLOSE_SMS_N8N    the same as --n8n with a version
  CLOSE_SMS_CACHE  where n8n is kept between runs (some 3 GB); unless given, the user's cache folder
  N8N_EMAIL, N8N_PASSWORD  of the owner of the n8n at --n8n URL

Also: npm run simulator starts the simulated Close alone, npm run scale-out an n8n with several workers.`;

/** The address of an n8n without a slash at its end; nothing where it is none. */
const parseUrl = (text: string) =>
	/^https?:\/\//i.test(text) && URL.canParse(text)
		? new URL(text).href.replace(/\/+$/, '')
		: undefined;

/**
 * Reads what stands behind `npm start --`.
 *
 * @throws Error with a message for the person who typed it
 */
export function parseStartArgs(args: string[]): StartArgs {
	const { values } = parseArgs({
		args,
		options: {
			help: { type: 'boolean', short: 'h', default: false },
			fresh: { type: 'boolean' },
			port: { type: 'string' },
			n8n: { type: 'string' },
			'close-host': { type: 'string' },
		},
	});
	const { help = false, port, n8n, 'close-host': closeHost } = values;
	const fresh = values.fresh ? { fresh: true } : {};
	const ownN8n = n8n === undefined ? undefined : parseUrl(n8n);
	if (closeHost !== undefined && !ownN8n)
		throw new Error('--close-host goes with --n8n and the address of an n8n that you run.');
	if (ownN8n && values.fresh)
		throw new Error('--fresh is for an n8n that is started here, not for one that you run.');
	if (ownN8n && port !== undefined)
		throw new Error('--port is for an n8n that is started here, not for one that you run.');
	if (ownN8n) return { help, ownN8n, closeHost };
	if (n8n !== undefined && semver.validRange(n8n) === null)
		throw new Error(
			`--n8n takes a version or a range of npm, such as 2.41.1 or 2.40, or an address, such as http://127.0.0.1:5678, not "${n8n}".`,
		);
	if (port === undefined) return { help, n8n, ...fresh };
	if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
		throw new Error(`--port takes a number from 1 to 65535, not "${port}".`);
	return { help, port: Number(port), n8n, ...fresh };
}
