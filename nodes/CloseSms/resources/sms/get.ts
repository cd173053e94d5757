import { updateDisplayOptions } from 'n8n-workflow';
import { checks, idInPath, type Check } from '../../../shared/checks';
import { outputProperties, selectedFields } from '../../../shared/output';
import { MESSAGE_INFO_FIELDS } from './messageInfo';

/** Asks Close for no more than the selected fields. */
const askForFields: Check = (context, request) => {
	if (context.getNodeParameter('output', 'raw') !== 'selected') return;
	const fields = selectedFields(context.getNodeParameter('fields', []));
	const withInfo = context.getNodeParameter('options.addMessageInfo', false);
	const asked = new Set([...fields, ...(withInfo ? MESSAGE_INFO_FIELDS : [])]);
	request.qs = { ...request.qs, _fields: [...asked].join(',') };
};

export const getChecks = checks(idInPath('smsId', 'SMS'), askForFields);

export const smsGetDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['get'] } },
	outputProperties,
);
