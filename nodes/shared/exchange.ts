import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';
import { closeError } from './closeError';
import { faultOf, type Fault } from './faults';
import { serve, turnOf } from './line';
import { groupOf, noteAnswered, noteGoodAnswer, noteLimit, noteRefusal, type Group } from './pace';
import { takeAnswer, type Run } from './run';
import { backOff, now, waitFor } from './waiting';

export interface Request extends DeclarativeRestApiSettings.ResultOptions {
	/** Announces a file and then carries it to where Close says; both can be repeated without harm. */
	upload?: { filename: string; carry: (announced: IDataObject) => Promise<Fault | undefined> };
}

/** Close's answer: the items that the node's output settings make of it, and the body as Close gave it. */
export interface Answer {
	items: INodeExecutionData[];
	body: IDataObject;
}

/** One item that sends requests. */
export interface Sender {
	context: IExecutePaginationFunctions;
	run: Run;
	retriesLeft: number;
	/** By the clock `now`. */
	giveUpAt: number;
}

const methodOf = ({ options }: Request) => options.method ?? 'GET';
const bodyOf = ({ options }: Request) => (options.body ?? {}) as IDataObject;

/** What makes of a draft something that Close does not let be edited again. */
const ENDS_EDITING = new Set<unknown>(['scheduled', 'outbox', 'inbox', 'sent']);

/** Whether it does not matter if a request is carried out twice or for nothing. */
const isHarmless = (request: Request) =>
	methodOf(request) === 'GET' || request.upload !== undefined;

/** Whether a request can bring a text to a phone. */
const canText = (request: Request) =>
	methodOf(request) !== 'GET' && ['outbox', 'scheduled'].includes(String(bodyOf(request).status));

const isAnswer = (value: Answer | Fault): value is Answer => 'items' in value;

/** A maintenance page, a cut body or none say nothing about what became of a request, whatever the status. */
function isReadable(request: Request, body: unknown): body is IDataObject {
	if (methodOf(request) === 'DELETE') return !body || typeof body === 'object';
	return typeof body === 'object' && body !== null && Object.keys(body).length > 0;
}

/** Thrown for an item that sent nothing before its run was stopped. */
export class NotStarted extends Error {}

/** Waits until a request may go out. @throws {NotStarted} @throws {NodeApiError} when that would be too late */
async function waitInLine(sender: Sender, request: Request, group: Group): Promise<void> {
	const { context, run, giveUpAt } = sender;
	const index = context.getItemIndex();
	const isWanted = () => !run.signal?.aborted && (!run.stopped || run.started.has(index));
	const isHeld = () => run.held.size > 0 && !run.started.has(index);
	const turn = await turnOf(run.line, { index, group, giveUpAt, isWanted, isHeld });
	if (turn === 'go') return void run.started.add(index);
	if (!run.started.has(index) && turn === 'unwanted') throw new NotStarted();
	const none = { headers: {}, body: undefined };
	throw giveUp(
		sender,
		request,
		turn === 'tooLate'
			? {
					...none,
					kind: 'limited',
					status: 429,
					reason: "Close's limit leaves no room for it in time",
				}
			: { ...none, kind: 'refused', reason: 'the execution was cancelled' },
	);
}

/** Sends a request once, when the pace of the run allows it. */
async function tryOnce(sender: Sender, request: Request): Promise<Answer | Fault> {
	const { context, run } = sender;
	const { options } = request;
	const group = groupOf(run.pace, methodOf(request), options.url ?? '');
	await waitInLine(sender, request, group);
	let fault: Fault | undefined;
	// The engine writes into the options it is given; a retry must start from clean ones.
	const copy = {
		...request,
		options: { ...options, headers: { ...options.headers }, qs: { ...options.qs } },
	};
	const items = await context.makeRoutingRequest(copy).catch((error) => {
		fault = faultOf(error);
		return [];
	});
	const { body, headers } = fault ?? takeAnswer(run, context.getItemIndex());
	noteAnswered(run.pace, group);
	noteLimit(group, headers);
	if (!fault) noteGoodAnswer(run.pace);
	if (fault?.kind === 'limited') noteRefusal(run.pace, headers, body);
	serve(run.line);
	if (fault) return fault;
	if (isReadable(request, body)) return (await request.upload?.carry(body)) ?? { items, body };
	return {
		kind: 'unclear',
		headers,
		body: undefined,
		reason: body ? 'an answer that is not JSON' : 'an empty answer',
	};
}

/** Whether what is read back shows that a request was carried out. */
function isDone(wanted: IDataObject, found: IDataObject): boolean {
	if (wanted.status === 'outbox') return ['outbox', 'sent', 'error'].includes(String(found.status));
	const sameTime =
		!wanted.date_scheduled ||
		Date.parse(String(wanted.date_scheduled)) === Date.parse(String(found.date_scheduled));
	return found.status === wanted.status && sameTime;
}

/** What a person must know of a request whose outcome is unknown. */
function lostWords(request: Request): string {
	if (canText(request)) return 'This text may have been sent';
	return methodOf(request) === 'POST' && bodyOf(request).status === 'draft'
		? 'A draft may have been left in Close, and nobody was texted'
		: 'This may have been done';
}

function giveUp({ context, run }: Sender, request: Request, fault: Fault): NodeApiError {
	const secretText = bodyOf(request).text;
	if (request.upload) {
		const what = `'${request.upload.filename}' could not be uploaded`;
		return closeError(context, { fault, what });
	}
	if (fault.kind !== 'unclear' || isHarmless(request)) {
		const what = fault.kind === 'refused' ? 'Close refused this' : 'Close did not take this';
		return closeError(context, { fault, what, secretText });
	}
	const error = closeError(context, {
		fault,
		what: lostWords(request),
		next: "Close's answer got lost and what became of it could not be read back. Look at it in Close before you run this item again.",
		secretText,
	});
	run.unclear.set(context.getItemIndex(), error);
	return error;
}

/** Finds out whether a request with an unclear outcome was carried out; undefined when it can safely be sent again. */
async function readBack(
	sender: Sender,
	request: Request,
	fault: Fault,
): Promise<Answer | undefined> {
	const method = methodOf(request);
	const wanted = bodyOf(request);
	if (isHarmless(request)) return undefined;
	if (method === 'POST') throw giveUp(sender, request, fault);
	// To delete or to make the same edit once more changes nothing.
	if (method !== 'PUT' || !ENDS_EDITING.has(wanted.status)) return undefined;
	const look: Request = {
		...request,
		options: { ...request.options, method: 'GET', body: undefined },
	};
	const found = await exchange(sender, look).catch(() => undefined);
	if (!found) throw giveUp(sender, request, fault);
	return isDone(wanted, found.body) ? found : undefined;
}

/** Waits before a request is sent again, or gives up. */
async function beforeRetry(
	sender: Sender,
	request: Request,
	fault: Fault,
	attempt: number,
): Promise<void> {
	const { pace, signal } = sender.run;
	// A 429 of Close holds the whole run already; one of its store of files does not.
	const held = fault.kind === 'limited' ? Math.max(0, pace.resumeAt - now()) : 0;
	// Other executions with this key wait for the same moment: those that come back together are refused together.
	const wait = held + backOff(attempt);
	if (fault.kind === 'refused' || sender.retriesLeft-- <= 0 || now() + wait > sender.giveUpAt) {
		throw giveUp(sender, request, fault);
	}
	await waitFor(wait, signal);
}

/**
 * Sends a request until it has a proper answer.
 *
 * 429, 503 and unreached hosts: sent again, since nothing was accepted. 500, 502, 504, lost and unreadable answers:
 * read back first where a repeat could do something twice. Close has no idempotency key.
 *
 * @throws {NodeApiError} in Close's words; "may have been sent" when that could not be found out
 */
export async function exchange(sender: Sender, request: Request): Promise<Answer> {
	let lost = !isHarmless(request) && sender.run.unclear.has(sender.context.getItemIndex());
	for (let attempt = 0; ; attempt++) {
		const outcome: Answer | Fault =
			lost && attempt === 0
				? {
						kind: 'unclear',
						headers: {},
						body: undefined,
						reason: 'the answer to an earlier try got lost',
					}
				: await tryOnce(sender, request);
		if (isAnswer(outcome)) return outcome;
		if (outcome.status === 404 && lost && methodOf(request) === 'DELETE')
			return { items: [], body: {} };
		// A refusal may come of a lost try that was carried out late.
		if (outcome.kind === 'unclear' || (lost && outcome.kind === 'refused')) {
			lost = true;
			const found = await readBack(sender, request, { ...outcome, kind: 'unclear' });
			if (found) return found;
		}
		await beforeRetry(sender, request, outcome, attempt);
	}
}
