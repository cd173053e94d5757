import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';

/** The credential that the node uses, by its parameter 'Authentication'. */
const credentialOf = (context: ILoadOptionsFunctions) =>
	context.getNodeParameter('authentication', 'apiKey') === 'oAuth2'
		? 'closeSmsOAuth2Api'
		: 'closeSmsApi';

/**
 * Reads from Close for a picker. Pickers run in the editor, outside of any run, so they do not take part in its pace.
 *
 * @param url path below the base URL, with its trailing slash
 * @throws {NodeApiError} as n8n words it; the editor shows it in the list
 */
export async function closeRequest<T>(
	context: ILoadOptionsFunctions,
	url: string,
	qs: IDataObject = {},
): Promise<T> {
	const credential = credentialOf(context);
	const { baseUrl } = await context.getCredentials<{ baseUrl: string }>(credential);
	return (await context.helpers.httpRequestWithAuthentication.call(context, credential, {
		baseURL: baseUrl,
		url,
		qs,
		json: true,
	})) as T;
}
