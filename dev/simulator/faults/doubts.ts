/**
 * What nobody knows about Close. Each doubt has the ways in which Close may behave; the first is the default, and
 * the strictest. close-api.md (sections 1.2, 1.4, 4.6 and 11) has what speaks for each.
 */
export const DOUBTS = {
	/**
	 * A key in a request body that Close does not know, at any depth.
	 * - `refuse`: a 400 that names the field (its schemas say `additionalProperties: false`)
	 * - `drop`: as if it were not there (its validation library reads only what it knows)
	 */
	unknownKeys: ['refuse', 'drop'],
	/**
	 * `date_scheduled` in a PUT, which Close's prose asks for and its schema lacks.
	 * - `take`: the text is scheduled for that time
	 * - `refuse`: a 400 that names the field, as any unknown key
	 * - `drop`: a 200; with status `scheduled` the text is scheduled for no time, and never goes out
	 */
	dateScheduledOnPut: ['take', 'refuse', 'drop'],
	/**
	 * How an edit of a text that is no draft is refused, always with a 400.
	 * - `errors`: `{ "errors": ["Only draft SMS activities can be edited."], "field-errors": {} }`
	 * - `fieldError`: `{ "errors": [], "field-errors": { "status": "Cannot be changed from …" } }`
	 */
	editOfNonDraft: ['errors', 'fieldError'],
	/**
	 * A date in the past with status `scheduled`.
	 * - `refuse`: a 400 that names `date_scheduled`
	 * - `sendNow`: it is taken, and the text goes out at once
	 */
	scheduleInThePast: ['refuse', 'sendNow'],
	/**
	 * A text to a number with `outbound_sms_blocked`.
	 * - `refuse`: a 400 that names `remote_phone`
	 * - `failLater`: it is taken, and becomes an `error` with the carrier's 21610 when it should go out
	 */
	blockedRecipient: ['refuse', 'failLater'],
	/**
	 * A text of more than 1,000 characters, which Close's own app does not send.
	 * - `refuse`: a 400 that names `text`, for drafts and records too
	 * - `take`: as any other
	 */
	longText: ['refuse', 'take'],
	/**
	 * A path without its last slash. Every documented path has it; some programs in use leave it out.
	 * - `refuse`: a 404
	 * - `redirect`: a 301 to the path with the slash, after which clients ask with GET where they posted
	 * - `take`: as with the slash
	 */
	missingSlash: ['refuse', 'redirect', 'take'],
} as const;

type Options = typeof DOUBTS;
/** One way for each doubt. */
export type Doubts = { [Name in keyof Options]: Options[Name][number] };

const NAMES = Object.keys(DOUBTS) as Array<keyof Doubts>;

/** @throws Error for a doubt, or a way, that there is not */
function check([name, way]: [string, string | undefined]): [string, string] {
	if (!(NAMES as string[]).includes(name))
		throw new Error(`There is no doubt "${name}". There are: ${NAMES.join(', ')}`);
	const ways: readonly string[] = DOUBTS[name as keyof Doubts];
	if (way === undefined || !ways.includes(way))
		throw new Error(`"${name}" is one of ${ways.join(', ')}; got "${way ?? ''}"`);
	return [name, way];
}

/** The defaults, with the given ones in their place. @throws Error for what there is not */
export const withDefaults = (given: Partial<Doubts> = {}): Doubts =>
	Object.fromEntries([
		...NAMES.map((name) => [name, DOUBTS[name][0]]),
		...Object.entries(given).map(check),
	]) as Doubts;

/**
 * Reads `unknownKeys=drop,editOfNonDraft=fieldError`, as the environment's CLOSE_DOUBTS and `--doubts` have it.
 *
 * @throws Error for what there is not
 */
export const parseDoubts = (text = ''): Partial<Doubts> =>
	Object.fromEntries(
		text
			.split(',')
			.map((part) => part.trim())
			.filter(Boolean)
			.map((part) => part.split('=').map((side) => side.trim()) as [string, string | undefined])
			.map(check),
	);
