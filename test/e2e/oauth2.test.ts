import axios from 'axios';

import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { updateByWebhook } from '../../dev/n8n/workflows';

let close: Simulator;
let n8n: N8n;

beforeAll(async () => {
	close = await startSimulator();
	// n8n lets nobody but its admin, by this variable, change the hidden addresses of an OAuth2 credential.
	const closeSmsOAuth2Api = {
		authUrl: `${close.url}/oauth2/authorize/`,
		accessTokenUrl: `${close.url}/oauth2/token/`,
	};
	const env = { CREDENTIALS_OVERWRITE_DATA: JSON.stringify({ closeSmsOAuth2Api }) };
	n8n = await startN8n({ env });
}, 300_000);

afterAll(async () => {
	await n8n?.stop();
	await close.stop();
});

/** Makes a credential and connects it as the button in n8n's dialog does; the person agrees at once. */
const connect = async () => {
	const { id: clientId, secret: clientSecret } = close.account.oauthClient;
	const id = await n8n.createCredential('closeSmsOAuth2Api', 'Close by OAuth2', {
		clientId,
		clientSecret,
		baseUrl: close.baseUrl,
	});
	const params = { id };
	const consent = (await n8n.rest.get('/oauth2-credential/auth', { params })).data.data as string;
	const answer = await axios.get(consent, { maxRedirects: 0, validateStatus: () => true });
	const page = await axios.get<string>(String(answer.headers.location), {
		headers: { cookie: n8n.cookie },
	});
	return { id, asked: Object.fromEntries(new URL(consent).searchParams), page: page.data };
};

test('connected through n8n, refreshed when the token ends, and again with the new refresh token', async () => {
	const { id, asked, page } = await connect();
	expect(asked).toMatchObject({
		response_type: 'code',
		scope: 'all.full_access offline_access',
		redirect_uri: `${n8n.url}/rest/oauth2-credential/callback`,
	});
	expect(page).toContain('Connection successful');

	const { draft } = close.account.texts;
	const workflow = updateByWebhook('oauth2', { text: '={{ $json.body.text }}' });
	workflow.nodes[1].parameters.authentication = 'oAuth2';
	await n8n.activate(await n8n.importWorkflow(workflow, { closeSmsOAuth2Api: id }));
	for (const text of ['with the first token', 'with the second', 'with the third']) {
		const { data } = await axios.post(n8n.webhookUrl('oauth2'), { smsId: draft.id, text });
		expect(data).toMatchObject({ id: draft.id, text });
		close.oauth.expireTokens();
	}

	expect(close.oauth.refreshes).toBe(2);
	expect(close.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
		'PUT 200',
		'PUT 401',
		'PUT 200',
		'PUT 401',
		'PUT 200',
	]);
});
