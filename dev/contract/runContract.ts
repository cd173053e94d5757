import { cleanUp } from './cleanUp';
import { Interrupted, NoAnswer, type CloseClient } from './closeClient';
import { GROUPS, type Expectation, type Outcome } from './expectation';
import { FIRST_NAME } from './expectations/templates';
import { finding, literal } from './finding';
import type { Journal, JournalEntry } from './journal';
import { SetupError, type Organization } from './organization';
import { Probe, type OwnLead, type ProbeOptions } from './probe';
import { ForbiddenRequest, NoTextLeft, SendGuard } from './sendGuard';

/** An expectation and how it turned out. */
export interface Attempt {
	expectation: Expectation;
	outcome: Outcome;
}

export interface RunOptions
	extends Pick<ProbeOptions, 'textMe' | 'receiver' | 'mayExceedLimit' | 'wait' | 'store'> {
	expectations: Expectation[];
	/** what the expectations work with; it can be interrupted */
	client: CloseClient;
	/** what removes things; it is not interrupted */
	cleaner: CloseClient;
	organization: Organization;
	journal: Journal;
	/** how the cleaner waits: an interruption does not end it */
	cleanerWait?: (ms: number) => Promise<unknown>;
	onStart?: (expectation: Expectation) => void;
	onOutcome?: (tried: Attempt) => void;
	/** everything has been attempts, or the run ends early */
	onEnd?: () => void;
}

export interface RunResult {
	attempts: Attempt[];
	/** what could not be removed */
	left: JournalEntry[];
	/** how many texts went out, or may have */
	texts: number;
}

/** After so many expectations in a row without any answer Close is taken for gone. */
const MAX_SILENT = 3;

/** @throws {SetupError} when Close makes no lead */
async function makeLead(
	client: CloseClient,
	{ marker }: Journal,
	phone?: string,
): Promise<OwnLead> {
	const words = `${FIRST_NAME} ${marker}`;
	const phones = phone ? [{ phone, type: 'mobile' }] : [];
	const body = {
		name: `n8n-nodes-close-sms contract check ${marker}, may be deleted`,
		contacts: [
			{ name: words, phones },
			{ name: `${words} second`, phones: [] },
		],
	};
	const answer = await client
		.request({ method: 'POST', path: '/lead/', body })
		.catch((error: Error) => {
			if (!(error instanceof NoAnswer)) throw error;
			throw new SetupError(
				`Close did not answer when the lead for the check was made (${error.code}).`,
			);
		});
	const lead = (answer.body ?? {}) as { id?: string; contacts?: Array<{ id: string }> };
	const contactId = lead.contacts?.[0]?.id;
	if (answer.status < 300 && lead.id && contactId) return { id: lead.id, contactId };
	throw new SetupError(
		`Close made no lead for the check: HTTP ${answer.status}. The user of the key may lack the permission for it.`,
	);
}

const ENDED: Outcome = { result: 'notTried', reason: finding`the run ended before` };

/** Whatever goes wrong in a check is an outcome: only an interruption ends the run, and a Close that is gone. */
function outcomeOfError(error: Error): Outcome {
	if (error instanceof NoTextLeft)
		return { result: 'notTried', reason: finding`all texts are used` };
	if (error instanceof NoAnswer)
		return { result: 'notTried', reason: finding`there was no answer: ${literal(error.code)}` };
	if (error instanceof ForbiddenRequest)
		return {
			result: 'notTried',
			reason: finding`a request that could text somebody was held back`,
		};
	return { result: 'differs', difference: finding`an answer has another form: ${error.message}` };
}

/** Tries each expectation, and removes after each what it made. */
async function tryAll(options: RunOptions, probe: Probe, attempts: Attempt[]): Promise<void> {
	const { expectations, client, cleaner, journal, onStart, onOutcome } = options;
	const wait = options.cleanerWait ?? options.wait;
	let silentInARow = 0;
	for (const expectation of expectations) {
		onStart?.(expectation);
		const before = new Set(journal.made);
		const isNew = (entry: JournalEntry) => entry.marker === journal.marker && !before.has(entry);
		let isSilent = false;
		const outcome = await expectation.check(probe).catch((error: Error) => {
			if (error instanceof Interrupted) throw error;
			isSilent = error instanceof NoAnswer;
			return outcomeOfError(error);
		});
		const one = { expectation, outcome };
		attempts.push(one);
		onOutcome?.(one);
		// A text that went out is looked at by several expectations: it is removed at the end.
		if (expectation.group !== 'texting') await cleanUp(cleaner, journal, wait, isNew);
		silentInARow = isSilent ? silentInARow + 1 : 0;
		if (silentInARow === MAX_SILENT || client.isInterrupted) return;
	}
}

/** For a person: what is still at Close. */
export const describeLeft = (left: JournalEntry[]) =>
	left.length === 0
		? 'All that was made is removed.'
		: `${left.length} things could not be removed. Run this again: it removes them first. Their names contain "${left[0].marker}".`;

const byGroup = (one: Expectation, other: Expectation) =>
	GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group);

/**
 * Makes a lead, tries the expectations on it, and removes everything, whatever happens.
 *
 * @throws {SetupError} when no lead could be made
 */
export async function runContract(options: RunOptions): Promise<RunResult> {
	const { client, cleaner, organization, journal, wait } = options;
	const expectations = [...options.expectations].sort(byGroup);
	client.journal = cleaner.journal = journal;
	client.guard = cleaner.guard = new SendGuard(organization.fictionalNumber, options.textMe);
	const attempts: Attempt[] = [];
	const run = async () => {
		const lead = await makeLead(client, journal, organization.fictionalNumber);
		const probe = new Probe({ ...options, lead, marker: journal.marker });
		await tryAll({ ...options, expectations }, probe, attempts);
	};
	let failure: Error | undefined;
	await run().catch((error: Error) => {
		if (!(error instanceof Interrupted)) failure = error;
	});
	options.onEnd?.();
	const left = await cleanUp(cleaner, journal, options.cleanerWait ?? wait);
	if (failure) throw new SetupError(`${failure.message} ${describeLeft(left)}`);
	const done = new Set(attempts.map(({ expectation }) => expectation));
	const rest = expectations
		.filter((one) => !done.has(one))
		.map((expectation) => ({ expectation, outcome: ENDED }));
	return { attempts: [...attempts, ...rest], left, texts: client.guard.texts };
}
