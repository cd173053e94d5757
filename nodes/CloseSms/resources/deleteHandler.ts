import { preSend } from '../validation/preSend';
import type { OperationHandler } from '../transport/operationHandler';
import { setPathId } from '../validation/pathId';

export const preSendDelete = preSend(setPathId('smsId', 'SMS'));

/** Close answers with an empty object or nothing at all, so the answer is our own. */
export const handleDelete: OperationHandler = async (send, request) => {
	await send(request);
	const [id] = (request.options.url ?? '').split('/').slice(-2);
	return [{ json: { deleted: true, id } }];
};
