import semver from 'semver';

import { cached } from './cache';
import { npmInstall } from './npm';
import { withProgress } from './progress';
import { path, process } from '../platform';

/** npm's package with the Node executable of this machine; the names are those that npm's `node` package uses. */
const nodePackage = () => {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const machine = `${platform}-${process.arch}`;
	return `${machine === 'darwin-arm64' ? 'node-bin' : 'node'}-${machine}`;
};

/** n8n 1.123 says that it runs on Node 20, but its isolated-vm needs at least this one. */
const OLDEST = '>=22';

/**
 * Path of a Node executable for the range in a package's `engines.node`: this process's own if it fits, else one
 * from npm, of the oldest major version in the range (what such a package was built on).
 */
export const ensureNode = async (range: string) => {
	const wanted = semver.intersects(range, OLDEST) ? `${range} ${OLDEST}` : range;
	if (semver.satisfies(process.version, wanted)) return process.execPath;
	const { major } = semver.minVersion(wanted)!;
	const folder = await cached(path.join('node', `${major}`), async (temp) => {
		await withProgress(
			`Fetching Node ${major}, which n8n needs`,
			npmInstall(temp, `${nodePackage()}@${major}`),
		);
	});
	const name = process.platform === 'win32' ? 'node.exe' : 'node';
	return path.join(folder, 'node_modules', nodePackage(), 'bin', name);
};
