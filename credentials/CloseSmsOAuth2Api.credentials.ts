import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';
import { CLOSE_BASE_URL } from '../nodes/shared/authentication';

const hidden = (displayName: string, name: string, value: string): INodeProperties => ({
	displayName,
	name,
	type: 'hidden',
	default: value,
});

/** n8n does the rest: it asks the user for consent, refreshes the token, and stores the new refresh token that each refresh returns. */
export class CloseSmsOAuth2Api implements ICredentialType {
	name = 'closeSmsOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Close SMS OAuth2 API';

	icon: Icon = { light: 'file:../icons/closeSms.svg', dark: 'file:../icons/closeSms.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-close-sms/n8n-nodes-close-sms#credentials';

	/** Addresses and scope are Close's (Close: "OAuth authentication"); `offline_access` gives the refresh token. */
	properties: INodeProperties[] = [
		hidden('Grant Type', 'grantType', 'authorizationCode'),
		hidden('Authorization URL', 'authUrl', 'https://app.close.com/oauth2/authorize/'),
		hidden('Access Token URL', 'accessTokenUrl', 'https://api.close.com/oauth2/token/'),
		hidden('Scope', 'scope', 'all.full_access offline_access'),
		hidden('Auth URI Query Parameters', 'authQueryParameters', ''),
		hidden('Authentication', 'authentication', 'body'),
		hidden('Base URL', 'baseUrl', CLOSE_BASE_URL),
	];
}
