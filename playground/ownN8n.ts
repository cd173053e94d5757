import { examples } from '../dev/n8n/examples';
import type { N8nClient } from '../dev/n8n/n8nClient';
import { connectToOwnN8n } from '../dev/n8n/ownN8n';
import { preparedExample } from '../dev/n8n/preparedExample';
import type { Running } from '../dev/n8n/runUntilInterrupted';
import { say } from '../dev/platform';
import { CLOSE_RATE_LIMIT, startSimulator } from '../dev/simulator';
import { simulatorCredential } from '../dev/simulator/credential';

const PUBLISHED = 'webhook-send-draft-now';

interface OwnN8nArgs {
	/** Address of the n8n. */
	url: string;
	/** The name by which that n8n reaches this machine, where it does not run on it (in Docker: host.docker.internal). */
	closeHost?: string;
}

/** The examples and a simulated Close for an n8n that the person runs: nothing is installed there. */
export const startForOwnN8n = async ({ url, closeHost }: OwnN8nArgs, running: Running) => {
	const n8n = await connectToOwnN8n(url);
	const close = await startSimulator({ rateLimit: CLOSE_RATE_LIMIT, seenAs: closeHost });
	running.push(close);
	const data = simulatorCredential(close);
	const closeSmsApi = await n8n.createCredential('closeSmsApi', 'Close (simulated)', data);
	const ids = new Map<string, string>();
	for (const name of await examples()) {
		const workflow = await preparedExample(`${name}.json`, close);
		ids.set(name, await n8n.importWorkflow(workflow, { closeSmsApi }));
	}
	await publish(n8n, ids.get(PUBLISHED)!, running);
	say(`
The ${ids.size} examples are in your n8n, with a credential for a simulated Close.

  Example  ${n8n.editorUrl(ids.get(PUBLISHED)!)} (published; the others are not)
  Close    ${close.url} (simulated: nobody is really texted)

Send a draft through your n8n, and see the activity as Close has it then:

  curl ${n8n.webhookUrl('send-draft-now')} -d smsId=${close.account.texts.draft.id}

Ctrl-C ends the simulated Close and unpublishes the example. The workflows and the credential "Close (simulated)" stay
in your n8n, for you to delete.`);
};

const publish = async (n8n: N8nClient, id: string, running: Running) => {
	await n8n.activate(id);
	running.push({ stop: async () => await n8n.deactivate(id) });
};
