import ts from 'typescript';

import { fs, path, root } from '../platform';

/** Names of Close that a piece of source sends or reads, each with the files in which it stands. */
export type Beliefs = Map<string, Set<string>>;

/** How Close writes its names: `remote_phone`, `date_created__gte`, `_fields`, `field-errors`. Ours are in camel case. */
const NAME =
	/^(?:_[a-z]+|_?[a-z][a-z0-9]*(?:_{1,2}[a-z0-9]+)+|close-sig-[a-z]+|retry-after|ratelimit|field-errors|x-[a-z-]+)$/;
const ENDPOINT = /^\/(?:activity\/sms|[a-z]+(?:_[a-z]+)*(?:\/[a-z]+)?)\/(?:\{\}\/)?$/;
const SINGLE_WORD = /^[a-z]+$/;

/** What looks like a name of Close and is one of n8n's or ours. */
const OTHERS = new Set([
	// n8n
	'ai_tool',
	// our own output
	'error_code',
	'error_reason',
	'error_next_step',
	'_note',
]);

/** `/activity/sms/${id}/` as `/activity/sms/{}/`. */
const shapeOf = (node: ts.Node): string | undefined => {
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
};

/** `id,lead_id,phones` and `addresses.tz_ids` name several. */
const split = (text: string) => text.split(/[,.\s`]+/).filter(Boolean);

/** Members of a type that describes something of Close: then single words are names of Close, too. */
function membersOf(node: ts.Node): string[] {
	if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return [];
	const names = node.members.flatMap(({ name }) =>
		name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
	);
	const isOfClose = names.some((name) => NAME.test(name));
	return isOfClose ? names.filter((name) => NAME.test(name) || SINGLE_WORD.test(name)) : [];
}

/** Names of Close in one file. @param singleWords whether every single word in a text counts as one */
export function namesIn(source: string, file = 'source.ts', singleWords = false): Set<string> {
	const names = new Set<string>();
	const add = (name: string) => {
		if ((NAME.test(name) || ENDPOINT.test(name)) && !OTHERS.has(name)) names.add(name);
	};
	const visit = (node: ts.Node): void => {
		// A path in an import is none of Close.
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
		if (ts.isIdentifier(node)) add(node.text);
		const text = shapeOf(node);
		if (text?.startsWith('/')) add(text);
		else if (text)
			split(text).forEach((word) =>
				singleWords && SINGLE_WORD.test(word) ? names.add(word) : add(word),
			);
		for (const name of membersOf(node)) if (!OTHERS.has(name)) names.add(name);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
	return names;
}

async function sourcesBelow(folder: string): Promise<string[]> {
	const entries = await fs.readdir(path.join(root, folder), { withFileTypes: true });
	const found = await Promise.all(
		entries.map(async (entry) => {
			const file = `${folder}/${entry.name}`;
			if (entry.isDirectory()) return await sourcesBelow(file);
			return file.endsWith('.ts') ? [file] : [];
		}),
	);
	return found.flat();
}

/** Names of Close in all TypeScript below these folders of the repository; see `namesIn`. */
export async function beliefsIn(folders: string[], singleWords = false): Promise<Beliefs> {
	const beliefs: Beliefs = new Map();
	for (const file of (await Promise.all(folders.map(sourcesBelow))).flat()) {
		const source = await fs.readFile(path.join(root, file), 'utf8');
		for (const name of namesIn(source, file, singleWords))
			beliefs.set(name, (beliefs.get(name) ?? new Set()).add(file));
	}
	return beliefs;
}

/** `/activity/sms/acti_x/` as `/activity/sms/{}/`. */
export const endpointOf = (url: string) =>
	url.replace(/\/(?:acti|lead|cont|user|smstmpl|whsub|ev)_\w+/, '/{}');

/** Every key and every word in what is sent to Close. */
export function namesSent(value: unknown): string[] {
	if (typeof value === 'string') return split(value);
	if (Array.isArray(value)) return value.flatMap(namesSent);
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) => [key, ...namesSent(entry)]);
}
