import { N8nClient } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { process } from '../../dev/platform';
import type { Simulator } from '../../dev/simulator';

const { url, cookie, logFile } = JSON.parse(process.env.CLOSE_SMS_E2E ?? '{}') as Record<
	string,
	string
>;

/** The n8n that all end-to-end tests share. */
export const n8n = new N8nClient(url, cookie);

/** Path of all that it said. */
export { logFile };

/** Gives n8n a credential for a simulator and returns the ids as `importWorkflow` takes them. */
export const credentialsFor = async ({ account, baseUrl }: Simulator, apiKey = account.apiKey) => {
	const data = { authentication: 'basic', apiKey, accessToken: '', baseUrl };
	return { closeSmsApi: await n8n.createCredential('closeSmsApi', `Close at ${baseUrl}`, data) };
};

/** Waits until a run of the workflow has ended, and returns what is known of it. */
export const ended = async (workflowId: string) =>
	await waitUntil(async () =>
		(await n8n.executions(workflowId)).find(({ status }) => !['new', 'running'].includes(status)),
	);
