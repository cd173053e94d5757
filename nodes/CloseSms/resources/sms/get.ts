import { updateDisplayOptions } from 'n8n-workflow';
import { preSend, type PreSendValidator } from '../../validation/preSend';
import { outputProperties, parseSelectedFields } from '../../output/outputProperties';
import { MESSAGE_INFO_FIELDS } from '../../output/messageInfo';
import { setPathId } from '../../validation/pathId';

/** Asks Close only for the selected fields, and those that 'Add Message Info' needs. */
const setResponseFields: PreSendValidator = (context, request, options) => {
	if (context.getNodeParameter('output', 'raw') !== 'selected') return;
	const fields = parseSelectedFields(context.getNodeParameter('fields', []));
	const asked = new Set([...fields, ...(options.addMessageInfo ? MESSAGE_INFO_FIELDS : [])]);
	request.qs = { ...request.qs, _fields: [...asked].join(',') };
};

export const preSendGet = preSend(setPathId('smsId', 'SMS'), setResponseFields);

export const smsGetDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['get'] } },
	outputProperties,
);
