import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

/** The two ways into Close that both nodes offer; n8n asks for the one that Authentication chooses. */
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
