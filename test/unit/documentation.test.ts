import { example, examples } from '../../dev/n8n/examples';
import { fs, path, root } from '../../dev/platform';

const read = async (file: string) => await fs.readFile(path.join(root, file), 'utf8');

const pages = async () => [
	...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
	...(await fs.readdir(path.join(root, 'docs')))
		.filter((file) => file.endsWith('.md'))
		.map((file) => `docs/${file}`),
];

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '');

/** The anchor that GitHub gives a heading. */
const toAnchor = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

const anchorsOf = async (file: string) =>
	[...withoutCode(await read(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		toAnchor(heading),
	);

/** The links of a page to files of this repository: the page, the file and the anchor. */
async function localLinks(page: string) {
	const text = withoutCode(await read(page));
	return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
		.map(([, link, source]) => link ?? source)
		.filter((target) => !/^(https?|mailto):/.test(target))
		.map((target) => {
			const [file, anchor] = target.split('#');
			return { target, file: file ? path.join(path.dirname(page), file) : page, anchor };
		});
}

test('every link of a page to a file or a heading leads somewhere', async () => {
	const dead: string[] = [];
	let count = 0;
	for (const page of await pages())
		for (const { target, file, anchor } of await localLinks(page)) {
			count++;
			const isThere = await fs.access(path.join(root, file)).then(
				() => true,
				() => false,
			);
			const hasAnchor =
				!anchor || !file.endsWith('.md') || (isThere && (await anchorsOf(file)).includes(anchor));
			if (!isThere || !hasAnchor) dead.push(`${page}: ${target}`);
		}
	expect(count).toBeGreaterThan(100);
	expect(dead).toEqual([]);
});

test('the README can be read in one go, and every page is one click away from it', async () => {
	const words = withoutCode(await read('README.md'))
		.replace(/[|]|-{3,}/g, ' ')
		.split(/\s+/);
	expect(words.filter(Boolean).length).toBeLessThanOrEqual(1500);
	const linked = new Set((await localLinks('README.md')).map(({ file }) => file));
	// What only those who change the package look up is one click further, in architecture.md and contributing.
	const forContributors = ['docs/reference.md', 'docs/testing.md', 'docs/n8n-engine-report.md'];
	const missing = (await pages()).filter(
		(page) => page !== 'README.md' && !forContributors.includes(page) && !linked.has(page),
	);
	expect(missing).toEqual([]);
});

test('each example stands on the page of examples, with its picture', async () => {
	const page = await read('docs/examples.md');
	const examples = (await fs.readdir(path.join(root, 'examples')))
		.filter((file) => file.endsWith('.json'))
		.map((file) => path.basename(file, '.json'));
	expect(examples.length).toBeGreaterThan(10);
	const pictures = await fs.readdir(path.join(root, 'docs', 'images'));
	// A picture that is not drawn yet (`npm run screenshots`) cannot be shown.
	const missing = examples.flatMap((name) =>
		[`../examples/${name}.json`, ...pictures.filter((file) => file === `${name}.png`)].filter(
			(target) => !page.includes(target),
		),
	);
	expect(missing).toEqual([]);
});

test('no node of an example lies on a note: it could not be read there', async () => {
	// As n8n draws a node; its name stands below. The gap keeps them apart at a glance.
	const [SIZE, NAME, GAP] = [96, 40, 16];
	const covered: string[] = [];
	for (const name of await examples()) {
		const { nodes } = await example(`${name}.json`);
		const isNote = ({ type }: { type: string }) => type.endsWith('.stickyNote');
		for (const note of nodes.filter(isNote)) {
			const [left, top] = note.position;
			const { width, height } = note.parameters as { width: number; height: number };
			for (const { name: node, position } of nodes.filter((one) => !isNote(one))) {
				const [x, y] = position;
				const isOnIt =
					x + SIZE + GAP > left &&
					x < left + width + GAP &&
					y + SIZE + NAME + GAP > top &&
					y < top + height + GAP;
				if (isOnIt) covered.push(`${name}: ${node}`);
			}
		}
	}
	expect(covered).toEqual([]);
});

test('where a page says to pack, scripts are on: .npmrc switches them off, and the package had no nodes', async () => {
	expect(await read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
	const files = [...(await pages()), 'deploy/Dockerfile', 'deploy/try.yaml'];
	const told = await Promise.all(
		files.map(async (file) =>
			[...(await read(file)).matchAll(/npm pack\b.*/g)].map(([command]) => `${file}: ${command}`),
		),
	);

	expect(told.flat().length).toBeGreaterThan(3);
	expect(told.flat().filter((one) => !/npm pack --ignore-scripts=false\b/.test(one))).toEqual([]);
});
