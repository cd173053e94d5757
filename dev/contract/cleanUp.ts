import { NoAnswer, type Request, type CloseClient, type Exchange } from './closeClient';
import { KINDS, type Journal, type Kind, type JournalEntry } from './journal';
import type { JsonObject } from './jsonObject';

const LIST: Record<Kind, string> = {
	webhook: '/webhook/',
	sms: '/activity/sms/',
	smsTemplate: '/sms_template/',
	lead: '/lead/',
};

/** How often something is tried, while Close has trouble. */
const ATTEMPTS = 3;
const PAUSE = 2_000;
/** Pages that are looked through for what has no ID. */
const MAX_PAGES = 5;

type Wait = (ms: number) => Promise<unknown>;

async function tryAgain(
	send: () => Promise<Exchange>,
	wait: Wait,
	attempt = 1,
): Promise<Exchange | undefined> {
	const answer = await send().catch((error: Error) => {
		if (error instanceof NoAnswer) return undefined;
		throw error;
	});
	const isDone = answer !== undefined && answer.status < 500;
	if (isDone || attempt === ATTEMPTS) return isDone ? answer : undefined;
	await wait(PAUSE * attempt);
	return await tryAgain(send, wait, attempt + 1);
}

/** One page of the things among which what has no ID is looked for; a lead is searched for, because there are many. */
const pageOf = ({ kind, marker }: JournalEntry, page: number): Request =>
	kind === 'lead'
		? {
				method: 'POST',
				path: '/data/search/',
				body: {
					query: {
						type: 'and',
						queries: [
							{ type: 'object_type', object_type: 'lead' },
							{ type: 'text', mode: 'full_words', value: marker },
						],
					},
					_fields: { lead: ['id', 'name'] },
				},
			}
		: {
				method: 'GET',
				path: LIST[kind],
				query: kind === 'webhook' ? undefined : { _limit: 100, _skip: page * 100 },
			};

/** Looks for what a request may have made whose answer got lost. Undefined when that cannot be found out. */
async function findIds(
	client: CloseClient,
	entry: JournalEntry,
	wait: Wait,
): Promise<string[] | undefined> {
	const found: string[] = [];
	for (let page = 0, hasMore = true; page < MAX_PAGES && hasMore; page++) {
		const answer = await tryAgain(async () => await client.request(pageOf(entry, page)), wait);
		if (answer?.status !== 200) return undefined;
		const body = answer.body as { data?: JsonObject[]; has_more?: boolean };
		const matching = (body.data ?? []).filter((one) => JSON.stringify(one).includes(entry.marker));
		found.push(...matching.map(({ id }) => String(id)));
		hasMore = body.has_more === true;
	}
	return found;
}

async function removeById(client: CloseClient, kind: Kind, id: string, wait: Wait) {
	const path = `${LIST[kind]}${id}/`;
	// First it must not go out any more; whether that was needed, Close knows.
	if (kind === 'sms')
		await tryAgain(
			async () => await client.request({ method: 'PUT', path, body: { status: 'draft' } }),
			wait,
		);
	const answer = await tryAgain(async () => await client.request({ method: 'DELETE', path }), wait);
	return answer !== undefined && (answer.status < 300 || answer.status === 404);
}

async function remove(client: CloseClient, journal: Journal, entry: JournalEntry, wait: Wait) {
	let ids = entry.id ? [entry.id] : await findIds(client, entry, wait);
	// It may not be listed yet.
	for (let attempt = 1; ids?.length === 0 && attempt < ATTEMPTS; attempt++) {
		await wait(PAUSE);
		ids = await findIds(client, entry, wait);
	}
	if (!ids) return false;
	const results: boolean[] = [];
	for (const id of ids) results.push(await removeById(client, entry.kind, id, wait));
	const isRemoved = results.every(Boolean);
	if (isRemoved) await journal.forget(entry);
	return isRemoved;
}

/**
 * Removes from Close what the journal lists, texts that are to go out first.
 *
 * @param only which entries; all of them unless given
 * @returns what could not be removed and stays in the journal
 */
export async function cleanUp(
	client: CloseClient,
	journal: Journal,
	wait: Wait,
	only: (entry: JournalEntry) => boolean = () => true,
): Promise<JournalEntry[]> {
	const left: JournalEntry[] = [];
	const entries = journal.made
		.filter(only)
		.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
	for (const entry of entries) if (!(await remove(client, journal, entry, wait))) left.push(entry);
	return left;
}
