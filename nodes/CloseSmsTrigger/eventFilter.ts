/** A filter on events in Close's grammar (Close: "Webhook filters"), as far as this node needs it. */
export type EventFilter =
	| { type: 'equals' | 'contains'; value: string }
	| { type: 'field_accessor'; field: string; filter: EventFilter }
	| { type: 'and' | 'or'; filters: EventFilter[] };

export const equals = (value: string): EventFilter => ({ type: 'equals', value });

/** Applies a filter to a field of the event, e.g. `field('data', 'status', equals('error'))`. */
export function field(...path: [...string[], EventFilter]): EventFilter {
	const filter = path.pop() as EventFilter;
	return (path as string[]).reduceRight<EventFilter>(
		(inner, name) => ({ type: 'field_accessor', field: name, filter: inner }),
		filter,
	);
}

export const changed = (name: string): EventFilter =>
	field('changed_fields', { type: 'contains', value: name });

const combine = (type: 'and' | 'or', filters: EventFilter[]): EventFilter =>
	filters.length === 1 ? filters[0] : { type, filters };

export const allOf = (...filters: EventFilter[]) => combine('and', filters);
export const anyOf = (...filters: EventFilter[]) => combine('or', filters);

/** Whether a value passes a filter. What Close is asked to filter is checked here again on arrival. */
export function matches(value: unknown, filter: EventFilter): boolean {
	switch (filter.type) {
		case 'equals':
			return value === filter.value;
		case 'contains':
			return Array.isArray(value) && value.includes(filter.value);
		case 'field_accessor':
			return matches((value as Record<string, unknown> | null)?.[filter.field], filter.filter);
		case 'and':
			return filter.filters.every((part) => matches(value, part));
		case 'or':
			return filter.filters.some((part) => matches(value, part));
	}
}
