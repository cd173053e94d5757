import { N8nClient, signIn, type CredentialIds, type WorkflowJson } from './n8nClient';
import { process } from '../platform';

const NOT_LOADED = (url: string) => `
${url} answers, but the package n8n-nodes-close-sms is not loaded there. Load it in one of these ways, start that
n8n again, and run this command again. First, in this folder: npm ci && npm run build

  A link      where that n8n runs on this machine:
              mkdir -p ~/.n8n/custom && ln -s "$PWD" ~/.n8n/custom/n8n-nodes-close-sms
  A volume    in Docker: npm pack --ignore-scripts=false, then install the tarball into a folder with
              npm install --ignore-scripts --legacy-peer-deps <tarball>
              and mount that folder at /home/node/.n8n/nodes. deploy/try.yaml does this.
  By setting  N8N_CUSTOM_EXTENSIONS=<this folder>, in the environment of every process of that n8n

n8n 3 and later also need N8N_UNVERIFIED_PACKAGES_ENABLED=true.`;

const NO_LOGIN =
	'How to sign in to that n8n is missing. Put N8N_EMAIL and N8N_PASSWORD of its owner into the environment.';

/** An n8n that somebody runs for themselves. */
class OwnN8n extends N8nClient {
	private readonly workflows: string[] = [];
	private readonly credentials: string[] = [];

	override async importWorkflow(workflow: WorkflowJson, credentials?: CredentialIds) {
		const id = await super.importWorkflow(workflow, credentials);
		this.workflows.push(id);
		return id;
	}

	override async createCredential(type: string, name: string, data: Record<string, unknown>) {
		const id = await super.createCredential(type, name, data);
		this.credentials.push(id);
		return id;
	}

	/** Removes the workflows and credentials that were made through this client. */
	async removeMade() {
		for (const id of this.workflows.splice(0)) {
			await this.deactivate(id).catch(() => undefined);
			// An older n8n has no archive, and deletes at once.
			await this.rest.post(`/workflows/${id}/archive`).catch(() => undefined);
			await this.rest.delete(`/workflows/${id}`);
		}
		for (const id of this.credentials.splice(0)) await this.rest.delete(`/credentials/${id}`);
	}
}

/**
 * Signs in to an n8n that somebody else runs, as the environment says, and makes sure that this package is loaded.
 * An API key would not do: n8n's public API refuses the `baseUrl` of a credential, since the field is hidden (2.41).
 *
 * @param url its address, without a path
 * @throws Error that says what is missing and what to do
 */
export async function connectToOwnN8n(url: string): Promise<OwnN8n> {
	const { N8N_EMAIL, N8N_PASSWORD } = process.env;
	if (!N8N_EMAIL || !N8N_PASSWORD) throw new Error(NO_LOGIN);
	const n8n = new OwnN8n(url, await signIn(url, N8N_EMAIL, N8N_PASSWORD));
	if (!(await n8n.hasPackage())) throw new Error(NOT_LOADED(url));
	return n8n;
}
