import { MESSAGE_INFO_FIELDS } from '../../output/messageInfo';
import { preSend } from '../../validation/preSend';
import { selectResponseFields } from '../../validation/responseFields';
import type { Operation } from '../operation';
import { setSmsId } from './fields/smsId';

const selectFields = selectResponseFields((_, { addMessageInfo }) =>
	addMessageInfo ? MESSAGE_INFO_FIELDS : [],
);

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get SMS',
		description: 'Retrieve one SMS activity by its ID',
		routing: {
			request: { method: 'GET', url: '/activity/sms/{id}/' },
			send: { preSend: [preSend(setSmsId, selectFields)] },
		},
	},
	subtitle: 'Get an SMS',
	returnsSms: true,
	properties: [],
};
