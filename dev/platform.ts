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
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { process, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;
export { wait, process, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };

/** Replaces what `new Date()` and `Date.now()` are. */
export const replaceDate = (date: DateConstructor): void => void (globalThis.Date = date);

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
