import { MESSAGE_INFO_FIELDS } from '../../output/messageInfo';
import { outputProperties, parseSelectedFields } from '../../output/outputProperties';
import { preSend, type PreSendValidator } from '../../validation/preSend';
import type { Operation } from '../operation';
import { setSmsId } from './fields/smsId';

/** Asks Close only for the selected fields, and those that 'Add Message Info' needs. */
const setResponseFields: PreSendValidator = (context, request, options) => {
	if (context.getNodeParameter('output', 'raw') !== 'selected') return;
	const fields = parseSelectedFields(context.getNodeParameter('fields', []));
	const asked = new Set([...fields, ...(options.addMessageInfo ? MESSAGE_INFO_FIELDS : [])]);
	request.qs = { ...request.qs, _fields: [...asked].join(',') };
};

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get an SMS',
		description: 'Retrieve one SMS activity by its ID',
		routing: {
			request: { method: 'GET', url: '/activity/sms/{id}/' },
			send: { preSend: [preSend(setSmsId, setResponseFields)] },
		},
	},
	subtitle: 'Get a text',
	returnsSms: true,
	properties: outputProperties,
};
