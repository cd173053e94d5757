import { updateDisplayOptions } from 'n8n-workflow';
import { preSend, setPathId, type PreSendValidator } from '../../validation/preSend';
import { outputProperties, parseSelectedFields } from '../../output/outputProperties';
import { MESSAGE_INFO_FIELDS } from '../../output/messageInfo';

/** Asks Close for no more than the selected fields. */
const setResponseFields: PreSendValidator = (context, request) => {
	if (context.getNodeParameter('output', 'raw') !== 'selected') return;
	const fields = parseSelectedFields(context.getNodeParameter('fields', []));
	const withInfo = context.getNodeParameter('options.addMessageInfo', false);
	const asked = new Set([...fields, ...(withInfo ? MESSAGE_INFO_FIELDS : [])]);
	request.qs = { ...request.qs, _fields: [...asked].join(',') };
};

export const preSendGet = preSend(setPathId('smsId', 'SMS'), setResponseFields);

export const smsGetDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['get'] } },
	outputProperties,
);
