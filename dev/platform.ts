/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   n8n Cloud forbids Node's own modules, timers and process to a node. What is outside nodes/ and credentials/ is
   never published and needs them: only this file imports them, so that n8n's rules hold in every other one. */
export { existsSync, rmSync } from 'node:fs';
export { createServer } from 'node:http';
export * as fs from 'node:fs/promises';
export * as os from 'node:os';
export { default as path } from 'node:path';
export { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
export { monitorEventLoopDelay, performance } from 'node:perf_hooks';
export { createInterface } from 'node:readline/promises';
export { Readable } from 'node:stream';
export { parseArgs } from 'node:util';
import { setTimeout as realWait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { process, clearTimeout, clearInterval, setImmediate } = globalThis;
export { process, clearTimeout, clearInterval, setImmediate };

export let { setTimeout, setInterval } = globalThis;
let speed = 1;

/** Resolves after so many milliseconds. */
export const wait: typeof realWait = async (ms = 0, ...rest) => await realWait(ms / speed, ...rest);

/**
 * Replaces what `new Date()` and `Date.now()` are.
 *
 * @param now milliseconds since 1970
 * @returns puts the clock back that was there before
 */
export function replaceNow(now: () => number): () => void {
	const before = globalThis.Date;
	globalThis.Date = new Proxy(before, {
		construct: (target, args: unknown[]) =>
			args.length === 0 ? new target(now()) : new target(...(args as [number])),
		get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
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
	speed *= factor;
	replaceNow(() => Math.floor(since.date + elapsed()));
	const fastPerformance = new Proxy(realPerformance, {
		get: (target, name): unknown => {
			if (name === 'now') return () => since.monotonic + elapsed();
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? (value.bind(target) as unknown) : value;
		},
	});
	Object.defineProperty(globalThis, 'performance', { value: fastPerformance, configurable: true });
	const faster = <T extends (...args: never[]) => unknown>(timer: T): T =>
		new Proxy(timer, {
			apply: (target, self, [act, ms = 0, ...rest]: [unknown, number?, ...unknown[]]): unknown =>
				Reflect.apply(target, self, [act, ms / factor, ...rest]),
		});
	setTimeout = globalThis.setTimeout = faster(globalThis.setTimeout);
	setInterval = globalThis.setInterval = faster(globalThis.setInterval);
}

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
