import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { readCredential } from '../../shared/authentication';
import { normalizeUrl, toFingerprint } from '../subscriptionDecision';
import { toTriggerKey } from '../triggerKey';

/**
 * Which trigger of which n8n stored times are of. n8n keeps them by the node's name, exports them with the workflow and
 * restores them from a backup, but what has started the workflow it keeps by workflow and node, and does not export.
 */
export const getOwner = (context: IHookFunctions): string =>
	`${context.getInstanceId()} ${toTriggerKey(context)} ${normalizeUrl(context.getNodeWebhookUrl('default') ?? '')}`;

/**
 * The same only for the same organization of Close, but not always then: a key is of one organization, and a token that
 * was entered by hand does not tell.
 */
export async function getAccount(context: IHookFunctions | ITriggerFunctions): Promise<string> {
	const { keyId, organization, secret } = await readCredential(context);
	const isNamed = keyId !== undefined || organization;
	return toFingerprint({ key: keyId, organization, token: isNamed ? undefined : secret });
}
