import type { ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { getCredentialType } from '../../shared/authentication';
import type { CloseEvent } from '../closeEvent';
import type { EventName } from '../events';

/** What a credential may hold that names who makes changes with it. */
interface Identity {
	authentication?: string;
	apiKey?: string;
	clientId?: string;
}

/** The part of an API key that Close shows in events. */
const toApiKeyId = (apiKey?: string) => apiKey?.split('.')[0];

/** An access token that was entered by hand does not tell whose it is. */
const isMadeBy = (
	{ authentication, apiKey, clientId }: Identity,
	{ api_key_id: apiKeyId, oauth_client_id: appId }: CloseEvent,
): boolean =>
	(Boolean(apiKeyId) && authentication !== 'bearer' && toApiKeyId(apiKey) === apiKeyId) ||
	(Boolean(appId) && clientId === appId);

/**
 * Whether the API key or the OAuth app of this credential made the change: a workflow that writes to Close could start
 * itself over and over. That a text failed is an outcome and never counts as a change of one's own.
 */
export async function isOwnChange(
	context: IWebhookFunctions | ITriggerFunctions,
	event: CloseEvent,
	name: EventName,
): Promise<boolean> {
	if (!event.api_key_id && !event.oauth_client_id) return false;
	if (name === 'failed') return false;
	return isMadeBy(await context.getCredentials<Identity>(getCredentialType(context)), event);
}
