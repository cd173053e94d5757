import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { getCredentialType } from '../../shared/authentication';
import { closeError } from '../../shared/errors/closeError';
import { toFailure, type RequestFailure } from '../../shared/errors/requestFailure';

const NOT_JSON: RequestFailure = {
	kind: 'outcomeUnknown',
	headers: {},
	body: undefined,
	reason: 'an answer that is not JSON',
};

/**
 * Reads from Close for a picker. Pickers run in the editor, outside of any run, so they do not take part in its pace.
 *
 * @param url path below the base URL, with its trailing slash
 * @param request `body` makes it a POST
 * @throws {NodeApiError} in Close's words; the editor shows it in the place of the list
 */
export async function closeRequest<T extends object>(
	context: ILoadOptionsFunctions,
	url: string,
	{ qs, body }: { qs?: IDataObject; body?: IDataObject },
): Promise<T> {
	const credential = getCredentialType(context);
	const { baseUrl } = await context.getCredentials<{ baseUrl: string }>(credential);
	const failed = (fault: RequestFailure) =>
		closeError(context, { failure: fault, what: 'Close gave no list' });
	const answer: unknown = await context.helpers.httpRequestWithAuthentication
		.call(context, credential, {
			method: body ? 'POST' : 'GET',
			baseURL: baseUrl,
			url,
			qs,
			body,
			json: true,
		})
		.catch((error: unknown) => {
			throw failed(toFailure(error));
		});
	if (typeof answer !== 'object' || answer === null) throw failed(NOT_JSON);
	return answer as T;
}
