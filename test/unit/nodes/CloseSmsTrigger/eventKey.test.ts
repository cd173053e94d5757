import type { EventName } from '../../../../nodes/CloseSmsTrigger/events';
import type { CloseEvent } from '../../../../nodes/CloseSmsTrigger/closeEvent';
import { toEventKey } from '../../../../nodes/CloseSmsTrigger/eventKey';

const event = (more: object = {}): CloseEvent => ({
	id: 'ev_1',
	action: 'created',
	object_type: 'activity.sms',
	object_id: 'acti_1',
	user_id: null,
	api_key_id: null,
	date_updated: '2026-01-02T03:04:05.678000',
	changed_fields: [],
	data: null,
	previous_data: null,
	...more,
});

test.each<[EventName, string, boolean]>([
	['received', 'acti_1 received', false],
	['optedOut', 'acti_1 received', false],
	['optedIn', 'acti_1 received', false],
	['sent', 'acti_1 sent', false],
	['failed', 'acti_1 failed', false],
	['draftCreated', 'acti_1 draftCreated', false],
	['deleted', 'acti_1 deleted', false],
	['scheduled', 'ev_1', true],
	['canceled', 'ev_1', true],
	['updated', 'ev_1', true],
])('%s is known by %s; a later change is new: %p', (name, id, isRepeatable) => {
	expect(toEventKey(event(), name)).toEqual({
		id,
		time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
		isRepeatable,
	});
});

test.each<[string, object, string]>([
	['object_id', { data: { id: 'acti_2' } }, 'acti_1'],
	['the SMS', { object_id: undefined, data: { id: 'acti_2' } }, 'acti_2'],
	['the SMS, once deleted', { object_id: '', previous_data: { id: 'acti_3' } }, 'acti_3'],
	['the event, if Close names no SMS', { object_id: null, data: { id: 7 } }, 'ev_1'],
])('the SMS is known by %s', (_, more, id) => {
	expect(toEventKey(event(more), 'received').id).toBe(`${id} received`);
});
