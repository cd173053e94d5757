import execa, { type ExecaError } from 'execa';

import { fs, path, process } from '../platform';

/** npm's errors when it gets no response at all. */
const NO_NETWORK =
	/code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)/;

const UNREACHABLE =
	"npm's registry is out of reach. It is needed once, to fetch n8n: check the network, or npm's settings for a proxy (npm config get registry).";

/**
 * Runs npm in `cwd` and returns what it printed.
 *
 * @param node path of the Node that npm and the install scripts run under; this process's own unless given
 * @throws execa's error, with npm's output in `stderr`; a plain one when the registry is out of reach
 */
export const npm = async (args: string[], cwd: string, node = process.execPath) => {
	const { stdout } = await execa('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd,
		// execa's way to put the folder of `execPath` first on the PATH
		preferLocal: true,
		execPath: node,
		// compile on all cores
		env: { JOBS: 'max' },
	}).catch((error: ExecaError) => {
		throw NO_NETWORK.test(error.stderr ?? '') ? new Error(UNREACHABLE) : error;
	});
	return stdout;
};

interface InstallOptions {
	/** As in `npm`. */
	node?: string;
	/** Packages whose install scripts may be run by a later `npm rebuild`. */
	scripts?: string[];
	/** As `overrides` in `package.json`. */
	overrides?: Record<string, string>;
	/** More of npm's flags. */
	flags?: string[];
}

/** Installs `spec` into `folder` without running install scripts. */
export const npmInstall = async (folder: string, spec: string, options: InstallOptions = {}) => {
	const { node, scripts = [], overrides, flags = [] } = options;
	const allowScripts = Object.fromEntries(scripts.map((name) => [name, true]));
	await fs.writeFile(
		path.join(folder, 'package.json'),
		JSON.stringify({ private: true, allowScripts, overrides }),
	);
	await npm(['install', '--ignore-scripts', ...flags, spec], folder, node);
};

/** Asks the registry; several versions of a field come as an array, none as `undefined`. */
export const npmView = async <T>(spec: string, ...fields: string[]) => {
	const answer = await npm(['view', spec, ...fields, '--json'], '.');
	return answer ? (JSON.parse(answer) as T) : undefined;
};
