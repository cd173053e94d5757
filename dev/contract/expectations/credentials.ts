import { expectStatus, expectThat } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import { CODE, CONCLUDED, DOCS } from './sources';

const CREDENTIAL = 'credentials/CloseSmsApi.credentials.ts';
const SIMULATED = 'dev/simulator/http/auth.ts';

const basic = (words: string) => `Basic ${Buffer.from(words).toString('base64')}`;

/** A key that Close never made. */
const unknownKey = ['api', '0'.repeat(22), '0'.repeat(22)].join('_');

const withAuthorization = (authorization: string) =>
	({ method: 'GET', path: '/me/', query: { _fields: 'id' }, authorization }) as const;

export const credentials = group('credentials', [
	{
		name: 'key-as-basic-user',
		title: 'An API key is taken as the user of Basic authentication, with an empty password',
		source: DOCS.apiKey,
		mark: 'confirmed',
		restsOn: [CREDENTIAL, SIMULATED],
		steps: async (close) => expectStatus(await close.get('/me/', { _fields: 'id' }), 200),
	},
	{
		name: 'me-picks-fields',
		title: '`GET /me/` answers with only the fields that `_fields` names',
		source: DOCS.me,
		mark: 'confirmed',
		restsOn: [CREDENTIAL, 'dev/simulator/crm/crmRoutes.ts'],
		steps: async (close) => {
			const { body } = await close.get('/me/', { _fields: 'id' });
			const names = Object.keys(body as object);
			expectThat(names.join() === 'id', finding`it has ${names.length} fields`);
		},
	},
	{
		name: 'wrong-key-is-401',
		title: 'A key that Close does not know is answered with 401 and JSON',
		source: `${DOCS.http}; the body: ${CODE.mongorest}`,
		mark: 'confirmed',
		restsOn: [CREDENTIAL, 'nodes/shared/errors/closeError.ts', SIMULATED],
		steps: async (close) => {
			const answer = await close.client.request(withAuthorization(basic(`${unknownKey}:`)));
			expectThat(answer.status === 401, finding`it was answered with ${answer.status}`);
			expectThat(typeof answer.body === 'object', finding`the body is no JSON object`);
		},
	},
	{
		name: 'unknown-token-is-401',
		title: 'An unknown bearer token is answered with 401',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [CREDENTIAL, SIMULATED],
		steps: async (close) => {
			const { status } = await close.client.request(withAuthorization(`Bearer ${unknownKey}`));
			expectThat(status === 401, finding`it was answered with ${status}`);
		},
	},
	{
		name: 'access-token-is-a-bearer',
		title: 'An `access_token` of OAuth is taken as a bearer token',
		source: DOCS.oauth,
		mark: 'confirmed',
		restsOn: ['credentials/CloseSmsOAuth2Api.credentials.ts', CREDENTIAL, SIMULATED],
		steps: async (close) =>
			expectStatus(
				await close.client.request(withAuthorization(`Bearer ${close.accessToken}`)),
				200,
			),
	},
]);
