import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { holdUp, Readable } from '../../platform';
import { fits, type FaultMatch } from './faultMatch';
import { misshape, type Shape } from './misshape';
import { seededRandom } from './random';
import type { Interruptions } from './interruptions';
import type { ReceivedRequest } from '../types';
import type { AccountState } from '../account/accountState';
import type { SmsStore } from '../sms/smsStore';

/**
 * - `status`: answers `status` (503)
 * - `resetBefore`: the connection breaks before anything is done
 * - `resetAfter`: the request is carried out, then the connection breaks
 * - `slow`: answers after `delayMs` (1000)
 * - `drip`: answers byte by byte, with `delayMs` (100) before each
 * - `html`: answers `status` (502) with a web page
 * - `cutJson`: the JSON of the answer ends in the middle
 * - `emptyBody`: the answer has no body
 * - `altered`: nothing goes wrong but what `bodyWith`, `answerWith` and `misshape` alter
 */
type FaultKind =
	| 'status'
	| 'resetBefore'
	| 'resetAfter'
	| 'slow'
	| 'drip'
	| 'html'
	| 'cutJson'
	| 'emptyBody'
	| 'altered';

export interface Fault {
	kind: FaultKind;
	/** which requests; all without it */
	match?: FaultMatch;
	/** how many of them; 1 without it */
	times?: number;
	/** leaves so many of them alone first */
	after?: number;
	status?: number;
	headers?: Record<string, string>;
	body?: unknown;
	delayMs?: number;
	/** whether the request is carried out; not for `status` and `html`, for all others yes */
	applied?: boolean;
	/**
	 * Carries the request out so many milliseconds (of simulated time) after it arrived, whatever is answered. Close was
	 * at work on it all the while: it goes by what it found when the request arrived, not by what came in between.
	 */
	carriedOutAfter?: number;
	/** what Close makes of the request: these fields take the place of those in its body; undefined leaves one out */
	bodyWith?: Record<string, unknown>;
	/** fields that the answer shows in place of the true ones; undefined leaves one out */
	answerWith?: Record<string, unknown>;
	/** one field of the answer in another shape, whatever its status: see `misshape` */
	misshape?: { at: string; as: Shape };
	/** how `cutJson` is sent: announced longer than it is (default), or as a whole but invalid */
	framing?: 'short' | 'whole';
}

export interface RandomFaults {
	seed: number;
	/** of all requests, 0 to 1 */
	share: number;
	kinds: Array<FaultKind | Omit<Fault, 'match' | 'times' | 'after'>>;
	match?: FaultMatch;
}

declare module 'fastify' {
	interface FastifyRequest {
		fault: Fault | undefined;
	}
}

/** What goes wrong on order. The first order that fits a request strikes. */
export class Faults {
	private orders: Array<Fault & { left: number; skip: number }> = [];
	private chance: (() => Fault | undefined) | undefined;
	private chanceMatch: FaultMatch = {};

	/** Orders a fault. */
	order(fault: Fault): void {
		this.orders.push({ ...fault, left: fault.times ?? 1, skip: fault.after ?? 0 });
	}

	/** Strikes a share of all requests, the same ones for the same seed and order of arrival. */
	random({ seed, share, kinds, match = {} }: RandomFaults): void {
		const next = seededRandom(seed);
		this.chanceMatch = match;
		this.chance = () => {
			if (next() >= share) return undefined;
			const kind = kinds[Math.floor(next() * kinds.length)];
			return typeof kind === 'string' ? { kind } : kind;
		};
	}

	/** Nothing goes wrong any more. */
	clear(): void {
		this.orders = [];
		this.chance = undefined;
	}

	/** What strikes this request. */
	next(request: ReceivedRequest): Fault | undefined {
		for (const order of this.orders) {
			if (order.left === 0 || !fits(order.match ?? {}, request)) continue;
			if (order.skip-- > 0) continue;
			order.left--;
			return order;
		}
		return this.chance && fits(this.chanceMatch, request) ? this.chance() : undefined;
	}
}

/** What faults work with. */
interface FaultState extends AccountState {
	faults: Faults;
	smsStore: SmsStore;
	interruptions: Interruptions;
	/** what others do while the answer to a request is on its way */
	meanwhile: (request: ReceivedRequest) => void;
	/** how long an answer is on its way, in milliseconds */
	wayBack: (request: ReceivedRequest) => number;
}

const isApplied = ({
	kind,
	applied = kind !== 'status' && kind !== 'html',
	carriedOutAfter,
}: Fault) => applied && kind !== 'resetBefore' && carriedOutAfter === undefined;

/** With some fields altered; undefined leaves one out. */
const withFields = (whole: object, fields: object): object =>
	JSON.parse(JSON.stringify({ ...whole, ...fields })) as object;

/** Carries a request out later, as if nothing had happened to its text since it arrived. */
function carryOutLater(
	request: FastifyRequest,
	reply: FastifyReply,
	{ clock, smsStore }: FaultState,
	after: number,
): void {
	// Nobody waits for what is read, and what it found must not come back.
	if (request.method === 'GET') return;
	const found = smsStore.get((request.params as { id?: string }).id ?? '');
	clock.at(clock.ms() + after, () => {
		// What was on its way out already would go out once more.
		if (found && found.status !== 'outbox') smsStore.add(found);
		try {
			void request.routeOptions.handler.call(request.server, request, reply);
		} catch {
			// Refused; nobody waits for the answer any more.
		}
	});
}

async function strikeBefore(
	request: FastifyRequest,
	reply: FastifyReply,
	state: FaultState,
): Promise<FastifyReply | void> {
	const fault = state.faults.next(request.entry);
	if (!fault) return;
	const { kind, carriedOutAfter, bodyWith } = fault;
	request.fault = fault;
	request.entry.fault = kind;
	if (bodyWith) request.body = withFields(request.body as object, bodyWith);
	if (carriedOutAfter !== undefined) carryOutLater(request, reply, state, carriedOutAfter);
	if (kind === 'resetBefore') {
		reply.hijack();
		request.raw.socket.destroy();
		return reply;
	}
	if (isApplied(fault)) return;
	if (kind === 'slow') {
		await holdUp(reply.raw, fault.delayMs ?? 1000);
		if (carriedOutAfter === undefined) return;
		reply.code(504);
	}
	return reply.send({ error: 'The server is not available.' });
}

/** Half of the answer, announced as the whole. */
function cut(reply: FastifyReply, payload: string, framing: Fault['framing']): unknown {
	const half = payload.slice(0, Math.ceil(payload.length / 2));
	if (framing === 'whole') return half;
	reply.header('content-length', Buffer.byteLength(payload));
	return Readable.from(
		(async function* () {
			yield half;
			throw new Error('cut on order');
		})(),
	);
}

/** The answer byte by byte, each a while after the one before. It ends with the connection. */
const drip = ({ raw }: FastifyReply, payload: string, delayMs: number): Readable =>
	Readable.from(
		(async function* () {
			for (const byte of Buffer.from(payload)) {
				await holdUp(raw, delayMs);
				yield Buffer.of(byte);
			}
		})(),
		{ highWaterMark: 1 },
	);

const HTML =
	'<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** The answer as the fault makes it. */
async function alter(
	fault: Fault,
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
): Promise<unknown> {
	const { kind, headers = {}, status, body, answerWith, misshape: other } = fault;
	if (kind === 'resetAfter') return void request.raw.socket.destroy();
	if (kind === 'slow' && isApplied(fault)) await holdUp(reply.raw, fault.delayMs ?? 1000);
	const isGood = reply.statusCode < 300;
	if (answerWith && isGood)
		return JSON.stringify(withFields(JSON.parse(String(payload)) as object, answerWith));
	if (other) return JSON.stringify(misshape(JSON.parse(String(payload)), other.at, other.as)) ?? '';
	if (kind === 'slow' || kind === 'altered') return payload;
	if (kind === 'drip' && isApplied(fault)) return payload;
	const otherwise =
		kind === 'html' ? 502 : kind === 'status' || !isApplied(fault) ? 503 : reply.statusCode;
	reply.code(status ?? otherwise).headers(headers);
	if (kind === 'emptyBody') return '';
	if (kind === 'cutJson') return cut(reply, String(payload), fault.framing);
	if (kind === 'html') reply.header('content-type', 'text/html; charset=utf-8');
	const otherBody = kind === 'html' ? HTML : { error: 'The server is not available.' };
	const wanted = body ?? otherBody;
	return typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
}

async function strikeAfter(
	fault: Fault,
	request: FastifyRequest,
	reply: FastifyReply,
	payload: unknown,
): Promise<unknown> {
	const answer = await alter(fault, request, reply, payload);
	return fault.kind === 'drip' ? drip(reply, String(answer), fault.delayMs ?? 100) : answer;
}

/** Lets others act and ordered faults strike, and answers late when a latency is set. */
export function faultHooks(api: FastifyInstance, state: FaultState): void {
	api.addHook('preValidation', async (request, reply) => {
		state.interruptions.at('before', request.entry);
		return await strikeBefore(request, reply, state);
	});
	api.addHook('onSend', async (request, reply, payload) => {
		state.interruptions.at('after', request.entry);
		state.meanwhile(request.entry);
		const late = state.wayBack(request.entry);
		if (late > 0) await holdUp(reply.raw, late);
		return request.fault ? strikeAfter(request.fault, request, reply, payload) : payload;
	});
}
