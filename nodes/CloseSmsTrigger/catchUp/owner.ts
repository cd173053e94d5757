import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { getCredentialType, getKeyId } from '../../shared/authentication';
import { normalizeUrl, toFingerprint } from '../subscriptionDecision';
import { toTriggerKey } from '../triggerKey';

/**
 * Which trigger of which n8n stored times are of. n8n keeps them by the node's name, exports them with the workflow and
 * restores them from a backup, but what has started the workflow it keeps by workflow and node, and does not export.
 */
export const getOwner = (context: IHookFunctions): string =>
	`${context.getInstanceId()} ${toTriggerKey(context)} ${normalizeUrl(context.getNodeWebhookUrl('default') ?? '')}`;

/** What a credential may hold that tells its organization. */
interface Account {
	authentication?: string;
	apiKey?: string;
	accessToken?: string;
	/** Close: "OAuth", the token response. */
	oauthTokenData?: { organization_id?: string; access_token?: string };
}

/**
 * The same only for the same organization of Close, but not always then: a key is of one organization, and a token that
 * was entered by hand does not tell.
 */
export async function getAccount(context: IHookFunctions | ITriggerFunctions): Promise<string> {
	const { authentication, apiKey, accessToken, oauthTokenData } =
		await context.getCredentials<Account>(getCredentialType(context));
	const { organization_id: organization, access_token: token } = oauthTokenData ?? {};
	return toFingerprint(
		!oauthTokenData && authentication !== 'bearer'
			? { key: getKeyId(apiKey) }
			: { organization, token: organization ? undefined : (token ?? accessToken) },
	);
}
