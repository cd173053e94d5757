import { SMS_FIELDS } from '../../../nodes/shared/closeTypes';
import { findDifferences } from '../../../nodes/CloseSms/transport/request/responseCheck';
import { expectStatus, expectThat, isSuccess } from '../expect';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import { isSms, readSms, smsPath, toMs, type Probe } from '../probe';
import { CODE, CONCLUDED, DOCS } from './sources';

const COMPARED = 'nodes/CloseSms/transport/request/responseCheck.ts';
const SCHEMA = 'dev/simulator/sms/smsSchema.ts';
const STORE = 'dev/simulator/sms/smsStore.ts';

const RULES = 'dev/simulator/sms/smsRules.ts';

const textOf = (characters: number, close: Probe) =>
	close
		.newText()
		.padEnd(characters, ' word')
		.slice(0, characters - 1)
		.concat('.');

const postDraft = async (text: string, close: Probe) =>
	await close.post('/activity/sms/', { status: 'draft', lead_id: close.leadId, text });

/** How long a draft is looked at that nobody changes, in milliseconds. */
const UNTOUCHED_FOR = 5_000;

/** Fields that a draft need not show. */
const OPTIONAL = new Set([
	'attachments',
	'user_name',
	'created_by_name',
	'updated_by_name',
	'sequence_id',
	'sequence_name',
	'sequence_subscription_id',
	'agent_config_id',
	'agent_action_reason',
]);

export const bodies = group('bodies', [
	{
		name: 'create-answers-200-with-the-sms',
		title: 'A draft that is made, and one that is changed, is answered with 200 and the whole SMS',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/sending/draftThenSend.ts', STORE],
		steps: async (close) => {
			const answer = await close.postDraft();
			expectStatus(answer, 200);
			expectThat(isSms(answer.body), finding`${answer.method} was answered without an SMS`);
			const { id, status, direction } = readSms(answer);
			expectThat(status === 'draft', finding`its status is ${status}`);
			expectThat(direction === 'outbound', finding`its direction is ${direction}`);
			const changed = await close.put(smsPath(id), { text: close.newText() });
			expectStatus(changed, 200);
			expectThat(isSms(changed.body), finding`${changed.method} was answered without an SMS`);
		},
	},
	{
		name: 'made-by-the-user-of-the-key',
		title:
			'`created_by` of an SMS that was made is the user whose key made it, whose else it is to be',
		source: `${DOCS.smsGet} has the field; that it never names the user of \`user_id\` is ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [
			'nodes/CloseSms/transport/request/findCreated.ts',
			'nodes/CloseSms/transport/request/createdSms.ts',
			STORE,
		],
		steps: async (close) => {
			const { userId } = close.organization;
			const { id, created_by: maker } = await close.draft();
			expectThat(maker === userId, finding`it is not the user of the key, but ${maker}`);
			const read = await close.read(id);
			expectThat(read.created_by === userId, finding`a read shows another one: ${read.created_by}`);
			const other = await close.otherUser();
			const answer = await close.postDraft({ user_id: other });
			if (!isSuccess(answer)) return finding`no SMS could be made for another user`;
			const { created_by: ofOther } = readSms(answer);
			expectThat(ofOther === userId, finding`made for another user, it is ${ofOther}`);
			return undefined;
		},
	},
	{
		name: 'draft-keeps-its-date',
		title: 'Nothing but a change by somebody moves `date_updated` of a draft that was just made',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/transport/request/judgeReadBack.ts', STORE],
		steps: async (close) => {
			const { id, date_updated: shown } = await close.draft();
			const moved = await close.until(UNTOUCHED_FOR, 'Close may touch a new draft', async () => {
				const { date_updated: now } = await close.read(id);
				return toMs(now) === toMs(shown) ? undefined : toMs(now) - toMs(shown);
			});
			expectThat(moved === undefined, finding`it moved by ${moved ?? 0} milliseconds by itself`);
		},
	},
	{
		name: 'sms-has-the-documented-fields',
		title: 'An SMS has every required field of the reference',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: ['nodes/shared/closeTypes.ts', 'dev/simulator/sms/smsActivity.ts'],
		steps: async (close) => {
			const answer = await close.get(smsPath((await close.draft()).id));
			expectThat(isSms(answer.body), finding`${answer.method} was answered without an SMS`);
			const sms = readSms(answer);
			const missing = SMS_FIELDS.filter((name) => !(name in sms) && !OPTIONAL.has(name));
			expectThat(missing.length === 0, finding`it lacks ${literal(missing.join(', '))}`);
		},
	},
	{
		name: 'sms-has-no-other-fields',
		title: 'An SMS has no field that the node does not offer under Selected Fields',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: ['nodes/shared/closeTypes.ts', 'dev/simulator/sms/smsActivity.ts'],
		steps: async (close) => {
			const sms = await close.read((await close.draft()).id);
			const more = Object.keys(sms).filter((name) => !SMS_FIELDS.includes(name));
			expectThat(more.length === 0, finding`it has ${more} too`);
		},
	},
	{
		name: 'put-changes-only-what-it-names',
		title: 'An update changes the fields that it names, and no others',
		source: `${DOCS.smsUpdate}; that every PUT acts like a patch: Close, "Getting started"`,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/update.ts', COMPARED, STORE],
		steps: async (close) => {
			const before = await close.draft();
			const text = close.newText();
			const after = readSms(await close.put(smsPath(before.id), { text }));
			expectThat(after.text === text, finding`the text is not the new one`);
			const fields = ['status', 'lead_id', 'contact_id', 'local_phone', 'remote_phone', 'user_id'];
			const changed = fields.filter((name) => after[name] !== before[name]);
			expectThat(changed.length === 0, finding`it changed ${literal(changed.join(', '))}`);
		},
	},
	{
		name: 'response-is-what-is-stored',
		title: 'The response to an update shows what a later read shows',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: [COMPARED, 'nodes/CloseSms/transport/request/judgeReadBack.ts', STORE],
		steps: async (close) => {
			const { id } = await close.draft();
			const response = readSms(await close.put(smsPath(id), { text: close.newText() }));
			const stored = await close.read(id);
			const differing = Object.keys(response).filter(
				(name) => JSON.stringify(response[name]) !== JSON.stringify(stored[name]),
			);
			expectThat(differing.length === 0, finding`a read shows another ${differing}`);
		},
	},
	{
		name: 'text-is-kept',
		title: 'A text with accents, line breaks, emoji and braces comes back as it was sent',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [COMPARED, 'nodes/CloseSms/resources/sms/sending/duplicates.ts', STORE],
		steps: async (close) => {
			const text = `${close.newText()}\nZoë, ½ £5 – „äß“ 👋🏽 <b>&amp;</b> {x}`;
			const draft = await close.draft({ text });
			expectThat(findDifferences({ text }, draft).length === 0, finding`it comes back otherwise`);
		},
	},
	{
		name: 'long-text-is-kept',
		title: 'A draft of 1,000 characters comes back whole',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [COMPARED, STORE],
		steps: async (close) => {
			const text = textOf(1000, close);
			const sms = readSms(await postDraft(text, close));
			expectThat(
				findDifferences({ text }, sms).length === 0,
				finding`it comes back with ${String(sms.text).length} characters`,
			);
		},
	},
	{
		name: 'long-text-is-refused',
		title: 'A draft of more than 1,000 characters is refused',
		source:
			'Close: "SMS in Close" (help.close.com/docs/sms-in-closeio), of its own app; whether the API has the limit is not documented',
		mark: 'inferred',
		restsOn: ['nodes/CloseSms/validation/messageLength.ts', RULES],
		steps: async (close) => {
			const answer = await postDraft(textOf(1001, close), close);
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'numbers-are-kept',
		title: 'Numbers in E.164 come back with the same digits',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: [COMPARED, 'nodes/CloseSms/validation/phones.ts'],
		steps: async (close) => {
			const asked = { local_phone: close.sender, remote_phone: close.fictionalNumber };
			const differing = findDifferences(asked, await close.draft(asked));
			expectThat(
				differing.length === 0,
				finding`${literal(differing.join(', '))} came back otherwise`,
			);
		},
	},
	{
		name: 'null-clears',
		title: 'A field of a draft that is set to null is empty afterwards',
		source: `${DOCS.smsUpdate} (nullable fields)`,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/update.ts', STORE],
		steps: async (close) => {
			const { id } = await close.draft();
			const cleared = { text: null, contact_id: null };
			const sms = readSms(await close.put(smsPath(id), cleared));
			const kept = Object.keys(cleared).filter((name) => sms[name] !== null && sms[name] !== '');
			expectThat(kept.length === 0, finding`${literal(kept.join(', '))} stayed`);
		},
	},
	{
		name: 'unknown-key-is-refused',
		title: 'A key in a body that Close does not know is a 400',
		source: `${DOCS.smsUpdate} (no further properties in its schema); ${CODE.cleancat} would drop it`,
		mark: 'inferred',
		restsOn: [SCHEMA],
		steps: async (close) => {
			const { id } = await close.draft();
			const answer = await close.put(smsPath(id), { unknown_key: 'x', text: close.newText() });
			expectThat(
				answer.status !== 200,
				finding`it was answered with 200, and the key ${'unknown_key' in (answer.body as object) ? literal('is stored') : literal('is dropped')}`,
			);
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'user-is-taken',
		title: 'A draft can be attributed to another user than that of the key by `user_id`',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/fields/fields.ts', COMPARED],
		steps: async (close) => {
			const userId = await close.otherUser();
			const { user_id: found } = readSms(await close.postDraft({ user_id: userId }));
			expectThat(found === userId, finding`it is attributed to ${found}`);
		},
	},
	{
		name: 'direction-is-kept',
		title: 'A direction that is given is kept, also where the status would say another',
		source: `${DOCS.smsCreate} (the default is for one that is not given)`,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/create.ts', STORE],
		steps: async (close) => {
			const { direction: found } = await close.draft({ direction: 'inbound' });
			expectThat(found === 'inbound', finding`it is ${found}`);
		},
	},
	{
		name: 'lead-follows-contact',
		title: 'A draft with a contact and no lead belongs to the lead of the contact',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [STORE],
		steps: async (close) => {
			const answer = await close.post('/activity/sms/', {
				status: 'draft',
				contact_id: close.contactId,
				text: close.newText(),
			});
			const { lead_id: found } = readSms(answer);
			expectThat(found === close.leadId, finding`its lead is ${found}`);
		},
	},
	{
		name: 'received-text-is-logged',
		title: 'A text that is made with status `inbox` is inbound, also with `send_to_inbox=true`',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/create.ts', STORE],
		steps: async (close) => {
			// Whether Close takes the number at all.
			await close.draftToFictionalNumber();
			const body = {
				status: 'inbox',
				lead_id: close.leadId,
				text: close.newText(),
				local_phone: close.sender,
				remote_phone: close.fictionalNumber,
			};
			const answer = await close.post('/activity/sms/', body, { query: { send_to_inbox: 'true' } });
			const { status, direction, date_sent: sent } = readSms(answer);
			expectThat(status === 'inbox', finding`its status is ${status}`);
			expectThat(direction === 'inbound', finding`its direction is ${direction}`);
			return finding`date_sent is ${sent === null ? 'null' : 'a date'}`;
		},
	},
	{
		name: 'sent-text-is-logged',
		title: 'A text that is made with status `sent` is only logged: it is `sent` at once',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/create.ts', STORE],
		steps: async (close) => {
			// Whether Close takes the number at all.
			await close.draftToFictionalNumber();
			const answer = await close.post('/activity/sms/', {
				status: 'sent',
				source: 'External',
				lead_id: close.leadId,
				text: close.newText(),
				local_phone: close.sender,
				remote_phone: close.fictionalNumber,
			});
			const { status, source } = readSms(answer);
			expectThat(status === 'sent', finding`its status is ${status}`);
			expectThat(source === 'External', finding`its source is ${source}`);
		},
	},
	{
		name: 'caller-id-mode-is-known',
		title: '`caller_id_mode` of a text is null, `fixed` or `auto`',
		source: DOCS.smsGet,
		mark: 'confirmed',
		restsOn: ['nodes/shared/closeTypes.ts', COMPARED],
		steps: async (close) => {
			const { caller_id_mode: mode, caller_id_reason: reason } = await close.draft();
			expectThat([null, undefined, 'fixed', 'auto'].includes(mode as null), finding`it is ${mode}`);
			return finding`${mode ?? 'null'}, caller_id_reason ${reason ?? 'null'}`;
		},
	},
]);
