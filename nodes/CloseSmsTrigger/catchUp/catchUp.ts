import { sleep, type INodeExecutionData, type IRun, type ITriggerFunctions } from 'n8n-workflow';
import { closeClock } from '../../shared/closeClock';
import { delay } from '../../shared/delay';
import type { CloseEvent } from '../closeEvent';
import { decideStart, getStartRules } from '../decideStart';
import { subscribedEvents } from '../events';
import { getCatchUp } from '../options';
import { getProcessedEvents } from '../processedEvents';
import { getStaticData } from '../staticData';
import { toTriggerKey } from '../triggerKey';
import { deferUntilResponse } from '../webhook/waitForResponse';
import { MAX_EVENTS, readEvents, type LoggedEvents } from './eventLog';
import { noteCaughtUp, onMissed } from './listening';
import { getAccount } from './owner';
import {
	findInterrupted,
	MARGIN_MS,
	toIso,
	toOwnClock,
	type MissedTime,
	type TimeToCatchUp,
} from './missedTime';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const POLL_MS = 100;
/** When Close does not show its events, it is asked again after so many minutes. */
const RETRY_MINUTES = [1, 5, 15, 30];
/** n8n's webhook processes may be ready a little later than this one, and it runs first what waited when it ended. */
const AFTER_START_MS = MINUTE_MS;
/** An execution that takes longer no longer holds up the next one. */
const MAX_EXECUTION_MS = 10_000;

/** What a catch-up needs. Parameters are read when it begins: later n8n does not evaluate expressions for it. */
interface CatchUp {
	context: ITriggerFunctions;
	trigger: string;
	rules: ReturnType<typeof getStartRules>;
	output: unknown;
	hours: number;
	isStopped: () => boolean;
}

async function readWithRetry(catchUp: CatchUp, time: MissedTime): Promise<LoggedEvents> {
	const { context, rules, isStopped } = catchUp;
	const actions = subscribedEvents(rules.selection).map(({ action }) => action);
	const read = async () => await readEvents(context, actions, time, isStopped);
	let logged = await read();
	for (const minutes of RETRY_MINUTES) {
		if (!logged.failure || logged.failure.kind === 'rejected' || isStopped()) break;
		context.logger.warn(
			`The trigger could not catch up yet: ${logged.failure.reason}. It tries again in ${minutes} min.`,
		);
		await delay(minutes * MINUTE_MS, undefined, () => !isStopped());
		if (!isStopped()) logged = await read();
	}
	return logged;
}

/** Whether Close shows what it is about; of what is older than an hour only to an admin. */
const isShown = ({ action, data, previous_data: former }: CloseEvent) =>
	Boolean(action === 'deleted' ? former : data);

/**
 * Starts an execution, and waits until it has ended or takes long.
 *
 * @returns whether n8n could start it; `unknown` when it has told nothing: the execution waits for a place or runs in a
 * worker, or n8n could not store it and does not say so, as n8n 1.85
 */
async function start(
	context: ITriggerFunctions,
	item: INodeExecutionData,
): Promise<'started' | 'failed' | 'unknown'> {
	const ended = context.helpers.createDeferredPromise<IRun>();
	let hasBegun = false;
	deferUntilResponse(item, () => (hasBegun = true));
	context.emit([[item]], undefined, ended);
	const result = ended.promise.then(
		() => 'started' as const,
		() => 'failed' as const,
	);
	for (let waited = 0; waited < MAX_EXECUTION_MS; waited += POLL_MS) {
		const known = await Promise.race([result, sleep(POLL_MS)]);
		if (known) return known;
	}
	return hasBegun ? 'started' : 'unknown';
}

/** What became of the events. */
interface Counts {
	started: number;
	hidden: number;
	failed: number;
	/** n8n did not say whether it could start them. */
	unknown: number;
}

async function startEach(catchUp: CatchUp, events: CloseEvent[]): Promise<Counts> {
	const { context, trigger, rules, output, isStopped } = catchUp;
	const counts: Counts = { started: 0, hidden: 0, failed: 0, unknown: 0 };
	const processed = getProcessedEvents(trigger);
	for (const event of events) {
		if (isStopped()) break;
		if (!isShown(event)) {
			counts.hidden++;
			continue;
		}
		const decision = await decideStart(context, event, rules, output);
		if (decision === 'notReadable') counts.failed++;
		if (!decision || decision === 'notReadable' || isStopped()) continue;
		const { key, item } = decision;
		let isStarting = true;
		if (processed.claim(key, () => isStarting) !== 'claimed') continue;
		try {
			const result = await start(context, item);
			if (result !== 'failed') processed.complete(key);
			counts[result]++;
		} finally {
			isStarting = false;
		}
	}
	return counts;
}

const AT_START = ', because n8n may accept events without looking at them while it is starting';

const describe = (
	{ from, until, isStart }: TimeToCatchUp,
	{ started, hidden, failed, unknown }: Counts,
	isCut: boolean,
): string =>
	[
		`The trigger has caught up on ${toIso(from)} to ${toIso(until)}${isStart ? AT_START : ''}. Executions started: ${started}; one whose event had started the workflow before ended with nothing.`,
		hidden > 0 &&
			`Events of which Close does not show the SMS: ${hidden}. They did not start the workflow. After an hour only a key or token of an admin may see it.`,
		failed > 0 &&
			`Events that could not start the workflow, because n8n or Close failed: ${failed}. To try them again, unpublish the workflow and publish it again${isStart ? ' within an hour' : ''}.`,
		unknown > 0 &&
			`Executions of which n8n did not say within ten seconds whether it could start them: ${unknown}. They wait for a place or run in a worker; an n8n before 1.123 may have failed to store them. See whether they are under Executions.`,
		isCut &&
			`Close has more events than could be read, which are at most the latest ${MAX_EVENTS} of a kind; older ones were left out.`,
	]
		.filter(Boolean)
		.join(' ');

async function run(catchUp: CatchUp, missed: TimeToCatchUp): Promise<void> {
	const { context, trigger, hours, isStopped } = catchUp;
	if (missed.isStart) {
		// Another main process, which became the leader later; or Close did not show its events then.
		if (Date.now() - missed.until > HOUR_MS) {
			context.logger.info(
				`The trigger does not read anymore what happened from ${toIso(missed.from)} to ${toIso(missed.until)}, while n8n was starting: that is more than an hour ago`,
			);
			return noteCaughtUp(trigger, missed);
		}
		await delay(AFTER_START_MS, undefined, () => !isStopped());
		if (isStopped()) return;
	}
	const oldest = Date.now() - hours * HOUR_MS;
	// What happened while the subscription was made may be in the log a little later, and Close's clock ahead of this one.
	const time = {
		...missed,
		from: Math.max(missed.from, oldest),
		until: missed.until + MARGIN_MS,
	};
	if (time.from >= time.until) return;
	const { events, isCut, failure } = await readWithRetry(catchUp, time);
	if (failure) {
		context.logger.error(
			`The trigger could not catch up, because Close did not show its events: ${failure.reason}. ${missed.isStart ? `It was about what happened from ${toIso(time.from)} to ${toIso(time.until)}, while n8n was starting. To try it again, unpublish the workflow and publish it again within an hour; the next start of n8n does not read it` : 'When n8n starts or the workflow is published again, it tries again'}.`,
		);
		return;
	}
	if ((await getAccount(context)) !== getStaticData(context).account) {
		context.logger.warn(
			'The trigger did not catch up, because the credential has another key since the workflow was published or n8n started, which may be of another organization. To catch up with the key as it is now, unpublish the workflow and publish it again.',
		);
		return;
	}
	const counts = await startEach(catchUp, events);
	if (isStopped()) {
		context.logger.info(
			`The trigger was stopped while it caught up. Executions started: ${counts.started}. When it starts again, it goes on.`,
		);
		return;
	}
	if (counts.failed === 0) noteCaughtUp(trigger, missed);
	context.logger.info(describe(time, counts, isCut));
}

/**
 * Starts the workflow in the background for what the trigger missed, if that is wanted.
 *
 * @returns stops it
 */
export function startCatchUp(context: ITriggerFunctions): () => void {
	const hours = getCatchUp(context);
	if (hours === 0 || context.getMode() === 'manual') return () => undefined;
	let isStopped = false;
	const trigger = toTriggerKey(context);
	const catchUp: CatchUp = {
		context,
		trigger,
		rules: getStartRules(context),
		output: context.getNodeParameter('output'),
		hours,
		isStopped: () => isStopped,
	};
	const taken = new Set<string>();
	const take = (time: TimeToCatchUp) => {
		const name = `${time.missed?.until} ${time.isStart}`;
		if (taken.has(name)) return;
		taken.add(name);
		void run(catchUp, time).catch((error: Error) =>
			context.logger.error(`The trigger could not catch up: ${error.message}`),
		);
	};
	const cancel = onMissed(trigger, take);
	// Another main process has ended. Not every n8n checks the subscription then.
	if (context.getActivationMode() === 'leadershipChange') {
		const missed = findInterrupted(getStaticData(context), closeClock.now());
		if (missed) take({ ...toOwnClock(missed), missed });
	}
	return () => {
		isStopped = true;
		cancel();
	};
}
