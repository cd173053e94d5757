import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { getAccount } from '../../../../../nodes/CloseSmsTrigger/catchUp/owner';

const accountOf = async (credential: IDataObject) =>
	await getAccount({
		getNodeParameter: () => 'apiKey',
		getCredentials: async () => credential,
	} as unknown as IHookFunctions);

const key = (apiKey: string) => ({ authentication: 'basic', apiKey, accessToken: 'left over' });
const token = (accessToken: string) => ({ authentication: 'bearer', accessToken, apiKey: 'a.b' });
const oAuth = (organization_id: string | undefined, access_token: string) => ({
	authentication: 'header',
	clientId: 'oa2client_1',
	oauthTokenData: { organization_id, access_token },
});

test.each<[string, IDataObject, IDataObject, boolean]>([
	['an API key', key('api_1.x'), { ...key('api_1.x'), accessToken: '' }, true],
	['two API keys', key('api_1.x'), key('api_2.x'), false],
	['two API keys, without a word on what they are', { apiKey: 'a.b' }, { apiKey: 'c.d' }, false],
	['two tokens that were entered by hand', token('one'), token('two'), false],
	['a key and a token', key('one'), token('one'), false],
	['a token that was refreshed', oAuth('orga_1', 'one'), oAuth('orga_1', 'two'), true],
	['an app in two organizations', oAuth('orga_1', 'one'), oAuth('orga_2', 'one'), false],
	['an app that does not tell', oAuth(undefined, 'one'), oAuth(undefined, 'two'), false],
])('%s: the same account or not', async (_, one, other, expected) => {
	expect((await accountOf(one)) === (await accountOf(other))).toBe(expected);
});

test('what is stored of it is not the key', async () => {
	expect(await accountOf(key('api_1.secret'))).not.toMatch(/api_1|secret/);
});
