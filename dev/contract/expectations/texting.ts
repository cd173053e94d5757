import { Difference, expectStatus, expectThat, NotTried } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import { isSameTime, readSms, smsPath, type Probe, type Sms } from '../probe';
import { CONCLUDED, DOCS } from './sources';

const STORE = 'dev/simulator/sms/smsStore.ts';
const RETRY = 'nodes/CloseSms/transport/request/retryPolicy.ts';
const READ_BACK = 'nodes/CloseSms/transport/request/judgeReadBack.ts';
const SEND = 'nodes/CloseSms/resources/sms/sendDraft.ts';
const DRAFT_THEN_SEND = 'nodes/CloseSms/resources/sms/sending/draftThenSend.ts';

/** How long a text may take to go out, in milliseconds. */
const SENT_WITHIN = 120_000;
/** How far ahead a text is scheduled that is to go out, in milliseconds. */
const SOON = 90_000;

const gone = new Set(['sent', 'error']);

async function untilGone(close: Probe, id: string, ms: number): Promise<Sms> {
	const sms = await close.until(ms, async () => {
		const now = await close.read(id);
		return gone.has(now.status) ? now : undefined;
	});
	return sms ?? (await close.read(id));
}

/** The one text that all of this is about: it is sent by the first that asks. */
const sentBy = new WeakMap<Probe['client'], { response: Sms; text: string; sent: Sms }>();

async function sent(close: Probe) {
	const known = sentBy.get(close.client);
	if (known) return known;
	const draft = await close.draft({ local_phone: close.sender, remote_phone: close.ownPhone });
	const text = close.newText();
	const response = readSms(await close.put(smsPath(draft.id), { text, status: 'outbox' }));
	const result = { response, text, sent: await untilGone(close, draft.id, SENT_WITHIN) };
	sentBy.set(close.client, result);
	return result;
}

/** @throws NotTried unless it went out */
async function sentId(close: Probe): Promise<string> {
	const { sent: sms } = await sent(close);
	if (sms.status !== 'sent')
		throw new NotTried(finding`the text is ${sms.status}: ${sms.error_message}`);
	return sms.id;
}

export const texting = group('texting', [
	{
		name: 'outbox-sends',
		title: 'An update with a text and status `outbox` sends the draft with the new text',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: [SEND, DRAFT_THEN_SEND, 'nodes/CloseSms/resources/sms/update.ts', STORE],
		steps: async (close) => {
			const { response, text, sent: sms } = await sent(close);
			expectThat(
				['outbox', 'sent'].includes(response.status),
				finding`it was answered ${response.status}`,
			);
			expectThat(response.text === text, finding`the text is the old one`);
			expectThat(sms.status === 'sent', finding`it became ${sms.status}: ${sms.error_message}`);
			return finding`Look at the phone: one text, which ends with the number ${text.split(' ').at(-1)}.`;
		},
	},
	{
		name: 'sent-has-its-time',
		title: 'A text that went out has `date_sent`, near the time at which it was response for',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: [READ_BACK, 'dev/simulator/sms/smsStore.ts'],
		steps: async (close) => {
			await sentId(close);
			const { response, sent: sms } = await sent(close);
			const apart = Date.parse(String(sms.date_sent)) - Date.parse(response.date_updated);
			expectThat(
				Math.abs(apart) < SENT_WITHIN,
				finding`they are ${Math.round(apart / 1000)} seconds apart`,
			);
		},
	},
	{
		name: 'sent-is-locked',
		title: 'An edit of a text that went out is a 400',
		source: `${DOCS.smsCreate}: only drafts can be edited; the status is concluded`,
		mark: 'inferred',
		restsOn: [READ_BACK, RETRY, STORE],
		steps: async (close) => {
			const id = await sentId(close);
			const answer = await close.put(smsPath(id), { text: close.newText() });
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'sent-is-not-canceled',
		title: 'A text that went out cannot be set back to a draft: a 400',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/resources/sms/cancel.ts', READ_BACK, STORE],
		steps: async (close) =>
			expectStatus(await close.put(smsPath(await sentId(close)), { status: 'draft' }), 400),
	},
	{
		name: 'sent-is-not-sent-again',
		title: 'A text that went out cannot be sent a second time: a 400',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [SEND, RETRY, READ_BACK, STORE],
		steps: async (close) => {
			const answer = await close.put(smsPath(await sentId(close)), { status: 'outbox' });
			expectStatus(answer, 400);
		},
	},
	{
		name: 'past-schedule-is-refused',
		title: 'A date in the past with status `scheduled` is a 400, and nothing goes out',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/validation/dates.ts', 'dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const draft = await close.draft({ local_phone: close.sender, remote_phone: close.ownPhone });
			const answer = await close.schedule(draft.id, new Date(Date.now() - 3_600_000).toISOString());
			if (answer.status === 200) {
				const { status } = await untilGone(close, draft.id, 10_000);
				throw new Difference(finding`it was answered with 200, and is ${status} then`);
			}
			expectStatus(answer, 400);
		},
	},
	{
		name: 'scheduled-goes-out-in-time',
		title: 'A scheduled text goes out at its time',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/schedule.ts', STORE],
		steps: async (close) => {
			const draft = await close.draft({ local_phone: close.sender, remote_phone: close.ownPhone });
			const answer = await close.get(smsPath(draft.id));
			// By Close's own clock.
			const date = new Date(Date.parse(answer.headers.date) + SOON).toISOString();
			const { date_scheduled: found } = readSms(await close.schedule(draft.id, date));
			if (!isSameTime(found, date)) throw new NotTried(finding`it could not be scheduled`);
			const sms = await untilGone(close, draft.id, SOON + SENT_WITHIN);
			expectThat(sms.status === 'sent', finding`it is ${sms.status}: ${sms.error_message}`);
			const late = (Date.parse(String(sms.date_sent)) - Date.parse(date)) / 1000;
			expectThat(late > -5 && late < 120, finding`it went out ${Math.round(late)} seconds after`);
			return finding`${Math.round(late)} seconds after it`;
		},
	},
]);
