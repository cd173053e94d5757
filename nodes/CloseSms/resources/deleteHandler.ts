import type { OperationHandler } from '../transport/request/operationHandler';

/** Deletes by ID. Close's response is an empty object or nothing at all, so the output is made here. */
export const handleDelete: OperationHandler = async ({ send, request }) => {
	await send(request);
	const [id] = (request.options.url ?? '').split('/').slice(-2);
	return [{ json: { deleted: true, id } }];
};
