import ts from 'typescript';
import { fs, path, root } from '../../dev/platform';

/** Calls that make an error, by the place of the argument that says what happened. */
const CALLS = new Map([
	['validationError', 1],
	['fail', 0],
	['NodeOperationError', 1],
	['subscriptionError', 1],
]);
/** Fields of an object that say it. */
const FIELDS = new Set(['what', 'problem']);
/** What has fewer letters in a row is put together from parts that stand elsewhere in the source. */
const MIN_LETTERS = 7;

/** Of a longer message the page may leave out the end. */
const MAX_COMPARED = 45;

/** Words that belong into a sentence of another place, with the reason. */
const PARTS = new Set([
	// Whom 'Person' takes, behind "'Person' is not".
	'somebody from the list',
	'a contact',
	'a choice it offers',
]);

/** The fixed parts of a message, of each way in which it can be worded. */
function toVariants(node: ts.Expression): string[][] {
	if (ts.isParenthesizedExpression(node)) return toVariants(node.expression);
	if (ts.isConditionalExpression(node))
		return [...toVariants(node.whenTrue), ...toVariants(node.whenFalse)];
	if (ts.isStringLiteralLike(node)) return [[node.text]];
	if (ts.isTemplateExpression(node))
		return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]];
	return [];
}

const getName = (node: ts.Expression): string =>
	ts.isIdentifier(node) ? node.text : ts.isPropertyAccessExpression(node) ? node.name.text : '';

/** What a source file can say: of each message its longest fixed part. */
function collect(source: string): string[] {
	const found: string[] = [];
	const add = (expression: ts.Expression | undefined) => {
		for (const parts of expression ? toVariants(expression) : []) {
			const [longest] = parts
				.map((part) => part.replace(/^["'\s:,]+|["'\s:(,]+$/g, '').replace(/^[A-Z][\w ()-]*' /, ''))
				.sort((one, other) => other.length - one.length);
			if (longest.replace(/[^A-Za-z]/g, '').length >= MIN_LETTERS) found.push(longest);
		}
	};
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
			const place = CALLS.get(getName(node.expression));
			if (place !== undefined) add(node.arguments?.[place]);
		}
		if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && FIELDS.has(node.name.text))
			add(node.initializer);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
	return found;
}

async function collectBelow(folder: string): Promise<string[]> {
	const files = await fs.readdir(path.join(root, folder), { recursive: true });
	const sources = files.filter((file) => file.endsWith('.ts'));
	const texts = await Promise.all(
		sources.map(async (file) => await fs.readFile(path.join(root, folder, file), 'utf8')),
	);
	return [...new Set(texts.flatMap(collect))];
}

test('the collection finds what a call says, in each of its wordings', () => {
	const source = `
		throw validationError(context, isBlank(a) ? "'To' is empty now" : \`'\${label}' is not a number of \${unit}\`);
		const found = { problem: 'gives nothing at all', next: 'Not this one' };
	`;
	expect(collect(source)).toEqual(['is empty now', 'is not a number of', 'gives nothing at all']);
});

test('docs/messages.md has a row for every message that nodes/ can say', async () => {
	const page = (await fs.readFile(path.join(root, 'docs/messages.md'), 'utf8')).replace(/\\/g, '');
	const rows = page
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) => line.split(/(?<!\\)\|/)[1])
		.join('\n');
	const messages = await collectBelow('nodes');
	const missing = messages.filter(
		(message) => !PARTS.has(message) && !rows.includes(message.slice(0, MAX_COMPARED)),
	);

	expect(messages.length).toBeGreaterThan(60);
	expect(missing).toEqual([]);
});
