import formbody from '@fastify/formbody';
import OAuth2Server, {
	type AuthorizationCode,
	type Client,
	type RefreshToken,
	type Token,
	type User,
} from '@node-oauth/oauth2-server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { newId } from './ids';
import type { Caller } from '../types';
import type { AccountState } from '../account/accountState';

/** All that an app can ask for. */
export const SCOPES = ['all.full_access', 'offline_access'];
/** Life of an access token in seconds, as Close's pages show it. */
const TOKEN_LIFE = 3600;

type Life = { caller: Caller; until: number };

/** Close's OAuth: a person's consent is given at once, refresh tokens rotate. */
export class OAuth {
	/** how many access tokens were given for a refresh token */
	refreshes = 0;
	private denied = false;
	private life = TOKEN_LIFE;
	private readonly codes = new Map<string, AuthorizationCode>();
	private readonly access = new Map<string, Life>();
	private readonly refresh = new Map<string, RefreshToken>();

	constructor(private readonly state: AccountState) {}

	reset(): void {
		this.refreshes = 0;
		this.denied = false;
		this.life = TOKEN_LIFE;
		for (const tokens of [this.codes, this.access, this.refresh]) tokens.clear();
	}

	/** Whether the person says no on the consent screen. */
	deny(denied = true): void {
		this.denied = denied;
	}

	/** Life of the access tokens given from now on, in seconds. Default 3600. */
	tokenLife(seconds: number): void {
		this.life = seconds;
	}

	/** Every access token given so far ends now; refresh tokens live on. */
	expireTokens(): void {
		this.access.clear();
	}

	/** Who holds this access token, while it lives. */
	holder(token: string): Caller | undefined {
		const life = this.access.get(token);
		return life && this.state.clock.ms() < life.until ? life.caller : undefined;
	}

	/** Ends a token of either kind. */
	revoke(token: string): void {
		this.access.delete(token);
		this.refresh.delete(token);
	}

	/** `GET /oauth2/authorize/`: back to the redirect address with a code, or with `error=access_denied`. */
	async authorize(
		request: FastifyRequest<{ Querystring: Record<string, string> }>,
		reply: FastifyReply,
	) {
		const query = { ...request.query, ...(this.denied && { allowed: 'false' }) };
		const asked = new OAuth2Server.Request({
			method: 'GET',
			headers: headersOf(request),
			query,
			body: {},
		});
		const answer = new OAuth2Server.Response();
		await this.server()
			.authorize(asked, answer)
			.catch((error: OAuth2Server.OAuthError) => {
				if (!answer.headers?.location) answer.status = error.code;
				answer.body = { error: error.name, error_description: error.message };
			});
		return await reply
			.code(answer.status ?? 500)
			.headers(answer.headers ?? {})
			.send(answer.body);
	}

	/** `POST /oauth2/token/` */
	async token(request: FastifyRequest, reply: FastifyReply) {
		const asked = new OAuth2Server.Request({
			method: 'POST',
			headers: headersOf(request),
			query: {},
			body: request.body,
		});
		const answer = new OAuth2Server.Response();
		await this.server()
			.token(asked, answer)
			// The library rounds down what is left of it.
			.then(() => Object.assign(answer.body as object, { expires_in: this.life }))
			.catch((error: OAuth2Server.OAuthError) => {
				answer.status = error.code;
				answer.body = { error: error.name, error_description: error.message };
			});
		return await reply
			.code(answer.status ?? 500)
			.headers(answer.headers ?? {})
			.send(answer.body);
	}

	isClient(id: string, secret: string | null): boolean {
		const { oauthClient } = this.state.account;
		return id === oauthClient.id && (secret === null || secret === oauthClient.secret);
	}

	private server(): OAuth2Server {
		const { ada } = this.state.account.users;
		return new OAuth2Server({
			model: this.model,
			accessTokenLifetime: this.life,
			allowExtendedTokenAttributes: true,
			allowEmptyState: true,
			authenticateHandler: { handle: () => ada },
		});
	}

	private readonly model = {
		getClient: async (id: string, secret: string | null) =>
			// A public client (PKCE) gives no secret.
			this.isClient(id, secret ?? null) && {
				id,
				redirectUris: ['http://127.0.0.1/'],
				grants: ['authorization_code', 'refresh_token'],
			},
		validateRedirectUri: async (uri: string) => /^https?:/.test(uri),
		validateScope: async (_user: User, _client: Client, scope: string[] = SCOPES) =>
			scope.every((one) => SCOPES.includes(one)) && scope,
		generateAccessToken: async () => newId('access'),
		generateRefreshToken: async () => newId('refresh'),
		generateAuthorizationCode: async () => newId('code'),
		saveAuthorizationCode: async (
			code: Omit<AuthorizationCode, 'client' | 'user'>,
			client: Client,
			user: User,
		) => {
			const saved = { ...code, client, user } as AuthorizationCode;
			this.codes.set(saved.authorizationCode, saved);
			return saved;
		},
		getAuthorizationCode: async (code: string) => this.codes.get(code),
		revokeAuthorizationCode: async ({ authorizationCode }: AuthorizationCode) =>
			this.codes.delete(authorizationCode),
		getAccessToken: async () => undefined,
		getRefreshToken: async (token: string) => this.refresh.get(token),
		revokeToken: async ({ refreshToken }: RefreshToken) => {
			this.refreshes++;
			return this.refresh.delete(refreshToken);
		},
		saveToken: async (token: Token, client: Client, user: User) => this.save(token, client, user),
	};

	private save(token: Token, client: Client, user: User): Token {
		const { accessToken, refreshToken, scope = [] } = token;
		const caller: Caller = {
			credential: accessToken,
			apiKeyId: null,
			oauth: { clientId: client.id, scope: scope.join(' ') },
			userId: user.id as string,
			sms: 'allowed',
		};
		this.access.set(accessToken, { caller, until: this.state.clock.ms() + this.life * 1000 });
		const organization_id = this.state.account.organization.id;
		const answered: Token = { ...token, client, user, organization_id, user_id: user.id as string };
		if (!scope.includes('offline_access')) delete answered.refreshToken;
		else if (refreshToken) this.refresh.set(refreshToken, { ...answered, refreshToken });
		return answered;
	}
}

const headersOf = (request: FastifyRequest) => request.headers as Record<string, string>;

/** `/oauth2/` */
export function oauthRoutes(app: FastifyInstance, { oauth }: { oauth: OAuth }): void {
	app.register(formbody);
	app.get<{ Querystring: Record<string, string> }>(
		'/authorize/',
		async (request, reply) => await oauth.authorize(request, reply),
	);
	app.post('/token/', async (request, reply) => await oauth.token(request, reply));
	app.post<{ Body: Record<string, string> }>('/revoke/', async ({ body }, reply) => {
		const { client_id, client_secret, token } = body;
		if (!oauth.isClient(client_id, client_secret ?? ''))
			return await reply.code(400).send({ error: 'invalid_client' });
		oauth.revoke(token);
		return {};
	});
}
