import type {
	IExecuteSingleFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeCredentialDescription,
	INodeProperties,
	ITriggerFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

/** Where Close is, unless a credential says otherwise. */
export const CLOSE_BASE_URL = 'https://api.close.com/api/v1';

/** Where the editor's links to the documentation of both nodes lead. */
export const DOCUMENTATION_URL =
	'https://github.com/n8n-nodes-close-sms/n8n-nodes-close-sms#readme';

/** The two credentials that both nodes accept; n8n asks for the one that 'Authentication' selects. */
export const closeCredentials: INodeCredentialDescription[] = [
	{
		name: 'closeSmsApi',
		required: true,
		displayOptions: { show: { authentication: ['apiKey'] } },
	},
	{
		name: 'closeSmsOAuth2Api',
		required: true,
		displayOptions: { show: { authentication: ['oAuth2'] } },
	},
];

export const authenticationProperty: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'API Key', value: 'apiKey' },
		{ name: 'OAuth2', value: 'oAuth2' },
	],
	default: 'apiKey',
};

type CredentialContext =
	| IHookFunctions
	| ILoadOptionsFunctions
	| ITriggerFunctions
	| IWebhookFunctions
	| Pick<IExecuteSingleFunctions, 'getCredentials' | 'getNodeParameter'>;

/** The name of the credential type that the parameter 'Authentication' selects. */
export const getCredentialType = (context: Pick<CredentialContext, 'getNodeParameter'>) =>
	context.getNodeParameter('authentication', 'apiKey') === 'oAuth2'
		? 'closeSmsOAuth2Api'
		: 'closeSmsApi';

/** The fields of either credential, as n8n stores them. */
interface StoredCredential {
	baseUrl: string;
	/** 'basic' or 'bearer' in a credential with a key or token; n8n's own in one of OAuth2. */
	authentication?: string;
	/** An expression may give anything. */
	apiKey?: unknown;
	accessToken?: unknown;
	clientId?: string;
	/** The response to the last request for a token (Close: "OAuth"). */
	oauthTokenData?: { access_token?: string; organization_id?: string };
}

/** Either credential, by what it is read for. */
interface CloseCredential {
	/** Where Close is. */
	baseUrl: string;
	/** The API key or access token that is sent there: what Close's rate limit goes by. */
	secret?: unknown;
	/** What Close shows of an API key in events, as the maker of a change; a key is of one organization. */
	keyId?: string;
	/** The OAuth app, which events name in place of a key. */
	clientId?: string;
	/** The organization that a token is for. One that was entered by hand does not tell. */
	organization?: string;
}

/** Reads the credential of a node. One with expressions is evaluated for the item of the context. */
export async function readCredential(context: CredentialContext): Promise<CloseCredential> {
	const stored = await context.getCredentials<StoredCredential>(getCredentialType(context));
	const { baseUrl, clientId, oauthTokenData: token } = stored;
	if (!token && stored.authentication !== 'bearer') {
		const { apiKey } = stored;
		// The part before the first dot, which is no secret.
		const keyId = typeof apiKey === 'string' ? apiKey.split('.')[0] : undefined;
		return { baseUrl, secret: apiKey, keyId, clientId };
	}
	const secret = token ? token.access_token : stored.accessToken;
	return { baseUrl, secret, clientId, organization: token?.organization_id };
}
