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

/** What Close shows of an API key everywhere, also in events: the part before its first dot. */
export const getKeyId = (apiKey?: string): string | undefined => apiKey?.split('.')[0];

/** The name of the credential type that the parameter 'Authentication' selects. */
export const getCredentialType = (
	context:
		| IHookFunctions
		| ILoadOptionsFunctions
		| ITriggerFunctions
		| IWebhookFunctions
		| Pick<IExecuteSingleFunctions, 'getNodeParameter'>,
) =>
	context.getNodeParameter('authentication', 'apiKey') === 'oAuth2'
		? 'closeSmsOAuth2Api'
		: 'closeSmsApi';
