/** An `extra_filter` of Close's webhook filters. */
export interface Filter {
	type: string;
	value?: unknown;
	field?: string;
	filter?: Filter;
	filters?: Filter[];
}

type Test = (filter: Filter, value: unknown) => boolean;

const inner = ({ filter }: Filter, value: unknown) =>
	filter !== undefined && matches(filter, value);
const contains: Test = ({ value: part }, value) =>
	Array.isArray(value)
		? value.includes(part)
		: typeof value === 'string' && value.includes(String(part));

const TESTS: Record<string, Test> = {
	equals: ({ value: wanted }, value) => value === wanted,
	not_equals: ({ value: unwanted }, value) => value !== unwanted,
	is_null: (_, value) => value === null || value === undefined,
	non_null: (_, value) => value !== null && value !== undefined,
	contains,
	and: ({ filters = [] }, value) => filters.every((one) => matches(one, value)),
	or: ({ filters = [] }, value) => filters.some((one) => matches(one, value)),
	not: (filter, value) => !inner(filter, value),
	any_array_value: (filter, value) =>
		Array.isArray(value) && value.some((one) => inner(filter, one)),
	field_accessor: (filter, value) =>
		typeof value === 'object' &&
		value !== null &&
		inner(filter, (value as Record<string, unknown>)[filter.field ?? '']),
};

/** Whether the value passes the filter. */
export const matches = (filter: Filter, value: unknown): boolean =>
	TESTS[filter.type]?.(filter, value) ?? false;

/** What each kind of filter needs beside its type. */
const NEEDS: Record<string, Array<keyof Filter>> = {
	equals: ['value'],
	not_equals: ['value'],
	contains: ['value'],
	and: ['filters'],
	or: ['filters'],
	not: ['filter'],
	any_array_value: ['filter'],
	field_accessor: ['field', 'filter'],
};

/** Whether it follows Close's grammar, all the way down, with nothing else in it. */
export function isFilter(filter: unknown): filter is Filter {
	const { type, filter: one, filters, ...more } = (filter ?? {}) as Filter;
	if (typeof type !== 'string' || !(type in TESTS)) return false;
	const given = Object.keys((filter ?? {}) as Filter).filter((name) => name !== 'type');
	const needed = NEEDS[type] ?? [];
	if (given.length !== needed.length || !needed.every((name) => given.includes(name))) return false;
	if ('field' in more && typeof more.field !== 'string') return false;
	if (filters !== undefined && !(Array.isArray(filters) && filters.every(isFilter))) return false;
	return one === undefined || isFilter(one);
}
