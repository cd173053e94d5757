import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../shared/closeTypes';
import { isRecord } from '../../shared/fieldValues';
import {
	searchBody,
	SEARCH_UNAVAILABLE,
	textQuery,
	type SearchQuery,
} from '../../shared/contactSearch';
import { listRequest } from './listRequest';

interface ListItem extends INodeListSearchItems {
	/** On each page, items of a lower rank come first; 0 unless given. */
	rank?: number;
}

/** What a picker lists. */
interface ListSource<T> {
	/** Path of Close's list below the base URL. */
	url: string;
	qs?: IDataObject;
	/** Reads what `toItem` needs besides: once a call, for the first page that it reads. */
	prepare?: (entries: T[]) => Promise<void>;
	/** What the picker shows of an entry: one item or several; undefined for what it does not offer. */
	toItem: (entry: T) => ListItem | ListItem[] | undefined;
	/** How Close searches it, if it can. */
	search?: {
		type: 'lead' | 'contact';
		fields: string[];
		/** Close's query for what was typed; by default one for beginnings of words. */
		toQuery?: (filter: string) => SearchQuery;
	};
	/** Whether an item fits what was typed, where pages are read and filtered here. */
	matches?: (filter: string, item: INodeListSearchItems) => boolean;
}

/** Pages that one call reads at most; the editor asks for more when its user scrolls on. */
const MAX_PAGES_PER_CALL = 5;

/**
 * Letters that must be typed before Close searches. Its limit for searches is low (16 in 8 s were seen), and n8n asks for
 * each pause of 300 ms; for one letter the list is filtered.
 */
const MIN_SEARCH_LENGTH = 2;

/** Whether the name or the value of an item has what was typed. */
export const matchesFilter = (filter: string, { name, value }: INodeListSearchItems) =>
	`${name} ${value}`.toLowerCase().includes(filter.toLowerCase());

const toItems = <T>(entries: T[], toItem: ListSource<T>['toItem']): INodeListSearchItems[] =>
	entries
		.flatMap((entry) => toItem(entry) ?? [])
		.sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
		.map(({ name, value, url }) => ({ name, value, url }));

/** Close's default for what is typed into a picker. */
const toTextQuery = (filter: string) => textQuery(filter, 'beginning_of_words');

/** Where the next page of a list begins: after so many entries, of which this was the last. */
interface Position {
	skip: number;
	lastId: string;
}

const toToken = ({ skip, lastId }: Position) => `${skip}:${lastId}`;

function parseToken(token: string | undefined): Position | undefined {
	const [, skip, lastId] = /^(\d+):(.*)$/.exec(token ?? '') ?? [];
	return skip === undefined ? undefined : { skip: Number(skip), lastId };
}

interface Entry {
	id: string;
}

/** What has no ID cannot be chosen. */
const isEntry = (value: unknown): value is Entry => isRecord(value) && typeof value.id === 'string';

const toList = (data: unknown): unknown[] => (Array.isArray(data) ? data : []);

interface ListResponse {
	data?: unknown;
	has_more?: boolean;
}

interface ListPart {
	entries: Entry[];
	hasMore: boolean;
	/** Its end; undefined when it is empty. */
	end?: Position;
}

/**
 * Reads what follows a position. Since it was taken, entries may have been added or deleted: the page is read from the
 * last known entry on, or from further back when that has moved. When it is gone, some entries come a second time rather
 * than not at all.
 */
async function readAfter(
	read: (skip: number) => Promise<ListPart>,
	after: Position | undefined,
): Promise<ListPart> {
	if (!after) return await read(0);
	const withoutKnown = (part: ListPart) => {
		const known = part.entries.findIndex(({ id }) => id === after.lastId);
		return known < 0 ? undefined : { ...part, entries: part.entries.slice(known + 1) };
	};
	const found = withoutKnown(await read(Math.max(after.skip - 1, 0)));
	if (found) return found;
	const earlier = await read(Math.max(after.skip - MAX_PAGE_SIZE, 0));
	return withoutKnown(earlier) ?? earlier;
}

/** Reads pages until one has something to show. */
async function readPages<T extends Entry>(
	context: ILoadOptionsFunctions,
	{ url, qs, prepare, toItem, matches = matchesFilter }: ListSource<T>,
	filter: string,
	start?: Position,
): Promise<INodeListSearchResult> {
	const read = async (skip: number): Promise<ListPart> => {
		const { data, has_more: hasMore } = await listRequest<ListResponse>(context, {
			url,
			qs: { ...qs, _limit: MAX_PAGE_SIZE, _skip: skip },
		});
		const all = toList(data);
		const entries = all.filter(isEntry);
		const lastId = entries[entries.length - 1]?.id;
		const end = lastId === undefined ? undefined : { skip: skip + all.length, lastId };
		return { entries, hasMore: Boolean(hasMore), end };
	};
	let position = start;
	for (let page = 1; ; page++) {
		const { entries, hasMore, end } = await readAfter(read, position);
		if (page === 1) await prepare?.(entries as T[]);
		const results = toItems(entries as T[], toItem).filter((item) => matches(filter.trim(), item));
		const isEnd = !hasMore || !end;
		if (isEnd || results.length > 0 || page === MAX_PAGES_PER_CALL)
			return { results, paginationToken: isEnd ? undefined : toToken(end) };
		position = end;
	}
}

/** Searches at Close; matches word prefixes by default (Close: "Advanced Filtering"). */
async function search<T extends Entry>(
	context: ILoadOptionsFunctions,
	{
		prepare,
		toItem,
		search: { type, fields, toQuery = toTextQuery },
	}: ListSource<T> & Required<Pick<ListSource<T>, 'search'>>,
	filter: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const body = { ...searchBody(type, toQuery(filter.trim()), fields, MAX_PAGE_SIZE), cursor };
	const response = await listRequest<{ data?: unknown; cursor?: unknown }>(context, {
		method: 'POST',
		url: '/data/search/',
		body,
	});
	const entries = toList(response.data).filter(isEntry) as T[];
	await prepare?.(entries);
	return {
		results: toItems(entries, toItem),
		paginationToken: typeof response.cursor === 'string' ? response.cursor : undefined,
	};
}

/**
 * One page of a picker. Close searches where it can; otherwise, or when it refuses to, its pages are read and filtered
 * here.
 *
 * @param paginationToken where the page before it ended, or the cursor of a search
 */
export async function listPage<T extends Entry>(
	context: ILoadOptionsFunctions,
	list: ListSource<T>,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { search: searchOptions } = list;
	const position = parseToken(paginationToken);
	if (!searchOptions || position || filter.trim().length < MIN_SEARCH_LENGTH)
		return await readPages(context, list, filter, position);
	return await search(context, { ...list, search: searchOptions }, filter, paginationToken).catch(
		// The list can still be read.
		async (error: NodeApiError) => {
			if (!SEARCH_UNAVAILABLE.has(String(error.httpCode))) throw error;
			// A cursor lives for 30 seconds. Once it has expired the list ends here; a longer word finds the rest.
			return paginationToken ? { results: [] } : await readPages(context, list, filter);
		},
	);
}
