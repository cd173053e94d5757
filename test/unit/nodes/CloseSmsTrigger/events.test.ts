import {
	allOf,
	anyOf,
	changed,
	equals,
	field,
	matches,
	type EventFilter,
} from '../../../../nodes/CloseSmsTrigger/eventFilter';
import {
	eventOptions,
	getEventName,
	mayBeOptIn,
	subscribedEvents,
	type EventName,
} from '../../../../nodes/CloseSmsTrigger/events';
import type { CloseEvent } from '../../../../nodes/CloseSmsTrigger/closeEvent';

const ALL = eventOptions.map(({ value }) => value);
const event = (more: object): CloseEvent => ({
	id: 'ev_1',
	action: 'created',
	object_type: 'activity.sms',
	user_id: null,
	api_key_id: null,
	date_updated: '2026-01-02T03:04:05',
	changed_fields: [],
	data: null,
	previous_data: null,
	...more,
});
const created = (data: object) => event({ data });
const received = (text: string) => created({ direction: 'inbound', status: 'inbox', text });
const updated = (status: string, was: string, ...changed_fields: string[]) =>
	event({ action: 'updated', changed_fields, data: { status }, previous_data: { status: was } });

describe('which event it is', () => {
	test.each<[string, CloseEvent, EventName | undefined, EventName[]]>([
		['a text that came in', created({ direction: 'inbound', status: 'inbox' }), 'received', ALL],
		['a draft', created({ direction: 'outbound', status: 'draft' }), 'draftCreated', ALL],
		[
			'made as scheduled',
			created({ direction: 'outbound', status: 'scheduled' }),
			'scheduled',
			ALL,
		],
		['made in the outbox', created({ direction: 'outbound', status: 'outbox' }), undefined, ALL],
		['without data', event({}), undefined, ALL],
		['sent', event({ action: 'sent' }), 'sent', ALL],
		['failed', updated('error', 'outbox', 'status'), 'failed', ALL],
		['failed before, edited now', updated('error', 'error', 'text'), 'updated', ALL],
		['scheduled', updated('scheduled', 'draft', 'status'), 'scheduled', ALL],
		['moved', updated('scheduled', 'scheduled', 'date_scheduled'), 'scheduled', ALL],
		['scheduled and edited', updated('scheduled', 'scheduled', 'text'), 'updated', ALL],
		['canceled', updated('draft', 'scheduled', 'status'), 'canceled', ALL],
		['canceled in the outbox', updated('draft', 'outbox', 'status'), 'canceled', ALL],
		['a draft again after a failure', updated('draft', 'error', 'status'), 'updated', ALL],
		['a draft that was edited', updated('draft', 'scheduled', 'text'), 'updated', ALL],
		['deleted', event({ action: 'deleted' }), 'deleted', ALL],
		['an action that is none', event({ action: 'read' }), undefined, ALL],
		[
			'failed, but only updates are selected',
			updated('error', 'outbox', 'status'),
			'updated',
			['updated'],
		],
		[
			'failed, but only cancels are selected',
			updated('error', 'outbox', 'status'),
			undefined,
			['canceled'],
		],
		[
			'a draft, but only received ones are selected',
			created({ status: 'draft' }),
			undefined,
			['received'],
		],
		['sent, but nothing is selected', event({ action: 'sent' }), undefined, []],
		['STOP', received('Stop.'), 'optedOut', ALL],
		['START', received(' start'), 'optedIn', ALL],
		['STOP in a sentence', received('Please stop by'), 'received', ALL],
		['STOP, but only received texts are selected', received('STOP'), 'received', ['received']],
		['START, but only opt-outs are selected', received('START'), undefined, ['optedOut']],
		['STOP, but only opt-ins are selected', received('STOP'), undefined, ['optedIn']],
		['STOP, but from us', created({ direction: 'outbound', text: 'STOP' }), undefined, ALL],
		['YES, of which nothing more is known', received('YES'), 'received', ALL],
		['YES, but only opt-ins are selected', received('YES'), undefined, ['optedIn']],
	])('%s', (_, closeEvent, name, events) => {
		expect(getEventName(closeEvent, { events, fields: {} })).toBe(name);
	});

	test.each<[string, EventName | undefined, EventName[]]>([
		['YES', 'optedIn', ALL],
		['YES', 'optedIn', ['optedIn']],
		['YES', 'received', ['received']],
		['Yes, please', 'received', ALL],
		['STOP', 'optedOut', ALL],
	])('%s after an opt-out: %s of %j', (text, name, events) => {
		expect(getEventName(received(text), { events, fields: {} }, true)).toBe(name);
	});

	test.each<[string, boolean, EventName | undefined, EventName[]]>([
		['STOP', false, undefined, ['received']],
		['Start', false, undefined, ['received']],
		['YES', false, 'received', ['received']],
		['YES', true, undefined, ['received']],
		['YES', true, 'optedIn', ['received', 'optedIn']],
		['STOP', false, 'optedOut', ['received', 'optedOut']],
		['STOP it', false, 'received', ['received']],
	])('%s without keywords (%s): %s of %j', (text, isOptIn, name, events) => {
		const selection = { events, fields: {}, ignoresKeywords: true };
		expect(getEventName(received(text), selection, isOptIn)).toBe(name);
	});

	test.each<[string, CloseEvent, boolean, EventName[]]>([
		['YES', received('yes. '), true, ALL],
		['YES, but opt-ins are not selected', received('YES'), false, ['received', 'optedOut']],
		['START', received('START'), false, ALL],
		['YES from us', created({ direction: 'outbound', text: 'YES' }), false, ALL],
		['YES, edited', { ...received('YES'), action: 'updated' }, false, ALL],
		['no data', event({}), false, ALL],
	])('only the texts before it can tell whether it opts in: %s', (_, closeEvent, may, events) => {
		expect(mayBeOptIn(closeEvent, { events, fields: {} })).toBe(may);
		expect(mayBeOptIn(closeEvent, { events, fields: { lead_id: 'lead_1' } })).toBe(false);
	});

	test('only with the fields that are selected; of a deleted SMS the last ones', () => {
		const selection = { events: ALL, fields: { lead_id: 'lead_1' } };
		const sent = (lead_id: unknown) => event({ action: 'sent', data: { lead_id } });
		const deleted = (lead_id: unknown) => event({ action: 'deleted', previous_data: { lead_id } });
		expect(getEventName(sent('lead_1'), selection)).toBe('sent');
		expect(getEventName(sent('lead_2'), selection)).toBeUndefined();
		expect(getEventName(sent(null), selection)).toBeUndefined();
		expect(getEventName(deleted('lead_1'), selection)).toBe('deleted');
		expect(getEventName(deleted('lead_2'), selection)).toBeUndefined();
	});
});

test('only with these words in the text, in any case; of a deleted SMS the last ones', () => {
	const selection = { events: ALL, fields: {}, textContains: 'Noon' };
	const deleted = (text: string) => event({ action: 'deleted', previous_data: { text } });
	expect(getEventName(received('See you at NOON?'), selection)).toBe('received');
	expect(getEventName(received('See you at one?'), selection)).toBeUndefined();
	expect(getEventName(event({ action: 'sent', data: { text: null } }), selection)).toBeUndefined();
	expect(getEventName(deleted('after noon'), selection)).toBe('deleted');
	expect(getEventName(deleted('after one'), selection)).toBeUndefined();
});

describe('what Close is asked for', () => {
	const entry = (action: string, extra_filter?: EventFilter) => ({
		object_type: 'activity.sms',
		action,
		...(extra_filter && { extra_filter }),
	});
	const inbound = field('data', 'direction', equals('inbound'));
	const isDraft = field('data', 'status', equals('draft'));
	const lead = (place: string) => field(place, 'lead_id', equals('lead_1'));

	test.each<[EventName[], Record<string, string>, object[]]>([
		[[], {}, []],
		[['received'], {}, [entry('created', inbound)]],
		[['optedOut'], {}, [entry('created', inbound)]],
		[['received', 'optedOut', 'optedIn'], {}, [entry('created', inbound)]],
		[['optedIn', 'draftCreated'], {}, [entry('created', anyOf(inbound, isDraft))]],
		[['received', 'draftCreated'], {}, [entry('created', anyOf(inbound, isDraft))]],
		[['updated', 'failed'], {}, [entry('updated')]],
		[['sent'], {}, [entry('sent')]],
		[
			['failed'],
			{},
			[entry('updated', allOf(changed('status'), field('data', 'status', equals('error'))))],
		],
		[
			['received', 'deleted'],
			{ lead_id: 'lead_1' },
			[entry('created', allOf(inbound, lead('data'))), entry('deleted', lead('previous_data'))],
		],
	])('%j with %j', (events, fields, entries) => {
		expect(subscribedEvents({ events, fields })).toEqual(entries);
	});

	test('one entry for each of the four actions at most, in one order', () => {
		const entries = subscribedEvents({ events: ALL, fields: {} });
		expect(entries.map(({ action }) => action)).toEqual(['created', 'updated', 'sent', 'deleted']);
	});
});

describe('a filter', () => {
	test.each<[EventFilter, unknown, boolean]>([
		[equals('x'), 'x', true],
		[equals('x'), 'y', false],
		[equals('1'), 1, false],
		[equals(''), undefined, false],
		[{ type: 'contains', value: 'x' }, ['y', 'x'], true],
		[{ type: 'contains', value: 'x' }, ['y'], false],
		[{ type: 'contains', value: 'x' }, 'x', false],
		[changed('text'), { changed_fields: ['text'] }, true],
		[changed('text'), { changed_fields: ['status'] }, false],
		[field('a', 'b', equals('x')), { a: { b: 'x' } }, true],
		[field('a', 'b', equals('x')), { a: null }, false],
		[field('a', 'b', equals('x')), {}, false],
		[field('a', equals('x')), null, false],
		[{ type: 'and', filters: [equals('x'), equals('y')] }, 'x', false],
		[{ type: 'and', filters: [equals('x'), equals('x')] }, 'x', true],
		[{ type: 'or', filters: [equals('x'), equals('y')] }, 'y', true],
		[{ type: 'or', filters: [equals('x'), equals('y')] }, 'z', false],
	])('%j on %j: %p', (filter, value, isMatch) => {
		expect(matches(value, filter)).toBe(isMatch);
	});

	test('of one part is that part', () => {
		expect(allOf(equals('x'))).toEqual(equals('x'));
		expect(anyOf(equals('x'))).toEqual(equals('x'));
		expect(allOf(equals('x'), equals('y'))).toMatchObject({ type: 'and' });
		expect(anyOf(equals('x'), equals('y'))).toMatchObject({ type: 'or' });
	});
});
