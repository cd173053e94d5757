/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   n8n Cloud forbids Node's own modules, timers and process to a node. What is outside nodes/ and credentials/ is
   never published and needs them: only this file imports them, so that n8n's rules hold in every other one. */
export { existsSync, rmSync } from 'node:fs';
export { Agent, createServer } from 'node:http';
export * as fs from 'node:fs/promises';
export * as os from 'node:os';
export { default as path } from 'node:path';
export { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
export { monitorEventLoopDelay, performance } from 'node:perf_hooks';
export { Session as InspectorSession } from 'node:inspector/promises';
export { createInterface } from 'node:readline/promises';
export { Readable } from 'node:stream';
export { parseArgs } from 'node:util';
import diagnostics from 'node:diagnostics_channel';
import { setTimeout as realWait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, runInThisContext } from 'node:vm';

const { process, clearInterval, setImmediate } = globalThis;
export { process, clearInterval, setImmediate };

export let { setTimeout, clearTimeout, setInterval } = globalThis;
let waitBy = realWait;

/** Resolves after so many milliseconds. */
export const wait: typeof realWait = async (...args) => await waitBy(...args);

/** What ends with the connection of a request: the response to it. */
interface Closable {
	readonly destroyed: boolean;
	once(event: 'close', then: () => void): unknown;
	off(event: 'close', then: () => void): unknown;
}
const holdForReal = async (_: Closable, ms: number): Promise<void> =>
	await wait(ms, undefined, { ref: false });
let holdBy = holdForReal;

/**
 * Resolves after so many milliseconds, in which a server of this process holds up its response on purpose. Does not keep
 * the process alive. `skipWaits` skips it.
 */
export const holdUp: typeof holdForReal = async (...args) => await holdBy(...args);

/**
 * Replaces what `new Date()` and `Date.now()` are.
 *
 * @param now milliseconds since 1970
 * @returns puts the clock back that was there before
 */
export function replaceNow(now: () => number): () => void {
	const before = globalThis.Date;
	// A test may put another function in its place.
	const own: { now: unknown } = { now };
	globalThis.Date = new Proxy(before, {
		construct: (target, args: unknown[]) =>
			args.length === 0 ? new target(now()) : new target(...(args as [number])),
		get: (target, name): unknown => Reflect.get(name === 'now' ? own : target, name),
		set: (target, name, value) => Reflect.set(name === 'now' ? own : target, name, value),
	});
	return () => void (globalThis.Date = before);
}

/**
 * Lets time pass faster from now on, for everything in this process or, in jest, in this test file: clocks and timers.
 * Node's own time-outs, such as those of a request, stay as they are.
 */
export function speedUpTime(factor: number): void {
	const since = { date: Date.now(), monotonic: performance.now() };
	const { performance: realPerformance } = globalThis;
	const elapsed = () => (realPerformance.now() - since.monotonic) * factor;
	waitBy = async (ms = 0, ...rest) => await realWait(ms / factor, ...rest);
	replaceNow(() => Math.floor(since.date + elapsed()));
	const fastPerformance = withNow(realPerformance, () => since.monotonic + elapsed());
	replaceGlobal('performance', fastPerformance);
	const faster = <T extends (...args: never[]) => unknown>(timer: T): T =>
		new Proxy(timer, {
			apply: (target, self, [act, ms = 0, ...rest]: [unknown, number?, ...unknown[]]): unknown =>
				Reflect.apply(target, self, [act, ms / factor, ...rest]),
		});
	setTimeout = globalThis.setTimeout = faster(globalThis.setTimeout);
	setInterval = globalThis.setInterval = faster(globalThis.setInterval);
}

const replaceGlobal = (name: string, value: unknown) =>
	Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

/** A timer that is longer is a limit, which nobody means to wait for. */
const LONGEST_WAIT_MS = 6_000;
/** Looks in a row, a millisecond apart, that have to find nothing under way. */
const QUIET_LOOKS = 3;
/** How long a look at the clock takes. */
const LOOK_MS = 1e-6;
/** What a process has open while nothing happens. Everything else, as a connection that is being made, is work. */
const IDLE_RESOURCES = new Set([
	'FSEvent',
	'Immediate',
	'MessagePort',
	'PipeWrap',
	'TCPServerWrap',
	'TCPSocketWrap',
	'TTYWrap',
	'Timeout',
]);

/**
 * Lets time pass only as timers end, for everything in this process or, in jest, in this test file: work takes none,
 * however busy the machine is, and what everything waits for is skipped. When no request is under way and nothing else
 * happens, the timer that is due next ends at once. What nobody waits for is not skipped: timers without `ref`, and those
 * longer than six seconds. A request whose response a server of this process holds up (`holdUp`) is not under way. Node's
 * own time-outs, such as those of a request, are not of this time.
 *
 * @returns puts clocks and timers back
 */
export function skipWaits(): () => void {
	type Timer = ReturnType<typeof globalThis.setTimeout>;
	interface Pending {
		due: number;
		isWait: boolean;
		/** whether it holds up a response that somebody waits for */
		isHeldUp?: boolean;
		fire: () => void;
		/** in place of the one that was given out */
		timer: Timer;
	}
	const { setTimeout: realTimeout, clearTimeout: realClear, performance: realClock } = globalThis;
	const pending = new Map<unknown, Pending>();
	const began = realClock.now();
	const beganAt = Date.now();
	let now = began;
	let underWay = 0;
	/** of these, whose response is held up */
	let heldUp = 0;
	/** what has happened, to see whether something has */
	let events = 0;

	const watchRequest = (message: unknown) => {
		const { request } = message as { request: { once(event: 'close', then: () => void): void } };
		events++;
		underWay++;
		request.once('close', () => {
			events++;
			underWay--;
			lookAgain(0);
		});
	};
	const isAtWork = () => process.getActiveResourcesInfo().some((one) => !IDLE_RESOURCES.has(one));

	/** If something is waited for, the next timer is over: that one, or one that is due before. */
	const jump = () => {
		const timers = [...pending.values()];
		if (!timers.some(({ isWait, timer, isHeldUp }) => isHeldUp || (isWait && timer.hasRef())))
			return;
		const due = Math.min(...timers.map((one) => one.due));
		for (const one of timers) {
			if (one.due > due) continue;
			realClear(one.timer);
			one.timer = realTimeout(one.fire, 0);
		}
	};
	let watch: Timer | undefined;
	const look = (seen: number, quietLooks: number) => {
		watch = undefined;
		const quiet = seen !== events || isAtWork() ? 0 : quietLooks + 1;
		if (quiet === QUIET_LOOKS) jump();
		lookAgain(quiet % QUIET_LOOKS);
	};
	const lookAgain = (quietLooks: number) => {
		if (underWay > heldUp || pending.size === 0) return;
		watch ??= realTimeout(look, 1, events, quietLooks).unref();
	};

	const setTimer = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer => {
		const due = now + ms;
		const fire = () => {
			events++;
			now = Math.max(now, due);
			pending.delete(id);
			act(...args);
		};
		const id = realTimeout(fire, ms);
		pending.set(id, { due, isWait: ms <= LONGEST_WAIT_MS, fire, timer: id });
		lookAgain(0);
		return id;
	};
	const clearTimer = (id: Parameters<typeof realClear>[0]) => {
		realClear(pending.get(id)?.timer);
		realClear(id);
		pending.delete(id);
	};

	const putDateBack = replaceNow(() => Math.floor(beganAt + now - began));
	replaceGlobal(
		'performance',
		// As with a real one, each look is later than the one before.
		withNow(realClock, () => (now += LOOK_MS)),
	);
	setTimeout = new Proxy(realTimeout, {
		apply: (_, __, args: Parameters<typeof setTimer>): Timer => setTimer(...args),
	});
	clearTimeout = clearTimer;
	replaceGlobal('setTimeout', setTimeout);
	replaceGlobal('clearTimeout', clearTimeout);
	waitBy = async (ms, value, { ref = true, signal } = {}) =>
		await new Promise((resolve, reject) => {
			signal?.throwIfAborted();
			const timer = setTimer(() => resolve(value as never), ms);
			if (!ref) timer.unref();
			signal?.addEventListener('abort', () => {
				clearTimer(timer);
				reject(signal.reason as Error);
			});
		});
	holdBy = async (response, ms) =>
		await new Promise((resolve) => {
			const timer = setTimer(() => {
				letGo();
				resolve();
			}, ms).unref();
			const held = pending.get(timer)!;
			held.isHeldUp = !response.destroyed;
			if (held.isHeldUp) heldUp++;
			const letGo = () => {
				if (held.isHeldUp) heldUp--;
				held.isHeldUp = false;
				response.off('close', letGo);
			};
			response.once('close', letGo);
			lookAgain(0);
		});
	diagnostics.subscribe('http.client.request.start', watchRequest);
	return () => {
		diagnostics.unsubscribe('http.client.request.start', watchRequest);
		realClear(watch);
		// What was called off, as a wait of the node, keeps nothing alive.
		for (const { timer } of pending.values()) timer.unref();
		// Not `clearTimeout`: whoever has a timer from here may yet clear it.
		setTimeout = realTimeout;
		replaceGlobal('setTimeout', realTimeout);
		replaceGlobal('performance', realClock);
		waitBy = realWait;
		holdBy = holdForReal;
		putDateBack();
	};
}

/**
 * Runs on a clock of its own, on which work takes no time and the timer that is due next ends at once: minutes take
 * milliseconds, and the same comes out each time. Only for what waits for nothing but timers.
 */
export async function onVirtualTime<T>(run: () => Promise<T>): Promise<T> {
	const { setTimeout: realTimeout, performance: realClock } = globalThis;
	const pending: Array<{ due: number; act: () => void }> = [];
	let now = 0;
	replaceGlobal(
		'performance',
		withNow(realClock, () => now),
	);
	// As Node.js has it, no timer is shorter than a millisecond.
	replaceGlobal('setTimeout', (act: () => void, ms = 0) => {
		const due = now + Math.max(1, ms);
		const later = pending.findIndex((one) => one.due > due);
		pending.splice(later < 0 ? pending.length : later, 0, { due, act });
	});
	try {
		let isOver = false;
		const result = run().finally(() => (isOver = true));
		while (!isOver) {
			const next = pending.shift();
			if (next) now = next.due;
			next?.act();
			await new Promise((resolve) => setImmediate(resolve));
		}
		return await result;
	} finally {
		replaceGlobal('setTimeout', realTimeout);
		replaceGlobal('performance', realClock);
	}
}

/** A clock that says another time, and is the same otherwise. */
const withNow = (clock: Performance, now: () => number): Performance =>
	new Proxy(clock, {
		get: (target, name): unknown => {
			if (name === 'now') return now;
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});

/** The root folder of the checkout. */
export const root = `${__dirname}/..`;

/** Writes a line to the terminal (the linter forbids `console`). */
export const say = (line: string) => process.stdout.write(`${line}\n`);

/** Bytes in use after a forced garbage collection. */
export function heapInUse(): number {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
	return process.memoryUsage().heapUsed;
}

/** What an expression in JavaScript gives, with these names at hand. @throws what it throws */
export const evaluateCode = (code: string, names: Record<string, unknown>): unknown =>
	(
		runInThisContext(`({ ${Object.keys(names).join()} }) => (${code}\n)`) as (
			all: object,
		) => unknown
	)(names);
