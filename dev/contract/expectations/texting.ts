import { explainFailure } from '../../../nodes/shared/carrierErrors';
import { parsePhoneNumber } from '../../../nodes/shared/phoneNumber';
import { getMaker } from '../../../nodes/CloseSmsTrigger/closeEvent';
import { NoAnswer } from '../closeClient';
import {
	Difference,
	expectStatus,
	expectSuccess,
	expectThat,
	isSuccess,
	NotTried,
} from '../expect';
import { group } from '../expectation';
import { finding, literal, type Finding } from '../finding';
import type { JsonObject } from '../jsonObject';
import { isSameTime, readSms, smsPath, toMs, type Probe, type Sms } from '../probe';
import { NoTextLeft } from '../sendGuard';
import { CONCLUDED, DOCS } from './sources';
import { uploadFile } from './uploads';

const STORE = 'dev/simulator/sms/smsStore.ts';
const RETRY = 'nodes/shared/retryPolicy.ts';
const READ_BACK = 'nodes/CloseSms/transport/request/judgeReadBack.ts';
const SEND = 'nodes/CloseSms/resources/sms/sendDraft.ts';
const DRAFT_THEN_SEND = 'nodes/CloseSms/resources/sms/sending/draftThenSend.ts';

/** How long a text may take to go out, in milliseconds. */
const SENT_WITHIN = 120_000;
/** How long an event may take until it is in the log, in milliseconds. */
const LOGGED_WITHIN = 60_000;
/** How far ahead a text is scheduled that is to go out, in milliseconds. */
const SOON = 90_000;

const gone = new Set(['sent', 'error']);

async function untilGone(close: Probe, id: string, ms: number): Promise<Sms> {
	const sms = await close.until(ms, 'The text has not gone out yet', async () => {
		const now = await close.read(id);
		return gone.has(now.status) ? now : undefined;
	});
	return sms ?? (await close.read(id));
}

/** What a carrier's refusal means: it says nothing about Close. */
const carrierSays = (sms: Sms): Finding => {
	const { error_code: code, error_reason: reason } = explainFailure(sms.error_message) ?? {};
	return finding`the carrier refused the text (${code ?? sms.error_message})${literal(reason ? `: ${reason}` : '')}`;
};

interface Unclear {
	status: string;
	body: undefined;
}

/** No answer says nothing about what was done. @throws NotTried when all texts are used */
function toUnclear(error: Error): Unclear {
	if (error instanceof NoTextLeft) throw new NotTried(finding`all texts are used: --max-texts`);
	if (!(error instanceof NoAnswer)) throw error;
	return { status: error.code, body: undefined };
}

/** Whether Close says that it did it, or that it did not. */
const isClear = <T extends { status: number | string }>(
	answer: T,
): answer is Extract<T, { status: number }> =>
	typeof answer.status === 'number' &&
	(isSuccess({ status: answer.status }) || answer.status === 400);

const mayHaveGone = (answered: number | string, now = 'unknown'): Finding =>
	finding`the request was answered with ${literal(String(answered))}; a text may have gone out, and Close shows it as ${now}. Look at the phone.`;

/**
 * Sends a request that can text the owner, once. What came back when it was unclear: the text is read then.
 *
 * @throws NotTried when it is not clear, from a read either, what became of it
 */
async function sendOnce(
	close: Probe,
	id: string,
	body: JsonObject,
): Promise<{ status: number | string; body: unknown; sms: Sms }> {
	const answer = await close.put(smsPath(id), body).catch(toUnclear);
	const sms = await close.read(id).catch(() => undefined);
	if (isClear(answer) && sms) return { ...answer, sms };
	throw new NotTried(mayHaveGone(answer.status, sms?.status));
}

/** @throws Difference unless Close did it; a refusal that is not about the text is NotTried */
function expectDone({ status, body }: { status: number | string; body: unknown }) {
	if (typeof status === 'number') expectStatus({ method: 'PUT', status, body }, 200, 201, 202);
}

interface SentText {
	response: Sms;
	text: string;
	/** how it ended */
	sent: Sms;
}

/** The one text that all of this is about: it is sent by the first that asks. */
const sentBy = new WeakMap<Probe['client'], Promise<SentText>>();

const ownDraft = async (close: Probe) =>
	await close.draft({ local_phone: close.sender, remote_phone: close.ownPhone });

async function sendText(close: Probe): Promise<SentText> {
	const draft = await ownDraft(close);
	const text = close.newText();
	const answer = await sendOnce(close, draft.id, { text, status: 'outbox' });
	expectDone(answer);
	return {
		response: answer.body as Sms,
		text,
		sent: await untilGone(close, draft.id, SENT_WITHIN),
	};
}

async function sent(close: Probe): Promise<SentText> {
	const known = sentBy.get(close.client) ?? sendText(close);
	sentBy.set(close.client, known);
	return await known;
}

/** @throws NotTried unless it went out */
async function sentId(close: Probe): Promise<string> {
	const { sent: sms } = await sent(close).catch((error: Error) => {
		if (error instanceof Difference) throw new NotTried(finding`no text could be sent`);
		throw error;
	});
	if (sms.status === 'error') throw new NotTried(carrierSays(sms));
	if (sms.status !== 'sent') throw new NotTried(finding`the text is ${sms.status}`);
	return sms.id;
}

/** @throws Difference unless it went out; a refusal of the carrier says nothing about Close */
function expectSent(sms: Sms): void {
	if (sms.status === 'error') throw new NotTried(carrierSays(sms));
	expectThat(sms.status === 'sent', finding`it became ${sms.status}`);
}

/** How many of the latest texts are looked through for one that failed, in pages of 100. */
const PAGES = 5;

/** A text that failed, as the node lists them: the run's own or one of the account. @throws NotTried when there is none */
async function readFailed(close: Probe): Promise<Sms> {
	for (let page = 0; page < PAGES; page++) {
		const answer = await close.get('/activity/sms/', {
			_fields: 'id,status,error_message,remote_phone,date_sent,date_updated',
			_limit: 100,
			_skip: page * 100,
		});
		const { data = [], has_more: hasMore } = (answer.body ?? {}) as {
			data?: Sms[];
			has_more?: boolean;
		};
		const failed = data.find(({ status }) => status === 'error');
		if (failed) return failed;
		if (!isSuccess(answer) || !hasMore) break;
	}
	throw new NotTried(finding`no text of the account has failed lately`);
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
				['outbox', 'sent', 'error'].includes(response.status),
				finding`it was answered ${response.status}`,
			);
			expectThat(response.text === text, finding`the text is the old one`);
			expectSent(sms);
			return finding`Look at the phone: one text, which ends with the number ${literal(text.split(' ').at(-1) ?? '')}.`;
		},
	},
	{
		name: 'sent-has-its-time',
		title: 'A text that went out has `date_sent`, near the time at which it was asked for',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: [READ_BACK, 'dev/simulator/sms/smsStore.ts'],
		steps: async (close) => {
			await sentId(close);
			const { response, sent: sms } = await sent(close);
			const apart = toMs(sms.date_sent) - toMs(response.date_updated);
			expectThat(
				Math.abs(apart) < SENT_WITHIN,
				finding`they are ${Math.round(apart / 1000)} seconds apart`,
			);
		},
	},
	{
		name: 'sent-from-the-given-number',
		title: 'A text goes out from the `local_phone` that was given',
		source: `${DOCS.smsCreate}; what caller_id_mode "auto" does is not documented`,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/transport/request/responseCheck.ts', DRAFT_THEN_SEND, STORE],
		steps: async (close) => {
			await sentId(close);
			const { local_phone: from, caller_id_mode: mode } = (await sent(close)).sent;
			const digits = (phone: unknown) => String(phone).replace(/\D/g, '');
			expectThat(
				digits(from) === digits(close.sender),
				finding`another number is shown; caller_id_mode is ${mode}`,
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
		name: 'scheduled-goes-out-in-time',
		title: 'A scheduled text goes out at its time',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/schedule.ts', STORE],
		steps: async (close) => {
			const draft = await ownDraft(close);
			const { headers } = await close.get(smsPath(draft.id));
			// By Close's own clock.
			const now = Number.isNaN(Date.parse(headers.date)) ? Date.now() : Date.parse(headers.date);
			const date = new Date(now + SOON).toISOString();
			const answer = await sendOnce(close, draft.id, { status: 'scheduled', date_scheduled: date });
			expectDone(answer);
			if (!isSameTime(answer.sms.date_scheduled, date))
				throw new NotTried(finding`it could not be scheduled`);
			const sms = await untilGone(close, draft.id, SOON + SENT_WITHIN);
			expectSent(sms);
			const late = (toMs(sms.date_sent) - Date.parse(date)) / 1000;
			expectThat(late > -5 && late < 120, finding`it went out ${Math.round(late)} seconds after`);
			return finding`${Math.round(late)} seconds after it`;
		},
	},
	{
		name: 'sent-is-not-sent-again',
		title: 'A text that went out cannot be sent a second time: a 400',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [SEND, RETRY, READ_BACK, STORE],
		steps: async (close) => {
			const id = await sentId(close);
			const { status, body } = await sendOnce(close, id, { status: 'outbox' });
			expectThat(
				status === 400,
				finding`it was answered with ${status}: a second text may have gone out`,
			);
			return finding`${body}`;
		},
	},
	{
		name: 'past-schedule-is-refused',
		title: 'A date in the past with status `scheduled` is a 400, and nothing goes out',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/validation/dates.ts', 'dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const draft = await ownDraft(close);
			const past = new Date(Date.now() - 3_600_000).toISOString();
			const { status } = await sendOnce(close, draft.id, {
				status: 'scheduled',
				date_scheduled: past,
			});
			if (status === 400) return;
			const sms = await untilGone(close, draft.id, 10_000);
			throw new Difference(
				finding`it was answered with ${status}, and is ${sms.status} then: a text may have gone out`,
			);
		},
	},
	{
		name: 'mms-goes-out',
		title: 'A draft with an attachment goes out, and shows the attachment afterwards',
		source: `${DOCS.smsCreate}: an MMS is an SMS with attachments`,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/withUploads.ts', SEND, STORE],
		steps: async (close) => {
			const draft = await ownDraft(close);
			const attachments = [await uploadFile(close)];
			const attached = await close.put(smsPath(draft.id), { attachments });
			if (!isSuccess(attached)) throw new NotTried(finding`no file could be attached`);
			const answer = await sendOnce(close, draft.id, { status: 'outbox' });
			if (answer.status === 400) throw new NotTried(finding`it was refused: ${answer.body}`);
			const sms = await untilGone(close, draft.id, SENT_WITHIN);
			expectSent(sms);
			expectThat(
				Array.isArray(sms.attachments) && sms.attachments.length === 1,
				finding`it shows no attachment`,
			);
		},
	},
	{
		name: 'outbox-goes-back-to-draft',
		title:
			'A text that waits in the outbox (`send_in`) is canceled by status `draft`, and does not go out',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/cancel.ts', READ_BACK, STORE],
		steps: async (close) => {
			const made = await close
				.post('/activity/sms/', {
					status: 'outbox',
					send_in: 50,
					lead_id: close.leadId,
					text: close.newText(),
					local_phone: close.sender,
					remote_phone: close.ownPhone,
				})
				.catch(toUnclear);
			if (!isClear(made)) throw new NotTried(mayHaveGone(made.status));
			const { id, status } = readSms(made);
			if (status !== 'outbox') throw new NotTried(finding`it was answered as ${status}`);
			const { status: now } = readSms(await close.put(smsPath(id), { status: 'draft' }));
			expectThat(now === 'draft', finding`it is ${now}`);
			await close.wait(60_000, 'It must not go out');
			const later = await close.read(id);
			expectThat(later.status === 'draft', finding`it is ${later.status} a minute later`);
		},
	},
	{
		name: 'log-names-who-let-it-go',
		title:
			'The event log names the key that let a text go out: in the event `sent`, in the change of its status or, where Close merges that with its own, in its creation',
		source: `${DOCS.events} ("consolidated"); which of them names it: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [
			'nodes/CloseSmsTrigger/webhook/readChangeBehind.ts',
			'nodes/CloseSmsTrigger/closeEvent.ts',
			'dev/simulator/webhooks/webhookEvents.ts',
		],
		steps: async (close) => {
			const id = await sentId(close);
			const ofIt = { object_type: 'activity.sms', object_id: id, _limit: 50 };
			const read = async () => {
				const answer = await close.get('/event/', ofIt);
				expectSuccess(answer);
				const { data = [] } = answer.body as { data?: JsonObject[] };
				return data.some(({ action }) => action === 'sent') ? data : undefined;
			};
			const events = await close.until(LOGGED_WITHIN, 'The event log does not have it yet', read);
			if (!events) throw new Difference(finding`the log has no event "sent" within a minute`);
			const makerOf = (those: JsonObject[]) => those.map(getMaker).find(Boolean) ?? 'nobody';
			const isOfStatus = ({ changed_fields: fields }: JsonObject) =>
				Array.isArray(fields) && (fields as unknown[]).includes('status');
			const bySent = makerOf(events.filter(({ action }) => action === 'sent'));
			const byChange = makerOf(
				events.filter((event) => event.action === 'updated' && isOfStatus(event)),
			);
			const byCreation = makerOf(events.filter(({ action }) => action === 'created'));
			const found = finding`the event "sent" names ${literal(bySent)}, the change of its status ${literal(byChange)}, its creation ${literal(byCreation)}`;
			expectThat([bySent, byChange, byCreation].includes('integration'), found);
			return found;
		},
	},
	{
		name: 'failure-has-number-and-time',
		title:
			'A text that failed is listed with status `error`, its `remote_phone` and `date_updated`',
		source: DOCS.smsList,
		mark: 'confirmed',
		restsOn: [
			'nodes/CloseSms/resources/sms/sending/failedNumber.ts',
			'nodes/CloseSms/resources/sms/sending/earlierTexts.ts',
			'dev/simulator/sms/carrier.ts',
		],
		steps: async (close) => {
			const failed = await readFailed(close);
			const reading = parsePhoneNumber(failed.remote_phone);
			expectThat('number' in reading, finding`its remote_phone cannot be read as a number`);
			expectThat(!Number.isNaN(toMs(failed.date_updated)), finding`it has no date_updated`);
			return finding`date_sent is ${failed.date_sent ? 'shown' : 'not shown'}`;
		},
	},
	{
		name: 'failure-names-the-number',
		title: "A text that failed has the number of the carrier's error in `error_message`",
		source: `Close's help lists the numbers ("How do I know if an SMS message fails to send"); the field: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [
			'nodes/shared/carrierErrors.ts',
			'nodes/CloseSms/resources/sms/sending/failedNumber.ts',
			'dev/simulator/sms/carrier.ts',
		],
		steps: async (close) => {
			const { error_message: message } = await readFailed(close);
			// The numbers of Twilio, which carries Close's texts.
			expectThat(/\b[23]\d{4}\b/.test(String(message)), finding`it says ${message}`);
			return finding`${message}`;
		},
	},
]);
