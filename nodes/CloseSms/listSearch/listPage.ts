import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { closeRequest } from './closeRequest';

/** What a picker lists. */
export interface ListSource<T> {
	/** Path of Close's list below the base URL. */
	url: string;
	qs?: IDataObject;
	/** An entry of the picker, or nothing for what it does not offer. */
	toItem: (thing: T) => INodeListSearchItems | undefined;
	/** Where Close itself can search. */
	search?: { type: 'lead' | 'contact'; fields: string[] };
}

/** Close's largest page. */
const MAX_PAGE_SIZE = 100;
/** Pages that one call may read before it finds something; the editor goes on from there. */
const MAX_PAGES = 5;

/** Statuses by which Close says that a search, unlike a list, is not to be had. */
const SEARCH_UNAVAILABLE = new Set<string | null>(['400', '403', '404', '405']);

const matchesFilter = (filter: string, { name, value }: INodeListSearchItems) =>
	`${name} ${value}`.toLowerCase().includes(filter.trim().toLowerCase());

const isItem = (toItem: INodeListSearchItems | undefined): toItem is INodeListSearchItems =>
	toItem !== undefined;

/** Reads pages until there is something to show. */
async function readPages<T>(
	context: ILoadOptionsFunctions,
	{ url, qs, toItem }: ListSource<T>,
	filter: string,
	paginationToken: string,
): Promise<INodeListSearchResult> {
	let skip = Number(paginationToken);
	for (let page = 1; ; page++) {
		const { data = [], has_more: hasMore } = await closeRequest<{ data?: T[]; has_more?: boolean }>(
			context,
			url,
			{ qs: { ...qs, _limit: MAX_PAGE_SIZE, _skip: skip } },
		);
		skip += data.length;
		const results = data
			.map(toItem)
			.filter(isItem)
			.filter((one) => matchesFilter(filter, one));
		const isEnd = !hasMore || data.length === 0;
		if (isEnd || results.length > 0 || page === MAX_PAGES)
			return { results, paginationToken: isEnd ? undefined : String(skip) };
	}
}

/** Lets Close search for beginnings of words (Close: "Advanced Filtering"). */
async function search<T>(
	context: ILoadOptionsFunctions,
	{ toItem, search: { type, fields } }: ListSource<T> & Required<Pick<ListSource<T>, 'search'>>,
	words: string,
	cursor?: string,
): Promise<INodeListSearchResult> {
	const queries = [
		{ type: 'object_type', object_type: type },
		{ type: 'text', mode: 'beginning_of_words', value: words.trim() },
	];
	const body = {
		query: { type: 'and', queries },
		_fields: { [type]: fields },
		_limit: MAX_PAGE_SIZE,
		cursor,
	};
	const answer = await closeRequest<{ data?: T[]; cursor?: string | null }>(
		context,
		'/data/search/',
		{ body },
	);
	return {
		results: (answer.data ?? []).map(toItem).filter(isItem),
		paginationToken: answer.cursor ?? undefined,
	};
}

/**
 * A page of what a picker lists. Close searches where it can; else, or when it refuses to, its pages are read and
 * what does not fit is left out.
 *
 * @param paginationToken a number to skip, or the cursor of a search
 */
export async function listPage<T>(
	context: ILoadOptionsFunctions,
	list: ListSource<T>,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const { search: searched } = list;
	const isPage = paginationToken !== undefined && /^\d+$/.test(paginationToken);
	if (!searched || isPage || filter.trim() === '')
		return await readPages(context, list, filter, paginationToken ?? '0');
	return await search(context, { ...list, search: searched }, filter, paginationToken).catch(
		async (error: NodeApiError) => {
			// A cursor lives 30 seconds: the rest of what was found is found again by another word.
			if (!SEARCH_UNAVAILABLE.has(error.httpCode)) throw error;
			return paginationToken ? { results: [] } : await readPages(context, list, filter, '0');
		},
	);
}
