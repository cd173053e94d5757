import type { INodePropertyOptions } from 'n8n-workflow';
import type { Action, CloseEvent, Maker } from './closeEvent';
import { allOf, anyOf, field, changed, equals, matches, type EventFilter } from './eventFilter';
import { containsText } from '../shared/fieldValues';
import { parseKeyword, type Keyword } from './keywords';

export type EventName =
	| 'received'
	| 'sent'
	| 'failed'
	| 'scheduled'
	| 'canceled'
	| 'draftCreated'
	| 'updated'
	| 'deleted'
	| 'optedOut'
	| 'optedIn';

/** What can happen to an SMS more than once; of the others a second delivery is never new. */
export const REPEATABLE_EVENTS: ReadonlySet<EventName> = new Set<EventName>([
	'scheduled',
	'canceled',
	'updated',
]);

/** The choices of the parameter Events. */
export const eventOptions: Array<INodePropertyOptions & { value: EventName }> = [
	{
		name: 'Canceled',
		value: 'canceled',
		action: 'On SMS canceled',
		description: 'An SMS that was scheduled or about to go out became a draft again',
	},
	{
		name: 'Deleted',
		value: 'deleted',
		action: 'On SMS deleted',
		description: 'An SMS was deleted',
	},
	{
		name: 'Draft Created',
		value: 'draftCreated',
		action: 'On SMS draft created',
		description: 'A draft was written',
	},
	{
		name: 'Failed',
		value: 'failed',
		action: 'On SMS failed',
		description: 'An SMS could not be sent, or the carrier refused it',
	},
	{
		name: 'Opted In',
		value: 'optedIn',
		action: 'On SMS opt-in',
		description: 'A person texted START or UNSTOP, or YES after an opt-out, and nothing else',
	},
	{
		name: 'Opted Out',
		value: 'optedOut',
		action: 'On SMS opt-out',
		description:
			'A person texted STOP or another word by which carriers stop your SMS to them, and nothing else',
	},
	{
		name: 'Received',
		value: 'received',
		action: 'On SMS received',
		description: 'A person texted you',
	},
	{
		name: 'Scheduled',
		value: 'scheduled',
		action: 'On SMS scheduled',
		description: 'An SMS was scheduled, or moved to another time',
	},
	{ name: 'Sent', value: 'sent', action: 'On SMS sent', description: 'An SMS went out' },
	{
		name: 'Updated',
		value: 'updated',
		action: 'On SMS updated',
		description: 'Anything about an SMS changed; that happens often, above all to drafts',
	},
];

/** How the action of every event begins. */
export const ON_SMS = 'On SMS ';

/** What each event is called after "On SMS". */
export const eventWords = Object.fromEntries(
	eventOptions.map(({ action = '', value }) => [value, action.replace(ON_SMS, '')]),
);

const statusIs = (status: string) => field('data', 'status', equals(status));
const statusWas = (status: string) => field('previous_data', 'status', equals(status));
const becomes = (status: string) => allOf(changed('status'), statusIs(status));

const isInbound = field('data', 'direction', equals('inbound'));

interface Rule {
	event: EventName;
	action: Action;
	when?: EventFilter;
	/** Which keyword the text must be: Close's filters have no patterns, so this is decided on arrival. */
	keyword?: Keyword;
}

/**
 * Which event of Close is which of ours. The first rule that matches names it, so the more specific ones come first.
 *
 * Close has no event for a received or a failed text: a received one is `created` and inbound, a failed one is `updated`
 * and its status became "error" (Close: "List of event types").
 */
const RULES: Rule[] = [
	{ event: 'optedOut', action: 'created', when: isInbound, keyword: 'optOut' },
	{ event: 'optedIn', action: 'created', when: isInbound, keyword: 'optIn' },
	{ event: 'received', action: 'created', when: isInbound },
	{ event: 'draftCreated', action: 'created', when: statusIs('draft') },
	{ event: 'scheduled', action: 'created', when: statusIs('scheduled') },
	{ event: 'sent', action: 'sent' },
	{ event: 'failed', action: 'updated', when: becomes('error') },
	{
		event: 'scheduled',
		action: 'updated',
		when: allOf(statusIs('scheduled'), anyOf(changed('status'), changed('date_scheduled'))),
	},
	{
		event: 'canceled',
		action: 'updated',
		when: allOf(becomes('draft'), anyOf(statusWas('scheduled'), statusWas('outbox'))),
	},
	{ event: 'updated', action: 'updated' },
	{ event: 'deleted', action: 'deleted' },
];

/** What starts the workflow. */
export interface EventSelection {
	events: EventName[];
	/** Values that fields of the SMS must have, by their names in Close. */
	fields: Record<string, string>;
	/** What the text must have in it, in any case: whether Close's `contains` heeds case is not documented. */
	textContains?: string;
	/** Who must have made the change: see `readChangeBehind`. Close is not asked for it, since its filters may not see a field that is missing. */
	madeBy?: Maker;
	/** Whether `received` leaves out the words by which people opt out and in. */
	ignoresKeywords?: boolean;
}

/** An entry of a subscription. */
export interface SubscribedEvent {
	object_type: string;
	action: Action;
	extra_filter?: EventFilter;
}

const rulesFor = ({ events }: EventSelection, action: Action) =>
	RULES.filter((rule) => rule.action === action && events.includes(rule.event));

/** A deleted SMS has no `data` any more. */
const fieldFilters = ({ fields }: EventSelection, action: Action): EventFilter[] =>
	Object.entries(fields).map(([name, value]) =>
		field(action === 'deleted' ? 'previous_data' : 'data', name, equals(value)),
	);

/** A filter for what the rules of one action let through; none when one of them lets everything through. */
function combineConditions(rules: Rule[]): EventFilter[] {
	const conditions = rules.flatMap(({ when }) => when ?? []);
	return conditions.length === rules.length ? [anyOf(...new Set(conditions))] : [];
}

/** The entries of the one subscription for all of this: one for each of Close's actions, filtered by Close. */
export const subscribedEvents = (selection: EventSelection): SubscribedEvent[] =>
	(['created', 'updated', 'sent', 'deleted'] as const).flatMap((action) => {
		const rules = rulesFor(selection, action);
		if (rules.length === 0) return [];
		const filters = [...combineConditions(rules), ...fieldFilters(selection, action)];
		const entry = { object_type: 'activity.sms', action };
		return [filters.length > 0 ? { ...entry, extra_filter: allOf(...filters) } : entry];
	});

function hasSelectedFields(event: CloseEvent, selection: EventSelection): boolean {
	const { text } = (event.action === 'deleted' ? event.previous_data : event.data) ?? {};
	return (
		fieldFilters(selection, event.action).every((filter) => matches(event, filter)) &&
		containsText(text, selection.textContains)
	);
}

/** The keyword that a received text is; a "yes" only if it opts in. */
function getKeyword({ data }: CloseEvent, isOptIn: boolean): Keyword | undefined {
	const keyword = parseKeyword(data?.text);
	if (keyword !== 'yes') return keyword;
	return isOptIn ? 'optIn' : undefined;
}

/** Whether this may be an opt-in that was selected, and only the texts before it can tell. */
export const mayBeOptIn = (event: CloseEvent, selection: EventSelection): boolean =>
	selection.events.includes('optedIn') &&
	event.action === 'created' &&
	matches(event, isInbound) &&
	parseKeyword(event.data?.text) === 'yes' &&
	hasSelectedFields(event, selection);

/**
 * Which of the selected events this is; undefined when it is none of them.
 *
 * @param isOptIn whether a "yes" opts in
 */
export function getEventName(
	event: CloseEvent,
	selection: EventSelection,
	isOptIn = false,
): EventName | undefined {
	if (!hasSelectedFields(event, selection)) return undefined;
	const keyword = getKeyword(event, isOptIn);
	return rulesFor(selection, event.action).find(
		(rule) =>
			(!rule.when || matches(event, rule.when)) &&
			(!rule.keyword || rule.keyword === keyword) &&
			!(rule.event === 'received' && selection.ignoresKeywords && keyword),
	)?.event;
}
