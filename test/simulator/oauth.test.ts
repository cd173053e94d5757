import { createHash } from '../../dev/platform';

import axios from 'axios';
import { close } from './fixture';

const options = { validateStatus: () => true, maxRedirects: 0 };
const BACK = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
const client = () => ({
	client_id: close.account.oauthClient.id,
	client_secret: close.account.oauthClient.secret,
});

/** Where the browser is sent after consent. */
async function consent(more: Record<string, string> = {}): Promise<URLSearchParams> {
	const params = {
		client_id: client().client_id,
		response_type: 'code',
		redirect_uri: BACK,
		state: 'abc',
		...more,
	};
	const { headers } = await axios.get(`${close.url}/oauth2/authorize/`, { ...options, params });
	const location = new URL(String(headers.location));
	expect(location.origin + location.pathname).toBe(BACK);
	return location.searchParams;
}

const post = async (path: string, form: object) =>
	await axios.post(
		`${close.url}/oauth2/${path}/`,
		new URLSearchParams(form as Record<string, string>),
		options,
	);
const tokenFor = async (code: string | null, more: object = client()) =>
	await post('token', { grant_type: 'authorization_code', code, redirect_uri: BACK, ...more });
const refreshed = async (refresh_token: string) =>
	await post('token', { grant_type: 'refresh_token', refresh_token, ...client() });
const status = async (token: string) =>
	(
		await axios.get(`${close.baseUrl}/me/`, {
			...options,
			headers: { authorization: `Bearer ${token}` },
		})
	).status;

test('consent gives a code, the code gives tokens, once', async () => {
	const answer = await consent();
	expect(answer.get('state')).toBe('abc');
	const { data } = await tokenFor(answer.get('code'));
	expect(data).toMatchObject({
		token_type: 'Bearer',
		expires_in: 3600,
		refresh_token: expect.any(String),
		scope: 'all.full_access offline_access',
		organization_id: close.account.organization.id,
		user_id: close.account.users.ada.id,
	});
	expect(await status(data.access_token)).toBe(200);
	expect(await tokenFor(answer.get('code'))).toMatchObject({
		status: 400,
		data: { error: 'invalid_grant' },
	});
});

test('a refresh token works once and is replaced', async () => {
	const first = (await tokenFor((await consent()).get('code'))).data;
	close.clock.advance(3_601_000);
	expect(await status(first.access_token)).toBe(401);
	const second = (await refreshed(first.refresh_token)).data;
	expect(second.refresh_token).not.toBe(first.refresh_token);
	expect(await status(second.access_token)).toBe(200);
	expect(await refreshed(first.refresh_token)).toMatchObject({
		status: 400,
		data: { error: 'invalid_grant' },
	});
	expect((await refreshed(second.refresh_token)).status).toBe(200);
	expect(close.oauth.refreshes).toBe(2);
});

test('tokens end when told to, and their life can be set', async () => {
	close.oauth.tokenLife(60);
	const { data } = await tokenFor((await consent()).get('code'));
	expect(data.expires_in).toBe(60);
	close.oauth.expireTokens();
	expect(await status(data.access_token)).toBe(401);
});

test('without offline_access there is no refresh token', async () => {
	const { data } = await tokenFor((await consent({ scope: 'all.full_access' })).get('code'));
	expect(data).not.toHaveProperty('refresh_token');
	expect((await consent({ scope: 'read' })).get('error')).toBe('invalid_scope');
});

test('who says no is sent back with access_denied', async () => {
	close.oauth.deny();
	expect(Object.fromEntries(await consent())).toMatchObject({
		error: 'access_denied',
		state: 'abc',
	});
});

test('PKCE is checked, with and without a secret', async () => {
	const verifier = 'v'.repeat(50);
	const code_challenge = createHash('sha256').update(verifier).digest('base64url');
	const code = async () =>
		(await consent({ code_challenge, code_challenge_method: 'S256' })).get('code');
	const { client_id } = client();
	expect((await tokenFor(await code(), { client_id, code_verifier: verifier })).status).toBe(200);
	expect((await tokenFor(await code(), { ...client(), code_verifier: verifier })).status).toBe(200);
	expect(
		(await tokenFor(await code(), { ...client(), code_verifier: 'w'.repeat(50) })).status,
	).toBe(400);
	expect((await tokenFor(await code())).status).toBe(400);
});

test('a revoked token is worth nothing', async () => {
	const { data } = await tokenFor((await consent()).get('code'));
	expect((await post('revoke', { ...client(), token: data.access_token })).status).toBe(200);
	expect((await post('revoke', { ...client(), token: data.refresh_token })).status).toBe(200);
	expect(await status(data.access_token)).toBe(401);
	expect((await refreshed(data.refresh_token)).status).toBe(400);
	expect(
		(await post('revoke', { client_id: client().client_id, client_secret: 'x', token: 'y' }))
			.status,
	).toBe(400);
});

test('a wrong client gets nothing', async () => {
	const code = (await consent()).get('code');
	expect((await tokenFor(code, { ...client(), client_secret: 'wrong' })).data).toMatchObject({
		error: 'invalid_client',
	});
});
