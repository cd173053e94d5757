import { checks, idInPath } from '../../../shared/checks';
import type { Steps } from '../../../shared/steps';

export const deleteChecks = checks(idInPath('smsId', 'SMS'));

/** Close answers with an empty object or nothing at all, so the answer is our own. */
export const deleteSteps: Steps = async (send, request) => {
	await send(request);
	const [id] = (request.options.url ?? '').split('/').slice(-2);
	return [{ json: { deleted: true, id } }];
};
