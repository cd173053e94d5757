import semver from 'semver';

import { parseArgs } from './platform';

export interface StartArgs {
	help: boolean;
	/** Of n8n; a free one unless given. */
	port?: number;
	/** Which n8n: a version range. */
	n8n?: string;
}

export const START_HELP = `npm start
  Starts a real n8n with this package in it, example workflows and a simulated Close. Nobody is really texted.
  It prints the address of an example workflow and how to sign in, and opens nothing by itself. Ctrl-C ends it.

npm start -- --port 5678   n8n's port; a free one unless given
npm start -- --n8n 2.40    which n8n: a version or range of npm; the newest unless given
npm start -- --help        this text

Environment:
  CLOSE_API_KEY    a key of your real Close: n8n then works with that, where a text reaches a real person
  CLOSE_SMS_N8N    the same as --n8n
  CLOSE_SMS_CACHE  where n8n is kept between runs (some 3 GB); else the user's cache folder

Also: npm run simulator starts the simulated Close alone, npm run scale-out an n8n with several workers.`;

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
			port: { type: 'string' },
			n8n: { type: 'string' },
		},
	});
	const { help = false, port, n8n } = values;
	if (n8n !== undefined && semver.validRange(n8n) === null)
		throw new Error(
			`--n8n takes a version or a range of npm, such as 2.41.1 or 2.40, not "${n8n}".`,
		);
	if (port === undefined) return { help, n8n };
	if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
		throw new Error(`--port takes a number from 1 to 65535, not "${port}".`);
	return { help, port: Number(port), n8n };
}
