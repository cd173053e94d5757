import { createHash } from '../platform';
import { example } from './examples';
import type { CredentialIds, N8nClient, WorkflowJson } from './n8nClient';

/** An example that an earlier start brought into n8n. */
export interface KeptExample {
	id: string;
	/** n8n's version of the workflow as it was brought: another one is the person's. */
	versionId?: string;
	/** What the file held. */
	hash?: string;
}

/** What to do about an example. */
export type ExampleStep =
	/** It is not there: import it. */
	| 'import'
	/** It is there as the file has it, or as the person has changed it. */
	| 'keep'
	/** The file has changed since, and the workflow has not. */
	| 'update'
	/** Both have changed: the person's is kept, and that is said. */
	| 'keepAndSay';

/**
 * @param saved n8n's version of the workflow as it is now; nothing where it was deleted
 * @param hash what the file holds
 */
export function decideExample(
	kept: KeptExample | undefined,
	saved: string | undefined,
	hash: string,
): ExampleStep {
	if (!kept || saved === undefined) return 'import';
	if (kept.hash === hash) return 'keep';
	return kept.versionId === saved ? 'update' : 'keepAndSay';
}

const toHash = (workflow: WorkflowJson) =>
	createHash('sha256').update(JSON.stringify(workflow)).digest('hex');

/**
 * Has an example in n8n as its file is now, unless the person has changed it there.
 *
 * @param kept what the last start left of it
 * @param tell says that the person's own is kept although the file has changed
 */
export async function bringExample(
	n8n: N8nClient,
	file: string,
	credentials: CredentialIds,
	{ kept, tell }: { kept?: KeptExample; tell: (name: string) => void },
): Promise<KeptExample> {
	const workflow = await example(file);
	const hash = toHash(workflow);
	const step = decideExample(kept, kept && (await n8n.versionOf(kept.id)), hash);
	if (step === 'keepAndSay') tell(workflow.name);
	if (kept && (step === 'keep' || step === 'keepAndSay')) return kept;
	const id =
		kept && step === 'update'
			? await n8n.updateWorkflow(kept.id, workflow, credentials)
			: await n8n.importWorkflow(workflow, credentials);
	return { id, versionId: await n8n.versionOf(id), hash };
}
