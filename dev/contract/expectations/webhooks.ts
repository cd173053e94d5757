import { eventOptions, subscribedEvents } from '../../../nodes/CloseSmsTrigger/events';
import { field, equals } from '../../../nodes/CloseSmsTrigger/eventFilter';
import {
	decideSubscription,
	parseDuplicateIds,
} from '../../../nodes/CloseSmsTrigger/subscriptionDecision';
import { toUtc } from '../../../nodes/CloseSmsTrigger/closeEvent';
import { isSignatureKey } from '../../../nodes/CloseSmsTrigger/signature';
import { verifyDelivery } from '../../../nodes/CloseSmsTrigger/webhook/verifyDelivery';
import type { Exchange } from '../closeClient';
import type { JsonObject } from '../jsonObject';
import {
	Difference,
	expectStatus,
	expectSuccess,
	expectThat,
	NotTried,
	requireSuccess,
} from '../expect';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import { smsPath, type Probe } from '../probe';
import { CONCLUDED, DOCS, USERS } from './sources';

const API = 'nodes/CloseSmsTrigger/subscriptionApi.ts';
const DECISION = 'nodes/CloseSmsTrigger/subscriptionDecision.ts';
const EVENTS = 'nodes/CloseSmsTrigger/events.ts';
const VERIFY = 'nodes/CloseSmsTrigger/webhook/verifyDelivery.ts';
const SIGNATURE = 'nodes/CloseSmsTrigger/signature.ts';
const EVENT = 'nodes/CloseSmsTrigger/closeEvent.ts';
const CHANGE_BEHIND = 'nodes/CloseSmsTrigger/webhook/readChangeBehind.ts';
const SIMULATED = 'dev/simulator/webhooks/webhooks.ts';
const LOG = 'dev/simulator/webhooks/eventRoutes.ts';
const CAUGHT_UP = 'nodes/CloseSmsTrigger/catchUp/eventLog.ts';
const MISSED = 'nodes/CloseSmsTrigger/catchUp/missedTime.ts';
const DELIVERY = 'dev/simulator/webhooks/webhookDelivery.ts';

const path = (id: unknown) => `/webhook/${String(id)}/`;

/** Only what happens to the run's own lead: nothing else of the account is delivered anywhere. */
const ownEvents = (close: Probe) =>
	(['created', 'updated', 'deleted'] as const).map((action) => ({
		object_type: 'activity.sms',
		action,
		extra_filter: field('lead_id', equals(close.leadId)),
	}));

/** An address that leads nowhere (RFC 2606). */
const nowhere = (close: Probe) => `https://${close.newText().replace(/\W+/g, '-')}.invalid/`;

interface Subscription extends JsonObject {
	id: string;
	url: string;
	status: string;
	events: JsonObject[];
}

/** An organization can have so many subscriptions (Close: "Webhooks"). */
const MAX_SUBSCRIPTIONS = 40;

const SAYS_LIMIT = /maximum|limit|too many/i;

/** @throws NotTried when the organization has as many subscriptions as it may have */
async function postSubscription(close: Probe, more: JsonObject = {}): Promise<Exchange> {
	const body = { url: nowhere(close), events: ownEvents(close), ...more };
	const answer = await close.post('/webhook/', body);
	if (answer.status !== 400) return answer;
	const { data } = ((await close.get('/webhook/')).body ?? {}) as { data?: unknown[] };
	const isFull = Array.isArray(data) && data.length >= MAX_SUBSCRIPTIONS;
	if (isFull || SAYS_LIMIT.test(JSON.stringify(answer.body ?? '')))
		throw new NotTried(finding`Close makes no more webhook subscriptions: ${answer.body}`);
	return answer;
}

/** @throws NotTried when Close makes none */
async function subscribe(close: Probe, more: JsonObject = {}): Promise<Subscription> {
	const answer = await postSubscription(close, more);
	requireSuccess(answer, finding`no subscription could be made`);
	const body = answer.body as Subscription | undefined;
	if (typeof body?.id !== 'string')
		throw new NotTried(finding`a subscription was answered without an ID`);
	return body;
}

const get = async (close: Probe, id: string): Promise<Subscription> => {
	const answer = await close.get(path(id));
	expectSuccess(answer);
	return (answer.body ?? {}) as Subscription;
};

/** Everything that a trigger can be set to. */
const everything = subscribedEvents({ events: eventOptions.map(({ value }) => value), fields: {} });

/** As text, with keys in order. */
const toCanonical = (value: unknown): string =>
	JSON.stringify(value, (_, entry: unknown) =>
		typeof entry === 'object' && entry !== null && !Array.isArray(entry)
			? Object.fromEntries(Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1)))
			: entry,
	);

/** How long a delivery may take, in milliseconds. */
const DELIVERED_WITHIN = 120_000;

/** The event of this action about this text, once it was delivered with a signature that the trigger accepts. */
async function delivered(
	close: Probe,
	{ id: subscriptionId, signature_key: signatureKey }: Subscription,
	action: string,
	smsId: string,
) {
	const verify = () =>
		close.receiver.received
			.filter(({ body }) => body.includes(subscriptionId))
			.map((request) =>
				verifyDelivery(request, { subscriptionId, signatureKey, maxAge: 600, now: Date.now() }),
			);
	const event = await close.until(DELIVERED_WITHIN, 'No delivery yet', async () =>
		verify()
			.map((delivery) => delivery.event)
			.find((one) => one?.action === action && one.object_id === smsId),
	);
	if (event) return event;
	const [reason] = verify().flatMap(({ rejection }) => rejection?.reason ?? []);
	throw new Difference(
		reason
			? finding`the trigger rejects what was delivered: ${literal(reason)}`
			: finding`it was not delivered within two minutes`,
	);
}

interface EventPage {
	data: JsonObject[];
	cursor_next: unknown;
}

/** @throws Difference unless it is a page of events */
function eventPage(answer: Exchange): EventPage {
	expectSuccess(answer);
	const page = answer.body as EventPage;
	if (!Array.isArray(page?.data)) throw new Difference(finding`the body has no list "data"`);
	return page;
}

/** How long an event may take until it is in the log, in milliseconds. */
const LOGGED_WITHIN = 60_000;

/** The event of this action about this SMS in Close's own log. @throws Difference when it does not appear */
async function happened(close: Probe, action: string, smsId: string): Promise<JsonObject> {
	const event = await close.until(LOGGED_WITHIN, 'The event log does not have it yet', async () =>
		eventPage(
			await close.get('/event/', { object_type: 'activity.sms', object_id: smsId }),
		).data.find((one) => one.action === action),
	);
	if (!event) throw new Difference(finding`the event log does not have it within a minute`);
	return event;
}

/** Subscribes the receiver to what happens to the run's own lead. */
const subscribeReceiver = async (close: Probe) =>
	await subscribe(close, { url: close.receiver.url });

export const webhooks = group('webhooks', [
	{
		name: 'subscription-is-made-with-its-key',
		title: 'A subscription is active and has a `signature_key` of 64 hex characters',
		source: DOCS.webhooks,
		mark: 'confirmed',
		restsOn: [API, SIGNATURE, SIMULATED],
		steps: async (close) => {
			const answer = await postSubscription(close);
			expectSuccess(answer);
			const { status, signature_key: key } = (answer.body ?? {}) as JsonObject;
			expectThat(status === 'active', finding`its status is ${status}`);
			expectThat(isSignatureKey(key), finding`the key is ${typeof key}`);
		},
	},
	{
		name: 'subscription-shows-its-key-later',
		title: 'A read of a subscription shows its `signature_key`',
		source: `${DOCS.webhooks} (example); its prose names only the answer to the creation`,
		mark: 'inferred',
		restsOn: [DECISION, 'nodes/CloseSmsTrigger/subscription.ts', SIMULATED],
		steps: async (close) => {
			const made = await subscribe(close);
			const { signature_key: key } = await get(close, made.id);
			expectThat(
				key === made.signature_key,
				finding`the key is ${key === undefined ? 'missing' : 'another'}`,
			);
		},
	},
	{
		name: 'duplicate-is-refused-with-its-id',
		title: 'A second active subscription for an address is a 400 that names the first one',
		source: 'a user (github.com/m2b-creator/N8N-Close/pull/15)',
		mark: 'inferred',
		restsOn: [DECISION, API, SIMULATED],
		steps: async (close) => {
			const { id, url } = await subscribe(close);
			const answer = await close.post('/webhook/', { url, events: ownEvents(close) });
			expectStatus(answer, 400);
			expectThat(parseDuplicateIds(answer.body).includes(id), finding`the body is ${answer.body}`);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'duplicate-is-told-under-error',
		title: 'The refusal of a second active subscription has its words under `error`',
		source: USERS.duplicates,
		mark: 'inferred',
		restsOn: [SIMULATED],
		steps: async (close) => {
			const { url } = await subscribe(close);
			const { body } = await close.post('/webhook/', { url, events: ownEvents(close) });
			const { error } = body as JsonObject;
			expectThat(typeof error === 'string', finding`the body is ${body}`);
		},
	},
	{
		name: 'filters-of-the-trigger-are-taken',
		title: 'Every filter that the trigger can ask for is taken',
		source: DOCS.webhookFilters,
		mark: 'confirmed',
		restsOn: [
			EVENTS,
			'nodes/CloseSmsTrigger/eventFilter.ts',
			'dev/simulator/webhooks/webhookFilter.ts',
		],
		steps: async (close) => {
			const isOwn = field('lead_id', equals(close.leadId));
			const events = everything.map(({ extra_filter: filter, ...entry }) => ({
				...entry,
				extra_filter: filter ? { type: 'and', filters: [filter, isOwn] } : isOwn,
			}));
			const answer = await postSubscription(close, { events });
			expectSuccess(answer);
			const { events: taken } = (answer.body ?? {}) as Partial<Subscription>;
			const filters = (list: JsonObject[] = []) =>
				list.map(({ action, extra_filter: filter }) => [action, toCanonical(filter)]).sort();
			const isKept = JSON.stringify(filters(taken)) === JSON.stringify(filters(events));
			expectThat(isKept, finding`it shows other filters than those that were sent`);
		},
	},
	{
		name: 'subscription-shows-its-events',
		title: 'A read of a subscription shows its address and events as they were sent',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [DECISION, SIMULATED],
		steps: async (close) => {
			const desired = { url: nowhere(close), events: ownEvents(close) };
			const { id } = await subscribe(close, desired);
			const { action } = decideSubscription(
				{ subscriptionId: id, url: desired.url },
				await get(close, id),
				desired,
			);
			expectThat(action === 'keep', finding`the trigger would ${literal(action)} it`);
		},
	},
	{
		name: 'subscription-can-be-changed',
		title: 'The events of a subscription can be changed, and a paused one made active again',
		source: DOCS.webhooks,
		mark: 'confirmed',
		restsOn: [API, SIMULATED],
		steps: async (close) => {
			const { id, url } = await subscribe(close);
			expectSuccess(await close.put(path(id), { status: 'paused' }));
			const events = ownEvents(close).slice(1);
			const answer = await close.put(path(id), { url, events, status: 'active' });
			expectSuccess(answer);
			const found = (answer.body ?? {}) as Subscription;
			expectThat(found.status === 'active', finding`its status is ${found.status}`);
			expectThat(found.events?.length === 2, finding`it has ${found.events?.length} events`);
		},
	},
	{
		name: 'paused-subscription-says-since-when',
		title:
			'A change of a subscription moves `date_updated`; `pause_reason` is `api` after a request',
		source: `${DOCS.webhooks} (example)`,
		mark: 'inferred',
		restsOn: [MISSED, 'nodes/CloseSmsTrigger/subscription.ts', SIMULATED],
		steps: async (close) => {
			const { id, date_updated: before } = await subscribe(close);
			expectSuccess(await close.put(path(id), { status: 'paused' }));
			const { date_updated: after, pause_reason: reason } = await get(close, id);
			const isLater = Date.parse(toUtc(String(after))) > Date.parse(toUtc(String(before)));
			expectThat(isLater, finding`date_updated was ${before} and is ${after}`);
			expectThat(reason === 'api', finding`pause_reason is ${reason}`);
		},
	},
	{
		name: 'subscription-can-be-deleted',
		title: 'A subscription that is deleted is a 404 afterwards',
		source: DOCS.webhooks,
		mark: 'confirmed',
		restsOn: [API, SIMULATED],
		steps: async (close) => {
			const { id } = await subscribe(close);
			expectStatus(await close.delete(path(id)), 200, 204);
			expectStatus(await close.get(path(id)), 404);
		},
	},
	{
		name: 'subscriptions-are-listed',
		title: 'The list of subscriptions has `data`',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['dev/contract/cleanUp.ts', SIMULATED],
		steps: async (close) => {
			const { id } = await subscribe(close);
			const { body } = await close.get('/webhook/');
			const { data } = body as { data?: Subscription[] };
			expectThat(data?.some((one) => one.id === id) ?? false, finding`it does not list a new one`);
		},
	},
	{
		name: 'delivery-is-signed',
		title:
			'A delivery is signed in `close-sig-hash`: HMAC-SHA256 with the decoded key over `close-sig-timestamp` and body',
		source: DOCS.webhooks,
		mark: 'confirmed',
		restsOn: [SIGNATURE, VERIFY, DELIVERY],
		steps: async (close) => {
			const subscription = await subscribeReceiver(close);
			const { id } = await close.draft();
			await delivered(close, subscription, 'created', id);
		},
	},
	{
		name: 'event-has-the-sms',
		title:
			'A delivery has `subscription_id` and an `event` with `id`, `date_updated`, `data` with the SMS, and `api_key_id`',
		source: DOCS.events,
		mark: 'confirmed',
		restsOn: [EVENT, EVENTS, 'dev/simulator/webhooks/webhookEvents.ts'],
		steps: async (close) => {
			const subscription = await subscribeReceiver(close);
			const { id } = await close.draft();
			const event = await delivered(close, subscription, 'created', id);
			expectThat(event.data?.id === id, finding`data is not the SMS`);
			expectThat(event.data?.status === 'draft', finding`its status is ${event.data?.status}`);
			expectThat(typeof event.api_key_id === 'string', finding`it names no key`);
		},
	},
	{
		name: 'event-names-the-app',
		title:
			'An event has `oauth_client_id` and `oauth_scope`, which are null after a change with an API key',
		source: USERS.recordedEvent,
		mark: 'inferred',
		restsOn: [EVENT, 'dev/simulator/webhooks/webhookEvents.ts'],
		steps: async (close) => {
			const { id } = await close.draft();
			const event = await happened(close, 'created', id);
			const { oauth_client_id: app, oauth_scope: scope } = event;
			expectThat(app === null && scope === null, finding`they are ${app} and ${scope}`);
		},
	},
	{
		name: 'event-names-the-key',
		title: 'An event has in `api_key_id` the part before the dot of the key that made the change',
		source: `${DOCS.events}; which part of the key: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [EVENT, 'nodes/CloseSmsTrigger/webhook/handleWebhook.ts'],
		steps: async (close) => {
			const { id } = await close.draft();
			const { api_key_id: key } = await happened(close, 'created', id);
			expectThat(
				key === close.apiKeyId,
				finding`it is ${typeof key}, and not the beginning of the key`,
			);
		},
	},
	{
		name: 'event-names-the-user-of-the-key',
		title: 'An event after a change with an API key has the user of the key in `user_id`',
		source: `${DOCS.events} ("null if Close itself acted"); that a key acts for its user: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [EVENT, CHANGE_BEHIND],
		steps: async (close) => {
			const { id } = await close.draft();
			const { user_id: user } = await happened(close, 'created', id);
			expectThat(
				user === close.organization.userId,
				finding`it is ${user === null ? 'nobody' : 'another user'}`,
			);
		},
	},
	{
		name: 'edit-is-logged-with-its-key',
		title:
			'An edit with an API key is in the event log as `updated`, with the key and the names of the fields',
		source: `${DOCS.events}; that an edit soon after the creation is an event of its own: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [EVENT, CHANGE_BEHIND],
		steps: async (close) => {
			const { id } = await close.draft();
			requireSuccess(
				await close.put(smsPath(id), { text: close.newText() }),
				finding`the draft could not be edited`,
			);
			const { api_key_id: key, changed_fields: fields } = await happened(close, 'updated', id);
			expectThat(key === close.apiKeyId, finding`api_key_id is ${typeof key}`);
			expectThat(
				Array.isArray(fields) && (fields as unknown[]).includes('text'),
				finding`changed_fields is ${fields}`,
			);
		},
	},
	{
		name: 'event-names-the-app-of-a-token',
		title:
			'An event after a change with an access token has `oauth_client_id`, and no `api_key_id`',
		source: USERS.recordedEvent,
		mark: 'inferred',
		restsOn: [EVENT, 'nodes/CloseSmsTrigger/webhook/handleWebhook.ts'],
		steps: async (close) => {
			const authorization = `Bearer ${close.accessToken}`;
			const { id } = await close.draft();
			const body = { text: close.newText() };
			const answer = await close.client.request({
				method: 'PUT',
				path: smsPath(id),
				body,
				authorization,
			});
			requireSuccess(answer, finding`the token may not change it`);
			const { oauth_client_id: app, api_key_id: key } = await happened(close, 'updated', id);
			expectThat(typeof app === 'string', finding`oauth_client_id is ${typeof app}`);
			expectThat(key === null, finding`it names a key, too`);
		},
	},
	{
		name: 'events-are-listed',
		title: 'The event log has what was delivered: a new SMS as `created`, the latest first',
		source: DOCS.events,
		mark: 'confirmed',
		restsOn: [CAUGHT_UP, LOG],
		steps: async (close) => {
			const { id } = await close.draft();
			const { data, id: event } = await happened(close, 'created', id);
			expectThat((data as JsonObject | null)?.id === id, finding`data is not the SMS`);
			const { body } = await close.get(`/event/${String(event)}/`);
			expectThat((body as JsonObject).id === event, finding`it cannot be read by its ID`);
		},
	},
	{
		name: 'event-log-has-what-is-delivered',
		title: 'The event log has an event with the `id` and `date_updated` with which it is delivered',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [CAUGHT_UP, LOG],
		steps: async (close) => {
			const subscription = await subscribeReceiver(close);
			const { id } = await close.draft();
			const event = await delivered(close, subscription, 'created', id);
			const logged = await happened(close, 'created', id);
			const isSame = logged.id === event.id && logged.date_updated === event.date_updated;
			expectThat(isSame, finding`the log has ${logged.id}, ${logged.date_updated}`);
		},
	},
	{
		name: 'event-log-has-cursors',
		title: 'The event log gives at most 50 events, and `cursor_next` leads to those before',
		source: DOCS.events,
		mark: 'confirmed',
		restsOn: [CAUGHT_UP, LOG],
		steps: async (close) => {
			await happened(close, 'created', (await close.draft()).id);
			await happened(close, 'created', (await close.draft()).id);
			const query = { object_type: 'activity.sms', action: 'created' };
			const whole = eventPage(await close.get('/event/', { ...query, _limit: 100 }));
			expectThat(whole.data.length <= 50, finding`it gives ${whole.data.length}`);
			const first = eventPage(await close.get('/event/', { ...query, _limit: 1 }));
			const cursor = first.cursor_next;
			if (typeof cursor !== 'string') throw new Difference(finding`the cursor is ${cursor}`);
			const next = eventPage(await close.get('/event/', { ...query, _limit: 1, _cursor: cursor }));
			expectThat(
				next.data[0]?.id !== undefined && next.data[0].id !== first.data[0]?.id,
				finding`it leads to ${next.data.length} events`,
			);
		},
	},
	{
		name: 'event-filters-are-limited',
		title: 'A combination of filters that the documentation does not name is refused with 400',
		source: `${DOCS.events} ("Only certain combinations of filters are supported")`,
		mark: 'inferred',
		restsOn: [LOG],
		steps: async (close) => {
			const answer = await close.get('/event/', { action: 'created' });
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'update-names-what-changed',
		title: 'An event `updated` has `changed_fields` and the old values in `previous_data`',
		source: DOCS.events,
		mark: 'confirmed',
		restsOn: [EVENT, EVENTS, 'dev/simulator/webhooks/webhookEvents.ts'],
		steps: async (close) => {
			const subscription = await subscribeReceiver(close);
			const { id, text } = await close.draft();
			await close.put(smsPath(id), { text: close.newText() });
			const event = await delivered(close, subscription, 'updated', id);
			expectThat(
				event.changed_fields.includes('text') && event.previous_data?.text === text,
				finding`changed_fields is ${event.changed_fields}`,
			);
		},
	},
	{
		name: 'deletion-has-no-data',
		title: 'An event `deleted` has null as `data`, and the SMS in `previous_data`',
		source: DOCS.events,
		mark: 'confirmed',
		restsOn: [EVENT, EVENTS, 'dev/simulator/webhooks/webhookEvents.ts'],
		steps: async (close) => {
			const subscription = await subscribeReceiver(close);
			const { id } = await close.draft();
			await close.delete(smsPath(id));
			const event = await delivered(close, subscription, 'deleted', id);
			expectThat(event.data === null, finding`data is ${typeof event.data}`);
			expectThat(event.previous_data?.status === 'draft', finding`previous_data is not the SMS`);
		},
	},
]);
