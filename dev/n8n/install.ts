import type { ExecaError } from 'execa';
import semver from 'semver';

import { cached, cacheFolder } from './cache';
import { npm, npmInstall, npmView } from './npm';
import { withProgress } from './progress';
import { ensureNode } from './nodeRuntime';
import { fs, path, process, say } from '../platform';

export interface Install {
	version: string;
	/** Path of n8n's own command. */
	n8n: string;
	/** Path of the Node that runs it. */
	node: string;
}

/** The only native modules that n8n loads here; both have a prebuilt binary or compile. */
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/** n8n before about 2.10 fetches this one from another host than the registry; none of our workflows needs it. */
const OVERRIDES = { xlsx: 'npm:xlsx@0.18.5' };

const FIRST_TIME =
	() => `The first time takes up to ten minutes and 3 GB in ${cacheFolder()}; after that, half a minute.
  1 of 3  finding an n8n that npm has whole
  2 of 3  a Node.js for it, if this one is too old
  3 of 3  installing n8n, which is most of it`;

/** A registry may list a release before all of its packages are there; this many releases are tried. */
const MAX_TRIES = 10;

/**
 * Returns an installed n8n, which is installed first if need be: the newest of `range` that npm serves whole.
 *
 * @param range versions to choose from, for example `1`, `2.0` or `2.41.1`; default: `CLOSE_SMS_N8N`, else all up to
 * npm's `latest`. What was chosen for a range is kept in the cache, so that later runs need no network.
 * @throws Error if none could be installed.
 */
export const ensureN8n = async (range = process.env.CLOSE_SMS_N8N || '*'): Promise<Install> => {
	const kept = await keptVersion(range);
	if (kept) return await install(kept);
	say(FIRST_TIME());
	for (const version of await candidates(range)) {
		const installed = (await isWhole(version)) && (await install(version).catch(unlessIncomplete));
		if (installed) {
			await keepVersion(range, version);
			return installed;
		}
		say(`npm does not serve all of n8n ${version} yet; trying the release before.`);
	}
	throw new Error(
		`npm serves no n8n "${range}" whole. Give another version or range with --n8n or CLOSE_SMS_N8N, for example 2.41.1.`,
	);
};

/** The packages that n8n itself publishes with each release. */
const OWN_PACKAGE = /^(n8n-|@n8n\/)/;
/** npm's look-ups at a time. */
const LOOK_UPS = 6;

/**
 * Whether npm serves all of n8n's own packages that a release needs. It may list a release before they are there, and
 * npm notices that only after a minute of installing.
 */
const isWhole = async (version: string) => {
	const dependencies = await npmView<Record<string, string>>(`n8n@${version}`, 'dependencies');
	const own = Object.entries(dependencies ?? {}).filter(([name]) => OWN_PACKAGE.test(name));
	while (own.length > 0) {
		const found = await Promise.all(
			own
				// n8n-core and the editor come last in the list; they are what is missing most.
				.splice(-LOOK_UPS)
				.map(
					async ([name, needed]) =>
						await npmView<string>(`${name}@${needed}`, 'version').catch(unlessIncomplete),
				),
		);
		if (found.includes(undefined)) return false;
	}
	return true;
};

const install = async (version: string): Promise<Install> => {
	const folder = await cached(path.join('n8n', version), async (temp) => await fill(temp, version));
	const home = path.join(folder, 'node_modules', 'n8n');
	const { engines } = JSON.parse(await fs.readFile(path.join(home, 'package.json'), 'utf8')) as {
		engines: { node: string };
	};
	return { version, n8n: path.join(home, 'bin', 'n8n'), node: await ensureNode(engines.node) };
};

const fill = async (folder: string, version: string) => {
	const node = await ensureNode((await npmView<string>(`n8n@${version}`, 'engines.node')) ?? '*');
	const steps = async () => {
		await npmInstall(folder, `n8n@${version}`, {
			node,
			scripts: NATIVE_MODULES,
			overrides: OVERRIDES,
		});
		await npm(['rebuild', '--ignore-scripts=false', ...NATIVE_MODULES], folder, node);
	};
	await withProgress(`3 of 3: installing n8n ${version} (up to eight minutes, once)`, steps());
};

const candidates = async (range: string) => {
	const facts = await npmView<{ 'dist-tags.latest': string; versions: string[] }>(
		'n8n',
		'dist-tags.latest',
		'versions',
	);
	if (!facts) throw new Error('npm knows no n8n');
	const released = facts.versions.filter((version) =>
		semver.lte(version, facts['dist-tags.latest']),
	);
	return semver
		.rsort(released.filter((version) => semver.satisfies(version, range)))
		.slice(0, MAX_TRIES);
};

/** Ignores npm's errors for "there is no such package version". */
const unlessIncomplete = (error: ExecaError) => {
	if (!/code (ETARGET|E404|E403)/.test(error.stderr ?? '')) throw error;
};

const choices = () => path.join(cacheFolder(), 'n8n-versions.json');

const readChoices = async () => {
	const text = await fs.readFile(choices(), 'utf8').catch(() => '{}');
	return JSON.parse(text) as Record<string, string>;
};

const keptVersion = async (range: string) => (await readChoices())[range];

const keepVersion = async (range: string, version: string) => {
	await fs.writeFile(
		choices(),
		JSON.stringify({ ...(await readChoices()), [range]: version }, null, '\t'),
	);
};
