/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals --
   n8n Cloud forbids Node's own modules, timers and process to a node. Tests, simulator and playground are never
   published and need them: this file is the one door, so that every other file stays under n8n's rules. */
export { createWriteStream, rmSync } from 'node:fs';
export { createServer } from 'node:http';
export * as fs from 'node:fs/promises';
export * as os from 'node:os';
export { default as path } from 'node:path';
export { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
export { performance } from 'node:perf_hooks';
export { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { process, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;
export { wait, process, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };

/** The checkout's root folder. */
export const root = `${__dirname}/..`;

/** Writes one line for the person at the terminal (the linter forbids `console` everywhere). */
export const say = (line: string) => process.stdout.write(`${line}\n`);

/** Bytes that are really in use: what is left after V8 was made to collect its garbage. */
export function heapInUse(): number {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
	return process.memoryUsage().heapUsed;
}
