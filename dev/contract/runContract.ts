import { cleanUp, removeSince, type Left } from './cleanUp';
import { Interrupted, NoAnswer, type CloseClient } from './closeClient';
import { GROUPS, type Expectation, type Outcome } from './expectation';
import { isSuccess } from './expect';
import { FIRST_NAME } from './expectations/templates';
import { finding, literal, type Finding } from './finding';
import type { Journal, JournalEntry } from './journal';
import type { JsonObject } from './jsonObject';
import type { Organization } from './organization';
import { Probe, type OwnLead, type ProbeOptions } from './probe';
import { ForbiddenRequest, NoTextLeft, SendGuard } from './sendGuard';

/** An expectation and how it turned out. */
export interface Attempt {
	expectation: Expectation;
	outcome: Outcome;
}

type Wait = (ms: number, reason: string) => Promise<unknown>;

export interface RunOptions
	extends Pick<
		ProbeOptions,
		'textMe' | 'receiver' | 'mayExceedLimit' | 'accessToken' | 'apiKeyId' | 'wait' | 'store'
	> {
	expectations: Expectation[];
	/** what the expectations work with; it can be interrupted */
	client: CloseClient;
	/** what removes things; it is not interrupted */
	cleaner: CloseClient;
	organization: Organization;
	journal: Journal;
	maxTexts?: number;
	/** how the cleaner waits: an interruption does not end it */
	cleanerWait?: Wait;
	/** whether somebody is waiting for the end */
	isHurried?: () => boolean;
	onStart?: (expectation: Expectation) => void;
	onOutcome?: (attempt: Attempt) => void | Promise<void>;
	/** everything has been tried, or the run ends early */
	onEnd?: () => void;
}

export interface RunResult {
	attempts: Attempt[];
	/** what could not be removed */
	left: Left[];
	/** why not everything was tried, if it was the fault of Close or the key */
	endedEarly?: Finding;
	/** how many requests that can text the owner have left */
	requestsThatCanText: number;
	/** how many of these texts Close has shown as sent */
	textsShownAsSent: number;
}

/** After so many expectations in a row without any proper answer Close is taken for gone. */
const MAX_SILENT = 3;

/** The run ends: nothing that follows could be tried. */
class EndOfRun extends Error {
	constructor(readonly finding: Finding) {
		super(finding.text);
	}
}

/** The contact of a lead that was made, even if the answer does not name it; or why there is none. */
async function findContact(
	client: CloseClient,
	leadId: string,
	answered: unknown,
): Promise<string | Finding> {
	const idOf = (list: unknown) => {
		const id = Array.isArray(list) ? (list[0] as JsonObject | undefined)?.id : undefined;
		return typeof id === 'string' ? id : undefined;
	};
	const found = idOf(answered);
	if (found) return found;
	const answer = await client.request({
		method: 'GET',
		path: '/contact/',
		query: { lead_id: leadId },
	});
	const { data } = (answer.body ?? {}) as JsonObject;
	return idOf(data) ?? finding`the lead of the check has no contact: HTTP ${answer.status}`;
}

const noLead = (error: Error): Finding => {
	if (!(error instanceof NoAnswer)) throw error;
	return finding`Close did not answer when the lead for the check was made: ${literal(error.code)}`;
};

/**
 * Makes the lead on which everything is tried; without a number if Close takes none that nobody has.
 *
 * @returns why there is none, when Close makes none
 * @throws {EndOfRun} when Close made it in another organization than the one that was named to the person
 */
async function makeLead(
	client: CloseClient,
	{ marker }: Journal,
	{ id: organizationId, name, fictionalNumber }: Organization,
): Promise<OwnLead | Finding> {
	const words = `${FIRST_NAME} ${marker}`;
	const post = async (phones: JsonObject[]) =>
		await client.request({
			method: 'POST',
			path: '/lead/',
			body: {
				name: `n8n-nodes-close-sms contract check ${marker}, may be deleted`,
				contacts: [
					{ name: words, phones },
					{ name: `${words} second`, phones: [] },
				],
			},
		});
	let hasNumber = fictionalNumber !== undefined;
	let answer = await post(hasNumber ? [{ phone: fictionalNumber!, type: 'mobile' }] : []);
	if (answer.status === 400 && hasNumber) {
		hasNumber = false;
		answer = await post([]);
	}
	const { id, contacts, organization_id: found } = (answer.body ?? {}) as JsonObject;
	if (!isSuccess(answer) || typeof id !== 'string')
		return finding`Close made no lead for the check: HTTP ${answer.status}`;
	if (typeof found === 'string' && found !== organizationId)
		throw new EndOfRun(
			finding`the lead was made in another organization than ${name}: nothing more was made`,
		);
	return { id, contactId: await findContact(client, id, contacts), hasNumber };
}

const ENDED: Outcome = { result: 'notTried', reason: finding`the run ended before` };

/** Whatever goes wrong in a check is an outcome: only an interruption ends the run. */
function outcomeOfError(error: Error): Outcome {
	if (error instanceof NoTextLeft)
		return { result: 'notTried', reason: finding`all texts are used: --max-texts` };
	if (error instanceof NoAnswer)
		return { result: 'notTried', reason: finding`there was no answer: ${literal(error.code)}` };
	if (error instanceof ForbiddenRequest)
		return {
			result: 'notTried',
			reason: finding`a request that could text somebody was held back`,
		};
	return { result: 'differs', difference: finding`an answer has another form: ${error.message}` };
}

/** The key of the run is not known any more. */
async function isKeyRefused(client: CloseClient): Promise<boolean> {
	if (client.last?.status !== 401) return false;
	const answer = await client.request({ method: 'GET', path: '/me/', query: { _fields: 'id' } });
	return answer.status === 401;
}

const KEY_REFUSED = finding`Close does not know the key any more (HTTP 401)`;
const GONE = finding`Close gave no proper answer ${MAX_SILENT} times in a row`;

/** Whether Close is silent, or wants to be left alone. */
const isSilent = (client: CloseClient, error: Error | undefined) =>
	error instanceof NoAnswer || [429, 503].includes(client.last?.status ?? 0);

const isThere = async (client: CloseClient) =>
	await client.request({ method: 'GET', path: '/me/', query: { _fields: 'id' } }).then(
		(answer) => isSuccess(answer),
		() => false,
	);

/** Tries each expectation, and removes after each what it made. @throws {EndOfRun} when no more can be tried */
async function tryAll(options: RunOptions, probe: Probe, attempts: Attempt[]): Promise<void> {
	const { expectations, client, cleaner, journal, onStart, onOutcome } = options;
	const { cleanerWait: wait = options.wait, isHurried } = options;
	const cleaning = { client: cleaner, journal, wait, isHurried };
	let silentInARow = 0;
	for (const expectation of expectations) {
		onStart?.(expectation);
		const before = new Set(journal.run.made);
		const isNew = (entry: JournalEntry) => !before.has(entry);
		let failure: Error | undefined;
		const outcome = await expectation.check(probe).catch((error: Error) => {
			if (error instanceof Interrupted) throw error;
			failure = error;
			return outcomeOfError(error);
		});
		if (outcome.result !== 'holds' && (await isKeyRefused(client).catch(() => false)))
			throw new EndOfRun(KEY_REFUSED);
		const attempt = { expectation, outcome };
		attempts.push(attempt);
		await onOutcome?.(attempt);
		// A text that went out is looked at by several expectations: it is removed at the end.
		if (expectation.group !== 'texting') await removeSince(cleaning, isNew);
		const wasSilent = outcome.result !== 'holds' && isSilent(client, failure);
		silentInARow = wasSilent ? silentInARow + 1 : 0;
		if (silentInARow >= MAX_SILENT && !(await isThere(client))) throw new EndOfRun(GONE);
		if (client.isInterrupted) return;
	}
}

const byGroup = (one: Expectation, other: Expectation) =>
	GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group);

/** Makes a lead, tries the expectations on it, and removes everything, whatever happens. Never throws. */
export async function runContract(options: RunOptions): Promise<RunResult> {
	const { client, cleaner, organization, journal } = options;
	const expectations = [...options.expectations].sort(byGroup);
	client.journal = cleaner.journal = journal;
	client.guard = cleaner.guard = new SendGuard({ ...organization, ...options });
	const attempts: Attempt[] = [];
	let endedEarly: Finding | undefined;
	const run = async () => {
		const lead = await makeLead(client, journal, organization).catch(noLead);
		const probe = new Probe({ ...options, lead, marker: journal.marker });
		await tryAll({ ...options, expectations }, probe, attempts);
	};
	await run().catch((error: Error) => {
		if (error instanceof Interrupted) return;
		endedEarly = error instanceof EndOfRun ? error.finding : finding`${error.message}`;
	});
	options.onEnd?.();
	const wait = options.cleanerWait ?? options.wait;
	const left = await cleanUp({ client: cleaner, journal, wait, isHurried: options.isHurried });
	const done = new Set(attempts.map(({ expectation }) => expectation));
	const rest = expectations
		.filter((one) => !done.has(one))
		.map(
			(expectation): Attempt => ({
				expectation,
				outcome: endedEarly ? { result: 'notTried', reason: endedEarly } : ENDED,
			}),
		);
	const { requestsThatCanText, textsShownAsSent } = client.guard;
	return {
		attempts: [...attempts, ...rest],
		left,
		endedEarly,
		requestsThatCanText,
		textsShownAsSent,
	};
}
