import { fs, path, process } from '../platform';

/** Where Debian and Ubuntu keep PostgreSQL's programs, one folder per version. */
const DEBIAN_POSTGRESQL = '/usr/lib/postgresql';

/**
 * Finds a program on this machine.
 *
 * @param from Debian's name of the package to install if it is missing
 * @throws Error that says how to install it
 */
export const findExecutable = async (name: string, from: string) => {
	const versions = await fs.readdir(DEBIAN_POSTGRESQL).catch(() => []);
	const folders = [
		...(process.env.PATH ?? '').split(path.delimiter),
		...versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => path.join(DEBIAN_POSTGRESQL, version, 'bin')),
	];
	for (const folder of folders) {
		const file = path.join(folder, name);
		if (await isExecutable(file)) return file;
	}
	throw new Error(
		`'${name}' is missing. On Debian and Ubuntu: sudo apt-get install ${from}. On macOS: brew install ${HOMEBREW_PACKAGES[from]}`,
	);
};

/** Homebrew's names for Debian's packages. */
const HOMEBREW_PACKAGES: Record<string, string> = {
	'redis-server': 'redis',
	postgresql: 'postgresql',
};

const isExecutable = async (file: string) =>
	await fs.access(file, fs.constants.X_OK).then(
		() => true,
		() => false,
	);
