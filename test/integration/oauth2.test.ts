import axios from 'axios';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { CloseSmsOAuth2Api } from '../../credentials/CloseSmsOAuth2Api.credentials';
import { clearInterval, createServer, setInterval } from '../../dev/platform';
import { byId } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';
import type { RunOptions } from '../../dev/engine/runNode';

const sms = setUpSms();

/** What n8n keeps of a credential that was connected: its fields, the client of the person, and the tokens. */
async function connected(): Promise<ICredentialDataDecryptedObject> {
	const { url, baseUrl, account } = sms.close;
	const { id: client_id, secret: client_secret } = account.oauthClient;
	const fields = Object.fromEntries(
		new CloseSmsOAuth2Api().properties.map(({ name, default: value }) => [name, value]),
	) as ICredentialDataDecryptedObject;
	const redirect_uri = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
	const consent = await axios.get(`${url}/oauth2/authorize/`, {
		params: { client_id, redirect_uri, response_type: 'code', scope: fields.scope, state: 'x' },
		maxRedirects: 0,
		validateStatus: () => true,
	});
	const code = new URL(String(consent.headers.location)).searchParams.get('code');
	const form = {
		grant_type: 'authorization_code',
		code: code!,
		redirect_uri,
		client_id,
		client_secret,
	};
	const { data } = await axios.post(`${url}/oauth2/token/`, new URLSearchParams(form));
	return {
		...fields,
		clientId: client_id,
		clientSecret: client_secret,
		accessTokenUrl: `${url}/oauth2/token/`,
		baseUrl,
		oauthTokenData: data,
	};
}

const tokens = (credential: ICredentialDataDecryptedObject) =>
	credential.oauthTokenData as IDataObject;

/** Runs it with the credential and returns, with the outcome, what is saved of the credential afterwards. */
async function update(
	credential: ICredentialDataDecryptedObject,
	items = 1,
	options: Partial<RunOptions> = {},
	status = 'draft',
) {
	const credentials = { closeSmsOAuth2Api: credential };
	const drafts = Array.from({ length: items }, () =>
		sms.close.addSms({
			remote_phone: '+14155550101',
			local_phone: sms.close.account.phoneNumbers.main.number,
			text: 'x',
		}),
	);
	const run = await sms.run(
		'update',
		{ authentication: 'oAuth2', smsId: byId('={{ $json.id }}'), updateFields: { status } },
		{ items: drafts.map(({ id }) => ({ id })), ...options, credentials },
	);
	return { run, saved: credentials.closeSmsOAuth2Api };
}

test('the token goes out as Bearer', async () => {
	const credential = await connected();
	const { run } = await update(credential);

	expect(run.error).toBeUndefined();
	expect(sms.close.requests.map(({ headers }) => headers.authorization)).toEqual([
		`Bearer ${String(tokens(credential).access_token)}`,
	]);
	expect(sms.close.oauth.refreshes).toBe(0);
});

test('an expired token is refreshed, and the new refresh token is kept: it works again and again', async () => {
	let credential = await connected();
	for (const refreshes of [1, 2, 3]) {
		sms.close.oauth.expireTokens();
		const before = tokens(credential);
		const { run, saved } = await update(credential);

		expect(run.error).toBeUndefined();
		expect(sms.close.oauth.refreshes).toBe(refreshes);
		expect(tokens(saved).refresh_token).toMatch(/^refresh_/);
		expect(tokens(saved).refresh_token).not.toBe(before.refresh_token);
		expect(tokens(saved).access_token).not.toBe(before.access_token);
		credential = saved;
	}
	expect(sms.close.requests.map(({ status }) => status)).toEqual([401, 200, 401, 200, 401, 200]);
});

test('in the middle of a run: every item is done once, by one refresh', async () => {
	const credential = await connected();
	const { run } = await update(
		credential,
		30,
		{
			onStart: () => {
				const watch = setInterval(() => {
					if (sms.close.timesTexted('+14155550101') < 5) return;
					sms.close.oauth.expireTokens();
					clearInterval(watch);
				}, 1);
			},
		},
		'outbox',
	);

	expect(run.error).toBeUndefined();
	expect(run.items).toHaveLength(30);
	expect(sms.close.oauth.refreshes).toBe(1);
	expect(sms.close.requests.filter(({ status }) => status === 200)).toHaveLength(30);
	expect(sms.close.requests.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
});

test('a file goes to the store without the token', async () => {
	const data = { data: 'AAAA', mimeType: 'image/png', fileName: 'a.png' };
	const credential = await connected();
	sms.close.oauth.expireTokens();
	const { error } = await sms.run(
		'update',
		{
			authentication: 'oAuth2',
			smsId: byId(sms.close.account.texts.draft.id),
			updateFields: { attachments: { attachment: [{}] } },
		},
		{ input: [{ json: {}, binary: { data } }], credentials: { closeSmsOAuth2Api: credential } },
	);

	expect(error).toBeUndefined();
	expect(sms.close.uploads[0].bytes).toHaveLength(3);
});

test('a token server that is down for a moment leaves no doubt about the text', async () => {
	const credential = await connected();
	const answers = [500, 502];
	const server = createServer((_request, response) => {
		const location = `${sms.close.url}/oauth2/token/`;
		response.writeHead(answers.shift() ?? 307, { location }).end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	sms.close.oauth.expireTokens();
	const accessTokenUrl = `http://127.0.0.1:${port}/oauth2/token/`;
	const { run } = await update({ ...credential, accessTokenUrl }, 1, {}, 'outbox');
	server.close();

	expect(run.error).toBeUndefined();
	expect(sms.close.requests.map(({ method, status }) => [method, status])).toEqual([
		['PUT', 401],
		['PUT', 401],
		['PUT', 401],
		['PUT', 200],
	]);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test('access that was taken away is said, and nobody wonders whether a text went out', async () => {
		const credential = await connected();
		const { access_token, refresh_token } = tokens(credential);
		const { id: client_id, secret: client_secret } = sms.close.account.oauthClient;
		for (const token of [access_token, refresh_token] as string[]) {
			const form = new URLSearchParams({ client_id, client_secret, token });
			await axios.post(`${sms.close.url}/oauth2/revoke/`, form);
		}
		const { run } = await update(credential, 1, { node: { onError } }, 'outbox');

		expect(messages(run)).toEqual([
			expect.stringMatching(/^Close refused this: The credential .* needs to be reconnected/),
		]);
		expect(sms.close.texted).toEqual([]);
		expect(sms.close.requests).toHaveLength(1);
	});

	test('a credential that was never connected', async () => {
		const { oauthTokenData, ...credential } = await connected();
		expect(oauthTokenData).toBeDefined();
		const { run } = await update(credential, 1, { node: { onError } }, 'outbox');

		expect(messages(run)).toEqual([expect.stringMatching(/^Close refused this: .*not connected/)]);
		expect(sms.close.requests).toEqual([]);
	});
});
