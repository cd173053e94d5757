import type { FastifyInstance } from 'fastify';

import { notFound } from '../http/errors';
import { naiveTime } from '../http/dates';
import { newId } from '../http/ids';
import { flag, page, type Query } from '../http/query';
import type { SmsTemplate } from '../types';
import type { State } from '../state';

const properties = {
	name: { type: 'string', minLength: 1 },
	text: { type: 'string' },
	is_shared: { type: 'boolean' },
	attachments: {
		type: 'array',
		items: {
			type: 'object',
			additionalProperties: false,
			required: ['url', 'filename', 'content_type'],
			properties: {
				url: { type: 'string' },
				filename: { type: 'string' },
				content_type: { type: 'string' },
			},
		},
	},
};
const createBody = { type: 'object', additionalProperties: false, required: ['name'], properties };
const updateBody = {
	type: 'object',
	additionalProperties: false,
	properties: { ...properties, status: { enum: ['active', 'archived'] } },
};

/** Attachments are shown only when they are asked for. */
function shown(template: SmsTemplate, query: Query = {}): object {
	const { attachments, ...rest } = template;
	return flag(query, 'include_attachments') ? { ...rest, attachments } : rest;
}

type Input = Partial<Pick<SmsTemplate, 'name' | 'text' | 'is_shared' | 'status' | 'attachments'>>;
type ById = { Params: { id: string } };

/** `/sms_template/` */
export function smsTemplateRoutes(api: FastifyInstance, state: State): void {
	const find = (id: string) => {
		const template = state.templates.get(id);
		if (!template) throw notFound('SMSTemplate');
		return template;
	};
	const now = () => naiveTime(state.clock.ms());

	api.get('/sms_template/', { config: { query: ['_limit', '_skip'] } }, ({ entry: { query } }) => {
		const { _limit, _skip } = query;
		const paging = { ...(_limit && { _limit }), ...(_skip && { _skip }) };
		return page(
			[...state.templates.values()].map((one) => shown(one)),
			paging,
			state.settings.maxSkip,
		);
	});
	api.post<{ Body: Input }>(
		'/sms_template/',
		{ schema: { body: createBody } },
		({ body, caller }, reply) => {
			const by = { owned_by: caller.userId, created_by: caller.userId, updated_by: caller.userId };
			const template: SmsTemplate = {
				id: newId('smstmpl'),
				organization_id: state.account.organization.id,
				name: '',
				text: '',
				status: 'active',
				is_shared: false,
				attachments: [],
				...by,
				...body,
				date_created: now(),
				date_updated: now(),
			};
			state.templates.set(template.id, template);
			return reply.code(201).send(shown(template));
		},
	);
	api.get<ById>(
		'/sms_template/:id/',
		{ config: { query: ['include_attachments', 'include_embedded'] } },
		({ params, entry }) => shown(find(params.id), entry.query),
	);
	api.put<ById & { Body: Input }>(
		'/sms_template/:id/',
		{ schema: { body: updateBody } },
		({ params, body, caller }) => {
			const template = {
				...find(params.id),
				...body,
				updated_by: caller.userId,
				date_updated: now(),
			};
			state.templates.set(template.id, template);
			return shown(template);
		},
	);
	api.delete<ById>('/sms_template/:id/', ({ params }, reply) => {
		state.templates.delete(find(params.id).id);
		return reply.code(204).send();
	});
}
