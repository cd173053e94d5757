import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { closeApiRequest, type CloseApiRequest } from '../../shared/closeApiRequest';
import { closeError } from '../../shared/errors/closeError';

/** What to do next, by status; where there is none, what an item of a run is told. */
const ADVICE: Record<number, string> = {
	429: 'Close limits how many requests a key may make. Wait a few seconds, then open the list again.',
};

/**
 * Reads from Close for a picker.
 *
 * @throws {NodeApiError} in Close's words; the editor shows it in place of the list
 */
export async function listRequest<T extends object>(
	context: ILoadOptionsFunctions,
	request: CloseApiRequest,
): Promise<T> {
	const { body, failure } = await closeApiRequest<T>(context, request);
	if (!failure) return body;
	throw closeError(context, {
		failure,
		what: 'Close did not return the list',
		next: ADVICE[failure.status ?? 0],
	});
}
