import type { IDataObject } from 'n8n-workflow';
import { delay, monotonicNow, onAbort } from '../../../shared/delay';
import type { EndpointGroup } from './endpointGroup';
import type { RateLimiter } from './rateLimiter';
import type { RequestScheduler, DrainResult, Drainable } from './requestScheduler';
import { CancelledError, DeadlineError, NotStartedError, StoppedError } from '../flowErrors';

/** n8n's Request Options, Batching: an interval after `size` item starts. The engine's own intervals end before the first request. */
export interface Batching {
	size: number;
	intervalMs: number;
}

/** 'Give Up After': runs from the moment at which a request could be sent if Close's rate limit allowed it. */
export class Deadline {
	/** By `monotonicNow`; Infinity until it runs. */
	at = Infinity;

	constructor(private readonly ms: number) {}

	start(): void {
		if (this.at === Infinity) this.at = monotonicNow() + this.ms;
	}
}

/** What the queue needs to know of an item. */
export interface QueuedItem {
	readonly index: number;
	/** Its first request was admitted; written here alone. */
	isStarted: boolean;
}

interface QueuedRequest {
	item: QueuedItem;
	group: EndpointGroup;
	deadline: Deadline;
	/** It can text a person: it waits while another item's failure is open, and is rejected once the run has stopped. */
	sendsText: boolean;
	/** A request that can follows it, so it waits and is rejected as that would be. */
	leadsToText?: boolean;
}

/** What came of a request, as far as Close's rate limit is concerned. */
interface RequestOutcome {
	headers: IDataObject;
	/** Undefined after a proper response. */
	failure?: { kind: string; body: unknown };
}

/** That one request may be sent, and counts as sent. To be released once, whatever became of it. */
export class Admission {
	private readonly admittedAt = monotonicNow();
	private isOpen = true;

	constructor(
		private readonly scheduler: RequestScheduler,
		private readonly group: EndpointGroup,
	) {}

	/** The request is not sent after all. */
	cancel(): void {
		if (this.isOpen) this.group.recordNotSent();
		this.isOpen = false;
	}

	/** Tells the rate limiter what came of the request. */
	record({ headers, failure }: RequestOutcome): void {
		if (!this.isOpen) return;
		this.isOpen = false;
		const isRefused = failure?.kind === 'rateLimited';
		this.group.recordResponse(headers, this.admittedAt, !isRefused);
		if (!failure) this.group.recordSuccess();
		if (isRefused) this.group.recordRateLimited(headers, failure.body);
	}

	/** Admits what may be sent now, of this run and of others with its key. */
	release(): void {
		this.record({ headers: {}, failure: { kind: 'unknown', body: undefined } });
		this.scheduler.release(this.group);
	}
}

interface Entry extends QueuedRequest {
	admit: (admission: Admission) => void;
	reject: (error: Error) => void;
}

const isTowardsText = ({ sendsText, leadsToText }: QueuedRequest) =>
	sendsText || leadsToText === true;

/** From the end, where nearly all go: items come in input order. */
function insertInOrder(queue: Entry[], entry: Entry): void {
	let position = queue.length;
	while (position > 0 && queue[position - 1].item.index > entry.item.index) position--;
	queue.splice(position, 0, entry);
}

/** How a run sends. */
interface QueueOptions {
	/** Items in progress at once. */
	maxConcurrency: number;
	signal?: AbortSignal;
	batching?: Batching;
	/**
	 * In Stop mode the first request that can text a person goes alone: what Close refuses of all of them, it refuses once.
	 */
	sendsFirstTextAlone?: boolean;
}

/**
 * All requests of a run wait here. An item starts when its first request is admitted, and items start in input order;
 * further requests go first, those of the lowest item before all. Only `drainOne` admits requests: the
 * scheduler lets the runs that use the same key take turns.
 */
export class RequestQueue implements Drainable {
	/** Items that are to start, in input order: none of them starts before those ahead of it have started or left. */
	private entered = new Set<QueuedItem>();
	private lastEntered = -1;
	/** What they ask for first: one request, or several at once. */
	private readonly starting = new Map<QueuedItem, Entry[]>();
	/** Requests of all other items, in input order. */
	private following: Entry[] = [];
	private readonly active = new Set<QueuedItem>();
	/** Items that wait for another item. */
	private readonly suspended = new Set<QueuedItem>();
	/** Items with a failed request whose result is not known: they may stop the run. */
	private readonly paused = new Set<QueuedItem>();
	private readonly stopping = new AbortController();
	/** Aborted once the run was stopped. */
	readonly stopSignal = this.stopping.signal;
	/** The item whose text went out alone; the others follow once it has succeeded. */
	private firstTexting?: QueuedItem;
	private isFirstTextDone: boolean;
	private leftInBatch: number;
	private isBetweenBatches = false;
	private stopListening?: () => void;
	private readonly idleWaiters: Array<() => void> = [];
	/** Shared with other runs that use the same key. */
	readonly limiter: RateLimiter;

	constructor(
		private readonly scheduler: RequestScheduler,
		private readonly options: QueueOptions,
	) {
		this.limiter = scheduler.limiter;
		this.leftInBatch = options.batching?.size ?? Infinity;
		this.isFirstTextDone = !options.sendsFirstTextAlone;
	}

	/** An item is about to be handled. It starts before all that come after it in the input and have not started. */
	enter(item: QueuedItem): void {
		this.entered.add(item);
		if (item.index < this.lastEntered)
			this.entered = new Set([...this.entered].sort((one, other) => one.index - other.index));
		this.lastEntered = Math.max(this.lastEntered, item.index);
	}

	/**
	 * Waits until a request may be sent; then it counts as sent, until its admission is released.
	 *
	 * @throws {NotStartedError} @throws {CancelledError} @throws {StoppedError} @throws {DeadlineError}
	 */
	async acquire(request: QueuedRequest): Promise<Admission> {
		return await new Promise<Admission>((admit, reject) => {
			const { item } = request;
			// It has gone on in spite of whatever failed before.
			if (isTowardsText(request)) this.paused.delete(item);
			const entry = { ...request, admit, reject };
			if (this.entered.has(item))
				this.starting.set(item, [...(this.starting.get(item) ?? []), entry]);
			else insertInOrder(this.following, entry);
			// Deferred until the caller awaits: requests that are admitted together go out in the order of their admission.
			void Promise.resolve().then(this.drain);
		});
	}

	/** Admits no text of another item until the result of this one is known: it has failed, and may stop the run. */
	pause(item: QueuedItem): void {
		this.paused.add(item);
	}

	/** A request of an item has succeeded. What may have failed before holds nobody up any more. */
	succeed(item: QueuedItem): void {
		const isFirstText = !this.isFirstTextDone && item === this.firstTexting;
		if (isFirstText) this.isFirstTextDone = true;
		if (this.paused.delete(item) || isFirstText) this.drain();
	}

	/**
	 * Waits for another item. It does not count as active meanwhile, otherwise the two could wait for each other; and if it
	 * has failed before, it has gone on.
	 *
	 * @param keepsPlace the items after it do not start meanwhile. Only for a wait for an item before it: that one never
	 * waits for this one to start.
	 */
	async suspend<T>(item: QueuedItem, other: Promise<T>, keepsPlace = false): Promise<T> {
		this.paused.delete(item);
		if (!keepsPlace) this.leaveOrder(item);
		const wasActive = this.active.delete(item);
		if (wasActive) this.suspended.add(item);
		this.drain();
		try {
			return await other;
		} finally {
			if (this.suspended.delete(item)) this.active.add(item);
		}
	}

	/** An item has its result. */
	finish(item: QueuedItem): void {
		this.leaveOrder(item);
		this.paused.delete(item);
		this.active.delete(item);
		if (this.firstTexting === item) this.firstTexting = undefined;
		this.drain();
	}

	/** Starts no further item, and admits no further request that could text a person. */
	stop(): void {
		this.stopping.abort();
		this.drain();
	}

	/** Waits until every item that has started is finished. */
	async onIdle(): Promise<void> {
		if (!this.isIdle()) await new Promise<void>((wake) => this.idleWaiters.push(wake));
	}

	/** The next request that may be sent; to be called by the scheduler alone. */
	drainOne(): DrainResult {
		let nextAt = Infinity;
		let hasAdmitted = false;
		/** @returns whether it has left the queue */
		const admitOrReject = (entry: Entry): boolean => {
			this.startTimers(entry);
			const admission = this.getAdmissionTime(entry);
			if (typeof admission !== 'number') {
				entry.reject(admission);
				return true;
			}
			if (hasAdmitted || admission > monotonicNow()) {
				nextAt = Math.min(nextAt, admission);
				return false;
			}
			hasAdmitted = true;
			this.admit(entry);
			return true;
		};
		this.following = this.following.filter((entry) => !admitOrReject(entry));
		for (const item of this.entered) {
			const [first] = this.starting.get(item) ?? [];
			// It will ask or leave the order, unless no item starts any more.
			if (!first && this.isOver()) continue;
			if (!first || !admitOrReject(first)) break;
			this.starting.get(item)!.shift();
			this.leaveOrder(item);
		}
		this.listen();
		return { hasAdmitted, isWaiting: this.isWaiting(), nextAt };
	}

	/** Listens for a cancel only while requests wait. The signal outlives the run: a loop has many runs in one execution. */
	private listen(): void {
		const mustListen = this.isWaiting();
		if (mustListen === (this.stopListening !== undefined)) return;
		this.stopListening?.();
		this.stopListening = mustListen ? onAbort([this.options.signal], this.drain) : undefined;
	}

	private readonly drain = (): void => {
		if (this.isWaiting()) this.scheduler.update(this);
		if (this.isIdle()) for (const wake of this.idleWaiters.splice(0)) wake();
	};

	/** It has started, or waits for an item that may start after it: the others need not wait for it. */
	private leaveOrder(item: QueuedItem): void {
		this.entered.delete(item);
		for (const entry of this.starting.get(item) ?? []) insertInOrder(this.following, entry);
		this.starting.delete(item);
	}

	/** A deadline starts once only Close's rate limit can hold up the request; an interval, once an item waits for it. */
	private startTimers(entry: Entry): void {
		const { item, deadline } = entry;
		const isNext = item.isStarted || (this.hasRoom() && !this.mustWaitForOther(entry));
		if (!isNext) return;
		if (item.isStarted || this.leftInBatch > 0) deadline.start();
		else if (!this.isBetweenBatches) void this.waitForBatchInterval();
	}

	/** When a request may be sent at the latest, by `monotonicNow`, or why it never will be. */
	private getAdmissionTime(entry: Entry): number | Error {
		const { item, group, deadline } = entry;
		if (this.options.signal?.aborted)
			return item.isStarted ? new CancelledError() : new NotStartedError();
		if (item.isStarted) {
			if (this.stopSignal.aborted && isTowardsText(entry)) return new StoppedError();
			if (this.mustWaitForOther(entry))
				return deadline.at <= monotonicNow() ? new DeadlineError('otherItem') : deadline.at;
		} else {
			if (this.stopSignal.aborted) return new NotStartedError();
			if (!this.hasRoom() || this.leftInBatch <= 0 || this.mustWaitForOther(entry)) return Infinity;
		}
		const { at, isRateLimited } = group.getAvailability();
		return isRateLimited && at > deadline.at ? new DeadlineError() : at;
	}

	/** Whether the result of another item may still forbid a text. */
	private mustWaitForOther(entry: Entry): boolean {
		const { item, sendsText } = entry;
		const isPaused = this.paused.size > (this.paused.has(item) ? 1 : 0);
		if (isPaused && isTowardsText(entry)) return true;
		const first = this.isFirstTextDone ? undefined : this.firstTexting;
		return sendsText && first !== undefined && first !== item;
	}

	private isIdle = () => this.active.size + this.suspended.size === 0;

	private isWaiting = () => this.starting.size + this.following.length > 0;

	/** No further item starts. */
	private isOver = () => this.stopSignal.aborted || this.options.signal?.aborted === true;

	private hasRoom = () => this.paused.size === 0 && this.active.size < this.options.maxConcurrency;

	private admit({ item, group, sendsText, admit }: Entry): void {
		if (sendsText && !this.isFirstTextDone) this.firstTexting = item;
		if (!item.isStarted) this.leftInBatch--;
		item.isStarted = true;
		// What an item reads while it waits takes no place.
		if (!this.suspended.has(item)) this.active.add(item);
		group.recordSent();
		admit(new Admission(this.scheduler, group));
	}

	private async waitForBatchInterval(): Promise<void> {
		const { intervalMs, size } = this.options.batching!;
		this.isBetweenBatches = true;
		await delay(intervalMs, this.options.signal);
		this.isBetweenBatches = false;
		this.leftInBatch = size;
		this.drain();
	}
}
