import type { JsonObject } from '../jsonObject';
import { expectStatus, expectSuccess, expectThat, NotTried, requireSuccess } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import { readSms, smsPath, type Probe } from '../probe';
import { CONCLUDED, DOCS } from './sources';
import { uploadFile } from './uploads';

const CREATE = 'nodes/CloseSms/resources/smsTemplate/create.ts';
const UPDATE = 'nodes/CloseSms/resources/smsTemplate/update.ts';
const DRAFT_THEN_SEND = 'nodes/CloseSms/resources/sms/sending/draftThenSend.ts';
const SIMULATED = 'dev/simulator/sms/smsTemplates.ts';
const RENDERED = 'dev/simulator/sms/render.ts';

const path = (id: unknown) => `/sms_template/${String(id)}/`;

/** The contact of the run's own lead has this first name. */
export const FIRST_NAME = 'Nobody';

const postTemplate = async (close: Probe, more: JsonObject = {}) =>
	await close.post('/sms_template/', {
		name: close.newText(),
		text: `${close.newText()} for {{ contact.first_name }}`,
		is_shared: false,
		...more,
	});

/** A template of the run's own. @throws NotTried when Close makes none */
async function template(close: Probe, more: JsonObject = {}) {
	const answer = await postTemplate(close, more);
	requireSuccess(answer, finding`no template could be made`);
	const body = answer.body as JsonObject | undefined;
	if (typeof body?.id !== 'string') throw new NotTried(finding`no template could be made`);
	return { ...body, id: body.id, text: String(body.text) };
}

/** @throws Difference unless the text is the template with the first name of the contact */
function expectRendered(text: unknown, source: string) {
	const wanted = source.replace(/\{\{.*\}\}/, FIRST_NAME);
	expectThat(
		text === wanted,
		String(text).includes('{{') ? finding`the tags are left in it` : finding`it is another text`,
	);
}

export const templates = group('templates', [
	{
		name: 'template-is-made-with-201',
		title: 'A template is made of `name`, `text` and `is_shared`, and answered with 201',
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: [CREATE, SIMULATED],
		steps: async (close) => {
			const answer = await postTemplate(close);
			expectStatus(answer, 201);
			const { id, text } = (answer.body ?? {}) as JsonObject;
			expectThat(
				typeof id === 'string' && String(text).includes(close.marker),
				finding`it was answered without template`,
			);
		},
	},
	{
		name: 'template-is-rendered-on-create',
		title: 'A draft that is made with `template_id` has the rendered template as its text',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: [DRAFT_THEN_SEND, 'nodes/CloseSms/resources/sms/create.ts', RENDERED],
		steps: async (close) => {
			const { id, text } = await template(close);
			const draft = await close.post('/activity/sms/', {
				status: 'draft',
				template_id: id,
				lead_id: close.leadId,
				contact_id: close.contactId,
			});
			expectRendered(readSms(draft).text, text);
		},
	},
	{
		name: 'template-is-rendered-on-update',
		title: 'A draft that is updated with `template_id` has the rendered template as its text',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/update.ts', RENDERED],
		steps: async (close) => {
			const { id, text } = await template(close);
			const draft = await close.draft();
			const { text: found } = readSms(await close.put(smsPath(draft.id), { template_id: id }));
			expectRendered(found, text);
		},
	},
	{
		name: 'text-and-template-are-refused',
		title: 'Text and template in one body are a 400',
		source: `${DOCS.smsCreate}: one instead of the other; the status is concluded`,
		mark: 'inferred',
		restsOn: ['dev/simulator/sms/smsRules.ts', 'nodes/CloseSms/validation/requestBody.ts'],
		steps: async (close) => {
			const { id: template_id } = await template(close);
			const { id } = await close.draft();
			expectStatus(await close.put(smsPath(id), { template_id, text: close.newText() }), 400);
		},
	},
	{
		name: 'template-can-be-changed',
		title: "A template's `name`, `text` and `status` can be changed",
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: [UPDATE, 'nodes/CloseSms/listSearch/getTemplates.ts', SIMULATED],
		steps: async (close) => {
			const { id } = await template(close);
			const asked = { name: close.newText(), text: close.newText(), status: 'archived' };
			const answer = await close.put(path(id), asked);
			expectSuccess(answer);
			const found = answer.body as JsonObject;
			const differing = Object.entries(asked).filter(([name, value]) => found[name] !== value);
			expectThat(
				differing.length === 0,
				finding`it has another ${differing.map(([name]) => name)}`,
			);
		},
	},
	{
		name: 'template-shows-attachments',
		title: 'A template shows its attachments with `include_attachments=true`',
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/smsTemplate/index.ts', SIMULATED],
		steps: async (close) => {
			const { id } = await template(close);
			const answer = await close.get(path(id), { include_attachments: 'true' });
			expectSuccess(answer);
			expectThat(
				Array.isArray((answer.body as JsonObject).attachments),
				finding`it has no list of attachments`,
			);
		},
	},
	{
		name: 'template-takes-attachments',
		title:
			'A template can be made with `attachments`, and shows them with `include_attachments=true`',
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: [CREATE, 'nodes/CloseSms/resources/withUploads.ts', SIMULATED],
		steps: async (close) => {
			const file = await uploadFile(close);
			const made = await postTemplate(close, { attachments: [file] });
			expectSuccess(made);
			const { id } = (made.body ?? {}) as JsonObject;
			const { body } = await close.get(path(id), { include_attachments: 'true' });
			const { attachments } = (body ?? {}) as JsonObject;
			const isShown = Array.isArray(attachments) && attachments.length === 1;
			expectThat(isShown, finding`it does not show one attachment`);
		},
	},
	{
		name: 'templates-are-listed',
		title: 'The list of templates has `data` and `has_more`, and takes `_limit` and `_skip`',
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: [
			'nodes/CloseSms/resources/smsTemplate/getAll.ts',
			'nodes/CloseSms/listSearch/getTemplates.ts',
			SIMULATED,
		],
		steps: async (close) => {
			await template(close);
			const answer = await close.get('/sms_template/', { _limit: 1, _skip: 0 });
			expectSuccess(answer);
			const { data, has_more: hasMore } = answer.body as JsonObject;
			expectThat(
				Array.isArray(data) && data.length === 1 && typeof hasMore === 'boolean',
				finding`it is no page of one`,
			);
		},
	},
	{
		name: 'template-can-be-deleted',
		title: 'A template that is deleted with 200 or 204 is a 404 afterwards',
		source: DOCS.templates,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/deleteHandler.ts', SIMULATED],
		steps: async (close) => {
			const { id } = await template(close);
			const answer = await close.delete(path(id));
			expectStatus(answer, 200, 204);
			expectStatus(await close.get(path(id)), 404);
			return finding`it was answered with ${answer.status}`;
		},
	},
	{
		name: 'unknown-template-is-refused',
		title: 'A template that does not exist is a 400',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: ['dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const { id } = await close.draft();
			const template_id = 'smstmpl_1234567890123456789012';
			const answer = await close.put(smsPath(id), { template_id });
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
]);
