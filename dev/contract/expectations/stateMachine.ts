import { expectStatus, expectThat, NotTried, requireSuccess } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import { isSameTime, readSms, smsPath } from '../probe';
import { CONCLUDED, DOCS } from './sources';

const UPDATE = 'nodes/CloseSms/resources/sms/update.ts';
const SCHEDULE = 'nodes/CloseSms/resources/sms/schedule.ts';
const CANCEL = 'nodes/CloseSms/resources/sms/cancel.ts';
const DRAFT_THEN_SEND = 'nodes/CloseSms/resources/sms/sending/draftThenSend.ts';
const TRANSITION = 'nodes/CloseSms/resources/sms/sending/statusTransition.ts';
const RETRY = 'nodes/shared/retryPolicy.ts';
const READ_BACK = 'nodes/CloseSms/transport/request/judgeReadBack.ts';
const STORE = 'dev/simulator/sms/smsStore.ts';

export const stateMachine = group('state machine', [
	{
		name: 'put-schedules-a-draft',
		title: 'An update with status `scheduled` and `date_scheduled` schedules a draft for that time',
		source: `${DOCS.smsUpdate}: in its prose; its schema lacks date_scheduled`,
		mark: 'inferred',
		restsOn: [UPDATE, SCHEDULE, DRAFT_THEN_SEND, STORE],
		steps: async (close) => {
			const { id } = await close.draftToFictionalNumber();
			const date = close.nextYear();
			const answer = await close.schedule(id, date);
			const { status, date_scheduled: found } = readSms(answer);
			expectThat(status === 'scheduled', finding`its status is ${status}`);
			expectThat(found !== null, finding`it was answered with 200, and the date is dropped`);
			expectThat(isSameTime(found, date), finding`it is scheduled for another time`);
		},
	},
	{
		name: 'post-schedules',
		title:
			'A text that is made with status `scheduled` and `date_scheduled` is scheduled for that time',
		source: `${DOCS.smsCreate}: in its prose; its schema lacks date_scheduled`,
		mark: 'inferred',
		restsOn: [STORE],
		steps: async (close) => {
			const date = close.nextYear(1);
			// Whether Close takes the number at all.
			await close.draftToFictionalNumber();
			const answer = await close.post('/activity/sms/', {
				status: 'scheduled',
				date_scheduled: date,
				lead_id: close.leadId,
				text: close.newText(),
				local_phone: close.sender,
				remote_phone: close.fictionalNumber,
			});
			const { status, date_scheduled: found } = readSms(answer);
			expectThat(
				status === 'scheduled' && isSameTime(found, date),
				finding`it is ${status}, and its date ${found === null ? 'is null' : 'another'}`,
			);
		},
	},
	{
		name: 'text-and-schedule-in-one',
		title: 'One update can change the text of a draft and schedule it',
		source: DOCS.smsUpdate,
		mark: 'inferred',
		restsOn: [UPDATE, STORE],
		steps: async (close) => {
			const { id } = await close.draftToFictionalNumber();
			const text = close.newText();
			const date_scheduled = close.nextYear(2);
			const sms = readSms(
				await close.put(smsPath(id), { text, status: 'scheduled', date_scheduled }),
			);
			expectThat(sms.text === text, finding`the text is the old one`);
			expectThat(
				sms.status === 'scheduled' && isSameTime(sms.date_scheduled, date_scheduled),
				finding`it is ${sms.status}, and not for the time that was asked for`,
			);
		},
	},
	{
		name: 'scheduled-goes-back-to-draft',
		title: 'A scheduled text is canceled by status `draft`',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: [CANCEL, SCHEDULE, TRANSITION, STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			const { status } = readSms(await close.put(smsPath(id), { status: 'draft' }));
			expectThat(status === 'draft', finding`its status is ${status}`);
		},
	},
	{
		name: 'canceled-has-no-date',
		title: 'A text that was canceled has no `date_scheduled` any more',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			const { date_scheduled: date } = readSms(await close.put(smsPath(id), { status: 'draft' }));
			expectThat(date === null, finding`it still has its date`);
		},
	},
	{
		name: 'schedule-moves-in-two-steps',
		title: 'A scheduled text can be moved: back to `draft`, then `scheduled` with another date',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [SCHEDULE, STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			requireSuccess(
				await close.put(smsPath(id), { status: 'draft' }),
				finding`it could not be canceled`,
			);
			const date = close.nextYear(7);
			const { status, date_scheduled: found } = readSms(await close.schedule(id, date));
			expectThat(
				status === 'scheduled' && isSameTime(found, date),
				finding`it is ${status}, and not for the new time`,
			);
		},
	},
	{
		name: 'edit-of-scheduled-is-refused',
		title: 'An edit of a scheduled text is a 400',
		source: `${DOCS.smsCreate}: only drafts can be edited; the status is concluded`,
		mark: 'inferred',
		restsOn: [SCHEDULE, RETRY, READ_BACK, 'nodes/shared/errors/closeError.ts', STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			expectStatus(await close.put(smsPath(id), { text: close.newText() }), 400);
		},
	},
	{
		name: 'edit-refusal-names-drafts',
		title: 'The refusal of an edit says under `errors` that only drafts can be edited',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			const { status, body } = await close.put(smsPath(id), { text: close.newText() });
			if (status !== 400) throw new NotTried(finding`it was answered with ${status}`);
			const { errors = [] } = body as { errors?: unknown[] };
			expectThat(/draft/i.test(String(errors)), finding`the body is ${body}`);
		},
	},
	{
		name: 'move-in-one-step-is-refused',
		title: 'A scheduled text cannot be given another date without being a draft in between',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [SCHEDULE, STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			const answer = await close.schedule(id, close.nextYear(9));
			expectStatus(answer, 400);
		},
	},
	{
		name: 'refusal-changes-nothing',
		title: 'After a refused edit the text is as it was',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [RETRY, TRANSITION, STORE],
		steps: async (close) => {
			const before = await close.scheduled();
			const { status } = await close.put(smsPath(before.id), { text: close.newText() });
			if (status < 400) throw new NotTried(finding`it was answered with ${status}`);
			const after = await close.read(before.id);
			const changed = (['text', 'status', 'date_scheduled'] as const).filter(
				(name) => after[name] !== before[name],
			);
			expectThat(changed.length === 0, finding`it changed ${changed}`);
		},
	},
	{
		name: 'schedule-needs-a-sender',
		title: 'A draft without `local_phone` cannot be scheduled: a 400',
		source: `${DOCS.smsCreate}: local_phone must be one of the organization`,
		mark: 'inferred',
		restsOn: ['dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const { id } = await close.draft({ remote_phone: close.fictionalNumber });
			const answer = await close.schedule(id, close.nextYear());
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'schedule-needs-a-text',
		title: 'A draft without text cannot be scheduled: a 400',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const { id } = await close.draftToFictionalNumber({ text: null });
			expectStatus(await close.schedule(id, close.nextYear()), 400);
		},
	},
	{
		name: 'foreign-sender-is-refused',
		title: "A text from a number that is not the organization's cannot be scheduled: a 400",
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['dev/simulator/sms/smsRules.ts', 'nodes/CloseSms/listSearch/getPhoneNumbers.ts'],
		steps: async (close) => {
			const remote_phone = close.fictionalNumber;
			const draft = await close.post('/activity/sms/', {
				status: 'draft',
				lead_id: close.leadId,
				text: close.newText(),
				local_phone: remote_phone,
				remote_phone,
			});
			// It may be refused as early as that.
			if (draft.status === 400) return finding`already as a draft: ${draft.body}`;
			const answer = await close.schedule(readSms(draft).id, close.nextYear());
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'deleted-is-gone',
		title: 'A draft that is deleted with 200 or 204 is a 404 afterwards',
		source: DOCS.smsDelete,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/deleteHandler.ts', DRAFT_THEN_SEND, STORE],
		steps: async (close) => {
			const { id } = await close.draft();
			const answer = await close.delete(smsPath(id));
			expectStatus(answer, 200, 204);
			expectStatus(await close.get(smsPath(id)), 404);
			return finding`it was answered with ${answer.status}`;
		},
	},
	{
		name: 'deleted-twice-is-404',
		title: 'To delete what is deleted is a 404',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [RETRY, 'nodes/CloseSms/resources/deleteHandler.ts', STORE],
		steps: async (close) => {
			const { id } = await close.draft();
			requireSuccess(await close.delete(smsPath(id)), finding`it could not be deleted`);
			expectStatus(await close.delete(smsPath(id)), 404);
		},
	},
	{
		name: 'edit-of-deleted-is-404',
		title: 'To update what is deleted is a 404',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/transport/request/requestWithRetry.ts', STORE],
		steps: async (close) => {
			const { id } = await close.draft();
			requireSuccess(await close.delete(smsPath(id)), finding`it could not be deleted`);
			expectStatus(await close.put(smsPath(id), { text: close.newText() }), 404);
		},
	},
	{
		name: 'scheduled-can-be-deleted',
		title: 'A scheduled text can be deleted, and is a 404 afterwards',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/resources/sms/index.ts', STORE],
		steps: async (close) => {
			const { id } = await close.scheduled();
			expectStatus(await close.delete(smsPath(id)), 200, 204);
			expectStatus(await close.get(smsPath(id)), 404);
		},
	},
]);
