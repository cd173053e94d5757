import type { FastifyInstance } from 'fastify';

import {
	errorResponse,
	notFound,
	invalidFields,
	invalidRequest,
	type FieldErrors,
} from '../http/errors';
import { naiveTime } from '../http/dates';
import { newId } from '../http/ids';
import { randomBytes } from '../../platform';
import type { SmsStore } from '../sms/smsStore';
import type { Clock } from '../clock';
import type { Caller } from '../types';
import type { SubscribedEvent, Subscription } from './subscription';
import { WebhookDelivery } from './webhookDelivery';
import { WebhookEvents, type WebhookEvent } from './webhookEvents';
import { isFilter, matches } from './webhookFilter';

type Input = Partial<Pick<Subscription, 'url' | 'status' | 'events' | 'verify_ssl'>>;

const MAX_SUBSCRIPTIONS = 40;
/** A subscription is paused when every delivery has failed for 3 days, in milliseconds. */
const PAUSE_AFTER = 3 * 24 * 3_600_000;
const SMS_ACTIONS = ['created', 'updated', 'sent', 'deleted'];

/** Subscriptions, and who is told about what. */
export class Webhooks {
	private readonly subscriptions = new Map<string, Subscription>();
	private readonly failingSince = new Map<string, number>();
	private readonly delivery: WebhookDelivery;
	private readonly events: WebhookEvents;

	private readonly clock: Clock;

	constructor({ clock }: { clock: Clock }, smsStore: SmsStore) {
		this.clock = clock;
		this.delivery = new WebhookDelivery(clock, this);
		this.events = new WebhookEvents(
			clock,
			() => this.subscriptions.size > 0,
			(event) => this.publish(event),
		);
		smsStore.follow((change) => this.events.take(change));
	}

	reset(): void {
		this.subscriptions.clear();
		this.failingSince.clear();
		this.events.reset();
		this.delivery.reset();
	}

	/** All subscriptions, as the API shows them. */
	list(): Subscription[] {
		return [...this.subscriptions.values()];
	}

	/** Every attempt so far, in order of its answer. */
	get deliveries() {
		return this.delivery.log;
	}

	/** Brings a share (0 to 1) of all events twice. */
	duplicate(share: number, seed?: number): void {
		this.delivery.duplicate(share, seed);
	}

	/** Keeps deliveries back until `deliverAll`. */
	hold(): void {
		this.delivery.hold();
	}

	/** Keeps deliveries back until `deliverAll`, which brings them in another order. */
	shuffle(seed: number): void {
		this.delivery.shuffle(seed);
	}

	/** Retries, and giving up, come so many times faster. */
	speed(factor: number): void {
		this.delivery.speed = factor;
	}

	/** How long updates and deletes wait for more of the same, in simulated milliseconds. Default 50. */
	consolidation(ms: number): void {
		this.events.setDelay(ms);
	}

	/** Whether a retry is signed anew (default) or carries its first timestamp. */
	retrySignature(mode: 'fresh' | 'first'): void {
		this.delivery.retrySignature = mode;
	}

	/** Brings everything that has happened; resolves when all receivers have answered. */
	async deliverAll(): Promise<void> {
		this.events.flush();
		await this.delivery.deliverAll();
	}

	/** Everything that has happened, oldest first, whether anybody was told or not. */
	get happened(): WebhookEvent[] {
		return this.events.all();
	}

	/** A subscription as it is now. */
	current(id: string): Subscription | undefined {
		return this.subscriptions.get(id);
	}

	/** @throws ErrorResponse 404 */
	find(id: string): Subscription {
		const subscription = this.subscriptions.get(id);
		if (!subscription) throw notFound('WebhookSubscription');
		return subscription;
	}

	/** `POST /webhook/`. @throws ErrorResponse 400 */
	create(input: Input & Pick<Subscription, 'url' | 'events'>, caller: Caller): Subscription {
		checkEvents(input.events);
		this.events.read();
		this.checkDuplicate(input.url);
		if (this.subscriptions.size >= MAX_SUBSCRIPTIONS) {
			throw invalidRequest(
				`An organization can have at most ${MAX_SUBSCRIPTIONS} webhook subscriptions.`,
			);
		}
		const now = naiveTime(this.clock.ms());
		const subscription: Subscription = {
			id: newId('whsub', 22),
			status: 'active',
			verify_ssl: true,
			signature_key: randomBytes(32).toString('hex'),
			created_by: caller.userId,
			updated_by: caller.userId,
			date_created: now,
			date_updated: now,
			counters: {},
			health_status: 'healthy',
			latest_error: null,
			pause_reason: null,
			recent_consecutive_fail_buckets_cnt: 0,
			...input,
		};
		this.subscriptions.set(subscription.id, subscription);
		return subscription;
	}

	/** `PUT /webhook/{id}/`. @throws ErrorResponse 400, 404 */
	update(id: string, input: Input, caller: Caller): Subscription {
		const before = this.find(id);
		if (input.events) checkEvents(input.events);
		const after: Subscription = {
			...before,
			...input,
			updated_by: caller.userId,
			date_updated: naiveTime(this.clock.ms()),
		};
		if (after.status === 'active') this.checkDuplicate(after.url, id);
		after.pause_reason = after.status === 'paused' ? 'api' : null;
		this.subscriptions.set(id, after);
		this.failingSince.delete(id);
		return after;
	}

	/** `DELETE /webhook/{id}/`. @throws ErrorResponse 404 */
	remove(id: string): void {
		this.delivery.drop(this.find(id));
		this.subscriptions.delete(id);
	}

	/** Notes how a delivery went; one that failed for too long pauses its subscription. */
	note(id: string, error: string | undefined): void {
		const subscription = this.subscriptions.get(id);
		if (!subscription) return;
		subscription.latest_error = error ?? subscription.latest_error;
		subscription.health_status = error === undefined ? 'healthy' : 'unhealthy';
		if (error === undefined) return void this.failingSince.delete(id);
		const now = this.clock.ms();
		const since = this.failingSince.get(id) ?? now;
		this.failingSince.set(id, since);
		if (now - since >= PAUSE_AFTER / this.delivery.speed) this.pause(subscription);
	}

	private pause(subscription: Subscription): void {
		subscription.status = 'paused';
		subscription.pause_reason = 'failures';
		this.delivery.drop(subscription);
	}

	private checkDuplicate(url: string, except?: string): void {
		const duplicates = this.list().filter(
			(one) => one.status === 'active' && one.url === url && one.id !== except,
		);
		if (duplicates.length === 0) return;
		throw errorResponse(
			400,
			`Duplicate active subscription. Existing duplicates are: ${duplicates.map(({ id }) => id).join(', ')}`,
		);
	}

	private publish(event: WebhookEvent): void {
		for (const subscription of this.subscriptions.values()) {
			if (
				subscription.status === 'active' &&
				subscription.events.some((one) => isWanted(one, event))
			) {
				this.delivery.add(subscription, event);
			}
		}
	}
}

const isWanted = (
	{ object_type, action, extra_filter }: SubscribedEvent,
	event: WebhookEvent,
): boolean =>
	object_type === event.object_type &&
	action === event.action &&
	(!extra_filter || matches(extra_filter, event));

/** @throws ErrorResponse 400 for an action that texts do not have, or a filter outside Close's grammar */
function checkEvents(events: SubscribedEvent[]): void {
	const errors: FieldErrors = {};
	events.forEach(({ object_type, action, extra_filter }, index) => {
		if (object_type === 'activity.sms' && !SMS_ACTIONS.includes(action))
			errors[index] = { action: 'Not a valid choice.' };
		if (extra_filter && !isFilter(extra_filter))
			errors[index] = { extra_filter: 'Invalid filter.' };
	});
	if (Object.keys(errors).length > 0) throw invalidFields({ events: { errors } });
}

const properties = {
	url: { type: 'string', pattern: '^https?://' },
	events: {
		type: 'array',
		minItems: 1,
		items: {
			type: 'object',
			additionalProperties: false,
			required: ['object_type', 'action'],
			properties: {
				object_type: { type: 'string' },
				action: { type: 'string' },
				extra_filter: { type: ['object', 'null'] },
			},
		},
	},
	verify_ssl: { type: 'boolean' },
};
const createBody = {
	type: 'object',
	additionalProperties: false,
	required: ['url', 'events'],
	properties,
};
const updateBody = {
	type: 'object',
	additionalProperties: false,
	properties: { ...properties, status: { enum: ['active', 'paused'] } },
};

type ById = { Params: { id: string } };

/** `/webhook/` */
export function webhookRoutes(api: FastifyInstance, { webhooks }: { webhooks: Webhooks }): void {
	api.get('/webhook/', () => ({ data: webhooks.list(), has_more: false }));
	api.post<{ Body: Input & Pick<Subscription, 'url' | 'events'> }>(
		'/webhook/',
		{ schema: { body: createBody } },
		({ body, caller }, reply) => reply.code(201).send(webhooks.create(body, caller)),
	);
	api.get<ById>('/webhook/:id/', ({ params }) => webhooks.find(params.id));
	api.put<ById & { Body: Input }>(
		'/webhook/:id/',
		{ schema: { body: updateBody } },
		({ params, body, caller }) => webhooks.update(params.id, body, caller),
	);
	api.delete<ById>('/webhook/:id/', ({ params }) => {
		webhooks.remove(params.id);
		return {};
	});
}
