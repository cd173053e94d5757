import type { Exchange } from './closeClient';
import { REDACTED, type Scrubber } from './scrub';
import { PLAIN_WORDS } from './plainWords';

/** What a value looks like; see `describe`. */
type Shape = string | null | Shape[] | { [key: string]: Shape };

/** One request and its answer, without anything that belongs to an account. */
interface RecordedExchange {
	method: string;
	/** IDs are replaced */
	path: string;
	/** names of the query's parameters */
	query: string[];
	request?: Shape;
	status: number;
	/** those that matter: what they look like */
	headers: Record<string, string>;
	response?: Shape;
}

/** What went to and from Close in a run. */
export interface Recording {
	/** `Close`, or `the simulator`: then it is no evidence of what Close does */
	madeFrom: string;
	/** each kind once */
	exchanges: RecordedExchange[];
	/** by name of the expectation: what happened in it, as indices of `exchanges` */
	expectations: Record<string, number[]>;
}

const KEPT_HEADERS = ['content-type', 'date', 'ratelimit', 'retry-after', 'location'];

const ID = /^(acti|lead|cont|user|orga|phon|smstmpl|whsub|ev|req|media|memb|role|stat|api)_\w+$/;
const ID_IN_PATH = /\b(acti|lead|cont|user|orga|phon|smstmpl|whsub|media|ev)_\w+/g;
const DATE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

function describeText(text: string, key: string): string {
	const [, prefix] = ID.exec(text) ?? [];
	if (prefix) return `ID ${prefix}_`;
	if (DATE.test(text))
		return /(Z|[+-]\d\d:?\d\d)$/.test(text) ? 'date with offset' : 'date without offset';
	if (/^\+\d{7,15}$/.test(text)) return 'E.164';
	if (/^https?:\/\//.test(text)) return 'URL';
	if (/^[0-9a-f]{64}$/.test(text)) return '64 hex characters';
	return ENUMERATED.has(key) && PLAIN_WORDS.has(text.toLowerCase()) ? `"${text}"` : 'text';
}

/** Fields whose values Close itself defines. */
const ENUMERATED = new Set([
	'status',
	'direction',
	'_type',
	'__object_type',
	'object_type',
	'action',
]);

/** A name of a field, if it is one that tells nothing about the account. */
const plainKey = (key: string) =>
	key.split(/[_-]+/).every((word) => word === '' || PLAIN_WORDS.has(word.toLowerCase()))
		? key
		: REDACTED;

const isCustom = (key: string) => /^custom(\.|$)/.test(key);

/** What a value looks like: of texts the kind, of lists each kind of entry once, of objects every key. */
export function describe(value: unknown, key = ''): Shape {
	if (value === null || value === undefined) return null;
	if (typeof value === 'string') return describeText(value, key);
	if (typeof value !== 'object') return typeof value;
	if (Array.isArray(value)) {
		const shapes = value.map((entry) => describe(entry, key));
		const once = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
		return [...once.values()];
	}
	const entries = Object.entries(value)
		.filter(([name]) => !isCustom(name))
		.map(([name, entry]): [string, Shape] => [plainKey(name), describe(entry, name)]);
	return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Digits do not matter in a header, but how it is written does. */
const describeHeader = (name: string, value: string) => {
	if (name === 'content-type') return value;
	if (name !== 'ratelimit') return 'present';
	return value.replace(/\d+(\.\d+)?/g, (number) => (number.includes('.') ? '1.5' : '1'));
};

export function toRecorded(exchange: Exchange, scrubber: Scrubber): RecordedExchange {
	const { method, path, query = {}, requestBody, status, headers, body } = exchange;
	const isError = status >= 400;
	return {
		method,
		path: path.replace(ID_IN_PATH, (_, prefix: string) => `${prefix}_${REDACTED}`),
		query: Object.keys(query).sort(),
		...(requestBody && { request: describe(requestBody) }),
		status,
		headers: Object.fromEntries(
			KEPT_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [
				name,
				describeHeader(name, headers[name]),
			]),
		),
		...(body !== undefined && {
			response: isError ? words(body, scrubber) : describe(body),
		}),
	};
}

/** An error says something: its words are kept where they are plain. */
function words(value: unknown, scrubber: Scrubber): Shape {
	if (typeof value === 'string') return scrubber.words(value);
	if (typeof value !== 'object' || value === null) return describe(value);
	if (Array.isArray(value)) return value.map((entry) => words(entry, scrubber));
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [
			/^\d{1,2}$/.test(key) ? key : plainKey(key),
			words(entry, scrubber),
		]),
	);
}

const isObject = (shape: Shape): shape is { [key: string]: Shape } =>
	typeof shape === 'object' && shape !== null && !Array.isArray(shape);

/** Where two shapes differ. A null and an empty list say nothing about the kind. */
function differences(recorded: Shape, found: Shape, at: string): string[] {
	if (recorded === null || found === null) return [];
	if (Array.isArray(recorded) && Array.isArray(found)) {
		if (recorded.length === 0 || found.length === 0) return [];
		const [first] = found;
		return recorded.some((shape) => differences(shape, first, at).length === 0)
			? []
			: differences(recorded[0], first, `${at}[]`);
	}
	if (isObject(recorded) && isObject(found)) {
		const names = new Set([...Object.keys(recorded), ...Object.keys(found)]);
		return [...names].flatMap((name) => {
			if (!(name in found)) return [`${at}.${name} is missing`];
			if (!(name in recorded)) return [`${at}.${name} is not recorded`];
			return differences(recorded[name], found[name], `${at}.${name}`);
		});
	}
	// One of the values that Close defines, such as a status: which one is a matter of time.
	const [was, is] = [recorded, found].map((shape) =>
		typeof shape === 'string' && shape.startsWith('"') ? '"…"' : JSON.stringify(shape),
	);
	return was === is
		? []
		: [`${at} is ${JSON.stringify(found)} instead of ${JSON.stringify(recorded)}`];
}

/** Errors are compared by where the words stand, and not by the words. */
function places(shape: Shape | undefined): Shape {
	if (typeof shape === 'string') return 'words';
	if (shape === undefined || shape === null) return null;
	if (Array.isArray(shape)) return shape.map(places);
	return Object.fromEntries(Object.entries(shape).map(([key, entry]) => [key, places(entry)]));
}

/** Where an answer differs from the recorded one: status, headers, fields and their kinds. */
function compareExchange(recorded: RecordedExchange, found: RecordedExchange): string[] {
	const at = `${recorded.method} ${recorded.path}`;
	if (recorded.status !== found.status)
		return [`${at}: status ${found.status} instead of ${recorded.status}`];
	const isError = recorded.status >= 400;
	const [was, is] = [recorded.response, found.response].map((shape) =>
		isError ? places(shape) : (shape ?? null),
	);
	const headers = Object.entries(recorded.headers)
		.filter(([name, value]) => found.headers[name] !== value)
		.map(
			([name, value]) =>
				`${at}: header ${name} is ${found.headers[name] ?? 'missing'} instead of ${value}`,
		);
	return [...headers, ...differences(was, is, at)];
}

/** Puts what happened during each expectation into a recording. */
export function toRecording(
	madeFrom: string,
	happened: Array<{ during: string; exchange: Exchange }>,
	scrubber: Scrubber,
): Recording {
	const exchanges: RecordedExchange[] = [];
	const indices = new Map<string, number>();
	const expectations: Recording['expectations'] = {};
	for (const { during, exchange } of happened) {
		const recorded = toRecorded(exchange, scrubber);
		const key = JSON.stringify(recorded);
		if (!indices.has(key)) indices.set(key, exchanges.push(recorded) - 1);
		(expectations[during] ??= []).push(indices.get(key)!);
	}
	return { madeFrom, exchanges, expectations };
}

/** The status of a request that was refused because there were too many, and then asked again. */
const BUSY = 429;

/** The exchanges of an expectation by what was asked, each time in order. */
function byRequest({ exchanges, expectations }: Recording, name: string) {
	const found = new Map<string, RecordedExchange[]>();
	for (const index of expectations[name] ?? []) {
		const exchange = exchanges[index];
		const key = `${exchange.method} ${exchange.path}${exchange.status === BUSY ? ', refused' : ''}`;
		found.set(key, [...(found.get(key) ?? []), exchange]);
	}
	return found;
}

/**
 * Where `found` differs from what was recorded: each request of an expectation with the same one, the first with the
 * first. How often something was asked does not matter, since waiting takes a different number of requests each time.
 */
export const compareRecordings = (recorded: Recording, found: Recording): string[] =>
	Object.keys(recorded.expectations).flatMap((name) => {
		const now = byRequest(found, name);
		return [...byRequest(recorded, name)].flatMap(([key, was]) => {
			const is = now.get(key);
			// Whether the limit is exceeded depends on how fast one asks.
			if (!is) return was[0].status === BUSY ? [] : [`${name}: ${key} was not asked`];
			return was
				.slice(0, is.length)
				.flatMap((exchange, index) => compareExchange(exchange, is[index]))
				.map((difference) => `${name}: ${difference}`);
		});
	});
