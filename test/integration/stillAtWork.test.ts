import type { INodeParameters } from 'n8n-workflow';
import { runNode } from '../../dev/engine/runNode';
import { byId } from '../../dev/locators';
import type { Fault, Simulator } from '../../dev/simulator';
import { simulatorCredential } from '../../dev/simulator/credential';
import { withOwnSimulator } from '../simulator/ownSimulator';
import { at, said, sendTo } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const PHONE = '+14155550177';
const LATER = '2035-06-01T09:00:00Z';

/** How a response gets lost while Close is still at work on the request. */
const LOST: Record<string, Pick<Fault, 'kind' | 'status' | 'delayMs'>> = {
	'500': { kind: 'status', status: 500 },
	'502': { kind: 'status', status: 502 },
	'503': { kind: 'status', status: 503 },
	'504': { kind: 'status', status: 504 },
	'a gateway that knows no better (499)': { kind: 'status', status: 499 },
	'a broken connection': { kind: 'resetBefore' },
};

/** Everything that lets a text go out. */
const OPERATIONS: Record<string, INodeParameters> = {
	'Update, Outbox': { operation: 'update', updateFields: { status: 'outbox' } },
	'Update, Scheduled': {
		operation: 'update',
		updateFields: { status: 'scheduled', dateScheduled: LATER },
	},
	'Send Draft': { operation: 'sendDraft' },
	Schedule: { operation: 'schedule', sendAt: LATER },
	Send: { operation: 'send', ...sendTo(PHONE, 'New words') },
	'Send at a time': { operation: 'send', ...sendTo(PHONE, 'New words', at(LATER)) },
};

async function run(close: Simulator, parameters: INodeParameters) {
	const { id } = close.addSms({
		text: 'Old words',
		remote_phone: PHONE,
		local_phone: '+14155550100',
	});
	const outcome = await runNode({
		credential: simulatorCredential(close),
		parameters: { authentication: 'apiKey', resource: 'sms', smsId: byId(id), ...parameters },
	});
	close.clock.advance(Date.parse(LATER) + 60_000 - close.clock.now().getTime());
	const changes = close.requests.filter(({ method }) => method === 'PUT').length;
	return { outcome, changes, texted: close.timesTexted(PHONE) };
}

/** Tries every way at once, since each has to wait; gives the names of those that were not as expected. */
const tryAll = async (
	work: number,
	more: INodeParameters,
	isRight: (tried: Awaited<ReturnType<typeof run>>) => boolean,
): Promise<string[]> => {
	const cases = Object.keys(LOST).flatMap((lost) =>
		Object.keys(OPERATIONS).map((operation) => [lost, operation]),
	);
	const wrong = await Promise.all(
		cases.map(
			async ([lost, operation]) =>
				await withOwnSimulator(async (close) => {
					const match = { method: 'PUT' };
					close.faults.order({ ...LOST[lost], carriedOutAfter: work * 1000, match });
					const tried = await run(close, { ...OPERATIONS[operation], ...more });
					const { texted, changes, outcome } = tried;
					return isRight(tried)
						? []
						: [`${operation} after ${lost}: ${texted} texted, ${changes} PUT: ${said(outcome)}`];
				}),
		),
	);
	return wrong.flat();
};

test.each([1, 4, 9])(
	'Close ends its work %d s after the response got lost: the phone rings once, and nothing is repeated',
	async (work) => {
		const isRight = ({ texted, changes, outcome }: Awaited<ReturnType<typeof run>>) =>
			texted === 1 && changes === 1 && outcome.error === undefined;
		expect(await tryAll(work, {}, isRight)).toEqual([]);
	},
);

test('no retries left: what is told is what was seen, and how long after', async () => {
	const once = { options: { maxRetries: 0 } };
	const isSeen = ({ texted, outcome }: Awaited<ReturnType<typeof run>>) =>
		texted === 1 && outcome.error === undefined;
	expect(await tryAll(9, once, isSeen)).toEqual([]);
	// It ends after the second look: whoever reads the error must not believe that nobody is texted.
	const isHonest = ({ texted, changes, outcome }: Awaited<ReturnType<typeof run>>) =>
		texted === 1 &&
		changes === 1 &&
		/was still a draft 1\d seconds later/.test(said(outcome)) &&
		!/nobody was texted|is still a draft/.test(said(outcome));
	expect(await tryAll(14, once, isHonest)).toEqual([]);
});
