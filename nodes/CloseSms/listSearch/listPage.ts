import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../shared/closeTypes';
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
const MAX_PAGES = 5;

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

/** Reads pages until one has something to show. */
async function readPages<T>(
	context: ILoadOptionsFunctions,
	{ url, qs, prepare, toItem, matches = matchesFilter }: ListSource<T>,
	filter: string,
	paginationToken: string,
): Promise<INodeListSearchResult> {
	let skip = Number(paginationToken);
	for (let page = 1; ; page++) {
		const { data = [], has_more: hasMore } = await listRequest<{ data?: T[]; has_more?: boolean }>(
			context,
			{ url, qs: { ...qs, _limit: MAX_PAGE_SIZE, _skip: skip } },
		);
		skip += data.length;
		if (page === 1) await prepare?.(data);
		const results = toItems(data, toItem).filter((item) => matches(filter.trim(), item));
		const isEnd = !hasMore || data.length === 0;
		if (isEnd || results.length > 0 || page === MAX_PAGES)
			return { results, paginationToken: isEnd ? undefined : String(skip) };
	}
}

/** Has Close search; by default for beginnings of words (Close: "Advanced Filtering"). */
async function search<T>(
	context: ILoadOptionsFunctions,
	{
		toItem,
		search: { type, fields, toQuery = toTextQuery },
	}: ListSource<T> & Required<Pick<ListSource<T>, 'search'>>,
	filter: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const body = { ...searchBody(type, toQuery(filter.trim()), fields, MAX_PAGE_SIZE), cursor };
	const response = await listRequest<{ data?: T[]; cursor?: string | null }>(context, {
		method: 'POST',
		url: '/data/search/',
		body,
	});
	return {
		results: toItems(response.data ?? [], toItem),
		paginationToken: response.cursor ?? undefined,
	};
}

/**
 * One page of a picker. Close searches where it can; otherwise, or when it refuses to, its pages are read and filtered
 * here.
 *
 * @param paginationToken how many entries to skip, or the cursor of a search
 */
export async function listPage<T>(
	context: ILoadOptionsFunctions,
	list: ListSource<T>,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { search: searchOptions } = list;
	const isSkip = paginationToken !== undefined && /^\d+$/.test(paginationToken);
	if (!searchOptions || isSkip || filter.trim().length < MIN_SEARCH_LENGTH)
		return await readPages(context, list, filter, paginationToken ?? '0');
	return await search(context, { ...list, search: searchOptions }, filter, paginationToken).catch(
		// The list can still be read.
		async (error: NodeApiError) => {
			if (!SEARCH_UNAVAILABLE.has(String(error.httpCode))) throw error;
			// A cursor lives for 30 seconds. Once it has expired the list ends here; a longer word finds the rest.
			return paginationToken ? { results: [] } : await readPages(context, list, filter, '0');
		},
	);
}
