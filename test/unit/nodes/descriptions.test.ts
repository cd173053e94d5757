import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { CloseSmsApi } from '../../../credentials/CloseSmsApi.credentials';
import { CloseSmsOAuth2Api } from '../../../credentials/CloseSmsOAuth2Api.credentials';
import { CloseSms } from '../../../nodes/CloseSms/CloseSms.node';
import { CloseSmsTrigger } from '../../../nodes/CloseSmsTrigger/CloseSmsTrigger.node';
import { hasTextAsANoun } from '../textAsANoun';

/** A property, an option or a mode: whatever the editor shows a label and a description of. */
interface Entry {
	path: string;
	label: string;
	property?: INodeProperties;
	words: string[];
	builderHint?: string;
}

type Described = Partial<INodeProperties> &
	Pick<INodePropertyOptions, 'name'> & { values?: Described[] };

/** Every entry below these, with the labels that lead to it. */
const flatten = (entries: Described[], path: string): Entry[] =>
	entries.flatMap((entry) => {
		const label = entry.displayName ?? entry.name;
		const below = `${path}, ${label}`;
		return [
			{
				path: below,
				label,
				property: entry.type && entry.displayName ? (entry as INodeProperties) : undefined,
				words: [entry.description, entry.hint, entry.placeholder].filter(
					(words): words is string => typeof words === 'string',
				),
				builderHint: entry.builderHint?.propertyHint,
			},
			...[entry.options, entry.values, entry.modes].flatMap((more) =>
				flatten((more ?? []) as Described[], below),
			),
		];
	});

const entries = [
	new CloseSms().description,
	new CloseSmsTrigger().description,
	new CloseSmsApi(),
	new CloseSmsOAuth2Api(),
].flatMap(({ displayName, properties }) => flatten(properties, displayName));
const withWords = entries.filter(({ words }) => words.length > 0);
const withHint = entries.filter(({ builderHint }) => builderHint);

test('there are entries to look at', () => {
	expect(withWords.length).toBeGreaterThan(100);
	expect(withHint.length).toBeGreaterThan(1);
});

test('no description is longer than 200 characters', () => {
	const long = withWords.filter(({ words }) => words.some(({ length }) => length > 200));
	expect(long.map(({ path }) => path)).toEqual([]);
});

test('no description quotes the label of another field', () => {
	const quoting = withWords.filter(({ words }) => words.some((one) => /'[A-Z]/.test(one)));
	expect(quoting.map(({ path, words }) => `${path}: ${words.join(' ')}`)).toEqual([]);
});

test('a number of time has its unit in the label, not in the description', () => {
	const unit = /\b(seconds?|minutes?|hours?)\b/i;
	const times = entries.filter(
		({ property, label, words }) =>
			property?.type === 'number' && (unit.test(label) || words.some((one) => unit.test(one))),
	);
	expect(times.length).toBeGreaterThan(2);
	expect(
		times.map(({ label }) => label).filter((label) => !/ \((Seconds|Minutes|Hours)\)$/.test(label)),
	).toEqual([]);
	expect(times.filter(({ words }) => /how many (seconds|minutes)/i.test(words.join(' ')))).toEqual(
		[],
	);
});

test('a hint for AI builders holds no expression, and is short', () => {
	for (const { path, builderHint } of withHint) {
		expect([path, builderHint]).toEqual([path, expect.not.stringMatching(/\{\{/)]);
		expect([path, builderHint!.length <= 400]).toEqual([path, true]);
	}
});

test('who writes a workflow by AI is told what texts a person and what only records', () => {
	const hintOf = (path: string) => entries.find((entry) => entry.path === path)?.builderHint;
	expect(hintOf('Close SMS, Operation, Send')).toMatch(/^Texts a real person/);
	expect(hintOf('Close SMS, Operation, Send Draft')).toMatch(/^Texts a real person/);
	expect(hintOf('Close SMS, Operation, Create')).toMatch(/^Texts nobody/);
	expect(hintOf('Close SMS, Mode, Log as Sent')).toMatch(/^Sends nothing/);
	expect(hintOf('Close SMS, Update Fields, Status')).toMatch(/"outbox" sends.*"sent".*only record/);
});

test("a hint is not on what n8n chooses by: n8n's loader refuses the whole node then", () => {
	const refused = withHint.filter(({ property }) =>
		['mode', 'operation', 'resource'].includes(property?.name ?? ''),
	);
	expect(refused.map(({ path }) => path)).toEqual([]);
});

test('each status that can be set says whether it texts a person', () => {
	const status = entries.find(({ path }) => path === 'Close SMS, Update Fields, Status')!;
	const options = status.property!.options as INodePropertyOptions[];
	expect(
		Object.fromEntries(
			options.map(({ name, value, description }) => [value, `${name}: ${description}`]),
		),
	).toEqual({
		draft: expect.stringMatching(/texts nobody/i),
		inbox: expect.stringMatching(/texts nobody/i),
		sent: expect.stringMatching(/texts nobody/i),
		scheduled: expect.stringMatching(/^Send Later: Texts a real person/),
		outbox: expect.stringMatching(/^Send Now: Texts a real person/),
	});
});

/** A list that a person picks from, with the labels that it shows. */
const lists = entries.flatMap(({ path, property }) => {
	if (!property || !['options', 'multiOptions', 'collection'].includes(property.type)) return [];
	const options = (property.options ?? []) as Described[];
	return [{ path, labels: options.map(({ name, displayName }) => displayName ?? name) }];
});

/** From this many on, n8n wants a list to be sorted by its labels. */
const SORTED_FROM = 5;

/** Those that have an order of their own: the week, and what needs no choice before all that does. */
const IN_THEIR_OWN_ORDER = [/, Days$/, /, Content Type$/];

// n8n's linter does this for arrays that are written out, and the node puts many together.
test('a long list is sorted by its labels, so that a person finds an entry', () => {
	const long = lists.filter(
		({ path, labels }) =>
			labels.length >= SORTED_FROM && !IN_THEIR_OWN_ORDER.some((own) => own.test(path)),
	);
	expect(long.length).toBeGreaterThan(8);
	for (const { path, labels } of long)
		expect([path, labels]).toEqual([
			path,
			[...labels].sort((one, other) => one.localeCompare(other)),
		]);
});

const operations = new CloseSms().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options }) => options as INodePropertyOptions[]);

/** What in a description is for n8n and not for a person. */
const FOR_MACHINES = new Set([
	...[
		'authenticate',
		'credentials',
		'default',
		'displayCondition',
		'displayOptions',
		'documentationUrl',
	],
	...[
		'extractValue',
		'icon',
		'relatedNodes',
		'requestDefaults',
		'routing',
		'searchListMethod',
		'type',
	],
	...['url', 'value', 'webhooks'],
]);

/** Every string that a person or an AI model reads, with the keys that lead to it. */
function collectWords(value: unknown, path: string): Array<[path: string, words: string]> {
	if (typeof value === 'string') return [[path, value]];
	if (typeof value !== 'object' || value === null) return [];
	// `name` is a label where there is a value beside it; what is called as Close calls it is Close's word.
	const isInternal = (key: string, one: unknown) =>
		FOR_MACHINES.has(key) ||
		(key === 'name' && (!('value' in value) || one === value.value || 'displayName' in value));
	return Object.entries(value).flatMap(([key, one]) =>
		isInternal(key, one) ? [] : collectWords(one, `${path}.${key}`),
	);
}

const allWords = [
	new CloseSms().description,
	new CloseSmsTrigger().description,
	new CloseSmsApi(),
	new CloseSmsOAuth2Api(),
].flatMap((one) => collectWords(one, one.name));

test('an SMS is called an SMS, its words a message, and "text" is only what one does', () => {
	expect(allWords.length).toBeGreaterThan(300);
	const wrong = allWords.filter(([, words]) => hasTextAsANoun(words));
	expect(wrong).toEqual([]);
});

test('no standard is named where a person reads', () => {
	expect(allWords.filter(([, words]) => /E\.?164|ISO ?8601/.test(words))).toEqual([]);
});

test('two fields that are shown together do not have the same label', () => {
	const { properties } = new CloseSms().description;
	const send = properties.filter(
		({ name, displayOptions }) =>
			name === 'options' || displayOptions?.show?.operation?.includes('send'),
	);
	// Send's own, with those of Sending Hours, which stand in the same panel.
	const shown = flatten(send as Described[], '').filter(
		({ property, path }) => property && !/Additional Fields,|, (From List|Number)$/.test(path),
	);
	const labels = [...new Map(shown.map(({ path, label }) => [path, label])).values()];
	expect(labels).toEqual(expect.arrayContaining(['To', 'From', 'Not Before', 'Not After']));
	expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
});

test('the action of each operation has no article, as n8n asks', () => {
	const actions = allWords.filter(([path]) => path.endsWith('.action'));
	expect(actions.length).toBeGreaterThan(20);
	expect(actions.filter(([, words]) => /\b(an?|the)\b/i.test(words))).toEqual([]);
});

test('an AI model, which is told the action, is told who is texted', () => {
	const actionOf = (value: string) => operations.find((one) => one.value === value)?.action;
	for (const value of ['send', 'sendDraft', 'schedule'])
		expect(actionOf(value)).toMatch(/\(texts real people\)$/);
	expect(actionOf('update')).toMatch(/\(may text real people\)$/);
	expect(actionOf('create')).toMatch(/\(texts nobody\)$/);
});

test('each operation has an action for the list of nodes, in sentence case, and says what it does', () => {
	expect(operations.length).toBeGreaterThan(10);
	const actions = operations.map(({ action }) => action);
	expect(new Set(actions).size).toBe(actions.length);
	for (const { name, action, description } of operations) {
		expect([name, action]).toEqual([name, expect.stringMatching(/^[A-Z][a-z]+ .*SMS/)]);
		expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z].{10,}/)]);
	}
});

test('what a field is shown by is one that stands beside it, or a path that begins with a slash', () => {
	const unknown: string[] = [];
	const walk = (properties: INodeProperties[], path: string) => {
		const names = new Set(properties.map(({ name }) => name));
		for (const { name, displayOptions, options = [], type } of properties) {
			const { show = {}, hide = {} } = displayOptions ?? {};
			// n8n 1 cannot open, save or run a workflow with a node that has another (n8n-workflow `getParameterResolveOrder`).
			for (const key of Object.keys({ ...show, ...hide }))
				if (!/^[/@]/.test(key) && !names.has(key)) unknown.push(`${path}${name}: ${key}`);
			for (const option of options)
				if ('values' in option) walk(option.values, `${path}${name}.${option.name}.`);
			if (type === 'collection') walk(options as INodeProperties[], `${path}${name}.`);
		}
	};
	for (const node of [new CloseSms(), new CloseSmsTrigger()]) walk(node.description.properties, '');
	expect(unknown).toEqual([]);
});
