import ts from 'typescript';
import { fs, path, root } from '../../dev/platform';
import { hasTextAsANoun } from './textAsANoun';

/** The strings of a source that hold more than one word; of a template the fixed parts, with `…` for a value. */
function collectSentences(source: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node)) found.push(node.text);
		if (ts.isTemplateExpression(node))
			found.push(
				[node.head, ...node.templateSpans.map(({ literal }) => literal)]
					.map(({ text }) => text)
					.join('…'),
			);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
	return found.filter((one) => /\S\s+\S|\(\w+\)/.test(one));
}

async function readBelow(folder: string, extension: string): Promise<string[]> {
	const files = await fs.readdir(path.join(root, folder), { recursive: true });
	return await Promise.all(
		files
			.filter((file) => file.endsWith(extension))
			.map(async (file) => await fs.readFile(path.join(root, folder, file), 'utf8')),
	);
}

test.each([
	['This text may have been sent', true],
	['The texts of that time', true],
	['A text message', true],
	["'Message' is not a text but a list", true],
	['(text)', true],
	['Texts a real person. Who texts your number can be answered.', false],
	['Send another SMS, or text another number.', false],
	['Give it as {{ $json.text }} in "text"', false],
])('%j has "text" as a noun: %s', (words, expected) => {
	expect(hasTextAsANoun(words)).toBe(expected);
});

test('sentences are collected from every kind of string', () => {
	const source =
		"const a = 'One text'; f(`${a} of this text ${b} here`, x ? 'No texts' : 'text', `plain text`);";
	expect(collectSentences(source)).toEqual([
		'One text',
		'… of this text … here',
		'No texts',
		'plain text',
	]);
});

test('whatever nodes/ can say calls an SMS an SMS, and its words a message', async () => {
	const sources = (
		await Promise.all(['nodes', 'credentials'].map(async (one) => await readBelow(one, '.ts')))
	).flat();
	const sentences = sources.flatMap(collectSentences);

	expect(sentences.length).toBeGreaterThan(1000);
	expect(sentences.filter(hasTextAsANoun)).toEqual([]);
});

/** Pages about the code, where a text is an SMS (docs/reference.md, "Words"). */
const ABOUT_THE_CODE = ['architecture.md', 'reference.md', 'testing.md', 'n8n-engine-report.md'];

/** Headings, sentences and cells, without code, addresses and what links to the law. */
const toLines = (page: string) =>
	page
		.replace(/```[\s\S]*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|\*/g, '')
		.split('\n')
		.flatMap((line) => line.split(/\||(?<=[.:;?!]) /));

test('so does every page that a user reads', async () => {
	const pages = (await fs.readdir(path.join(root, 'docs')))
		.filter((file) => file.endsWith('.md') && !ABOUT_THE_CODE.includes(file))
		.map((file) => `docs/${file}`);
	const lines = await Promise.all(
		['README.md', 'CHANGELOG.md', 'SECURITY.md', ...pages].map(async (page) =>
			toLines(await fs.readFile(path.join(root, page), 'utf8')).map(
				(line) => [page, line] as const,
			),
		),
	);

	expect(lines.flat().length).toBeGreaterThan(1000);
	expect(lines.flat().filter(([, line]) => hasTextAsANoun(line))).toEqual([]);
});

test('so does every example', async () => {
	const files = await readBelow('examples', '.json');
	// The names of nodes too; what an expression reads is code.
	const lines = files
		.flatMap((file) => [...file.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, string]) => string))
		.filter((string) => /\s/.test(string) && !string.startsWith('={{') && !string.includes('JSON'))
		.flatMap((string) => toLines(string.replaceAll('\\n', '\n')));

	expect(lines.length).toBeGreaterThan(500);
	expect(lines.filter(hasTextAsANoun)).toEqual([]);
});
