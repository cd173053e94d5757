import { hashSources } from '../../../../dev/n8n/pack';
import { fs, os, path } from '../../../../dev/platform';

let folder: string;
const write = async (name: string, text: string) => {
	await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
	await fs.writeFile(path.join(folder, name), text);
};
const rename = async (from: string, to: string) =>
	await fs.rename(path.join(folder, from), path.join(folder, to));

beforeEach(async () => {
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-test-'));
	await write('package.json', '{}');
	await write('nodes/a.ts', 'a');
	await write('nodes/b.ts', 'b');
});
afterEach(async () => await fs.rm(folder, { recursive: true }));

test.each<[string, () => Promise<void>]>([
	['a file is another one', async () => await write('nodes/a.ts', 'c')],
	['a file is new', async () => await write('nodes/c.ts', '')],
	['a file is gone', async () => await fs.rm(path.join(folder, 'nodes/b.ts'))],
	['a file has another name', async () => await rename('nodes/b.ts', 'nodes/c.ts')],
	[
		'two files have changed places',
		async () => {
			await write('nodes/a.ts', 'b');
			await write('nodes/b.ts', 'a');
		},
	],
])('a package is built anew when %s', async (_, change) => {
	const before = await hashSources(folder);
	await change();
	expect(await hashSources(folder)).not.toBe(before);
});

test('a package is not built anew for what it is not built from, or for a later date', async () => {
	const before = await hashSources(folder);
	for (const name of ['dist/a.js', 'node_modules/x/index.js', '.git/HEAD']) await write(name, 'x');
	await fs.utimes(path.join(folder, 'package.json'), new Date(), new Date());
	expect(await hashSources(folder)).toBe(before);
});
