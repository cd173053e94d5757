import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { checks, idInPath } from '../../../shared/checks';
import type { Steps } from '../../../shared/send';
import { smsId } from './smsId';

export const deleteChecks = checks(idInPath('smsId', 'SMS'));

/** Close answers with an empty object or nothing at all, so the answer is our own. */
export const deleteSteps: Steps = async (send, request) => {
	await send(request);
	const [id] = (request.options.url ?? '').split('/').slice(-2);
	return [{ json: { deleted: true, id } }];
};

const properties: INodeProperties[] = [smsId];

export const smsDeleteDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['delete'] } },
	properties,
);
