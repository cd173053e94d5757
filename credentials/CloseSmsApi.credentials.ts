import type {
	IAuthenticate,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { CLOSE_BASE_URL } from '../nodes/shared/authentication';

export class CloseSmsApi implements ICredentialType {
	name = 'closeSmsApi';

	displayName = 'Close SMS API';

	icon: Icon = { light: 'file:../icons/closeSms.svg', dark: 'file:../icons/closeSms.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-close-sms/n8n-nodes-close-sms#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'API Key', value: 'basic' },
				{ name: 'Bearer Token', value: 'bearer' },
			],
			default: 'basic',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. api_…',
			hint: 'In Close: Settings, then Developer, then API Keys',
			displayOptions: { show: { authentication: ['basic'] } },
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			hint: 'An OAuth access token. An API key does not work here.',
			displayOptions: { show: { authentication: ['bearer'] } },
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'hidden',
			default: CLOSE_BASE_URL,
		},
	];

	/** Close takes the API key as Basic user name with an empty password (Close: "API key authentication"). */
	authenticate: IAuthenticate = async ({ authentication, apiKey, accessToken }, request) =>
		authentication === 'bearer'
			? {
					...request,
					headers: { ...request.headers, Authorization: `Bearer ${String(accessToken)}` },
				}
			: { ...request, auth: { username: String(apiKey), password: '' } };

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/me/',
			qs: { _fields: 'id' },
			// A redirect could take the key along to another host.
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Close was reached but does not know this key or token. Copy it again from Close: Settings, then Developer, then API Keys.',
				},
			},
		],
	};
}
