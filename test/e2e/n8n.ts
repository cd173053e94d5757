import { N8nClient } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { process } from '../../dev/platform';

const { url, cookie, logFile, email, password } = JSON.parse(
	process.env.CLOSE_SMS_E2E ?? '{}',
) as Record<string, string>;

/** The n8n that all end-to-end tests share. */
export const n8n = new N8nClient(url, cookie);

/** Path of all that it said. */
export { logFile };

/** How its owner signs in. */
export const login = { email, password };

/** Waits until a run of the workflow has ended, and returns what is known of it. */
export const ended = async (workflowId: string) =>
	await waitUntil(async () =>
		(await n8n.executions(workflowId)).find(({ status }) => !['new', 'running'].includes(status)),
	);
