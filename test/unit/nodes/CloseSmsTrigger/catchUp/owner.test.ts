import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { getAccount, getOwner } from '../../../../../nodes/CloseSmsTrigger/catchUp/owner';

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

describe('whose stored times are', () => {
	const own = { instance: 'n8n_1', workflow: 'w1', node: 'n1', url: 'https://n8n.example/hook' };
	const ownerOf = ({ instance, workflow, node, url }: Partial<typeof own>) =>
		getOwner({
			getInstanceId: () => instance,
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: node }),
			getNodeWebhookUrl: (name: string) => (name === 'default' ? url : undefined),
		} as unknown as IHookFunctions);

	test.each([
		['another n8n', { instance: 'n8n_2' }],
		['another workflow', { workflow: 'w2' }],
		['a copy of the node', { node: 'n2' }],
		['another address', { url: 'https://n8n.example/other' }],
	])('not those of %s', (_, difference) => {
		expect(ownerOf({ ...own, ...difference })).not.toBe(ownerOf(own));
	});

	test('the same trigger, however its address is written', () => {
		expect(ownerOf({ ...own, url: 'https://N8N.example:443/hook' })).toBe(ownerOf(own));
	});
});
