import getPort from 'get-port';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { simulatorCredential } from '../../dev/simulator/credential';
import { n8n } from './n8n';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/** What n8n's credential dialog says after its test. */
const tested = async (given: Record<string, string>) => {
	const data = { ...simulatorCredential(close, ''), ...given };
	const id = await n8n.createCredential('closeSmsApi', 'To be tested', data);
	const credentials = { id, name: 'To be tested', type: 'closeSmsApi', data };
	const answer = await n8n.rest.post<{ data: { status: string; message: string } }>(
		'/credentials/test',
		{ credentials },
	);
	return answer.data.data;
};

const WRONG_KEY =
	/^Close was reached but does not know this key or token\. Copy it again from Close/;

test('a good key, and a good token, are told as such', async () => {
	const { apiKey, accessToken } = close.account;

	expect(await tested({ apiKey })).toMatchObject({ status: 'OK' });
	expect(await tested({ authentication: 'bearer', accessToken })).toMatchObject({ status: 'OK' });
	expect(close.requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
		{ method: 'GET', path: '/me/', query: { _fields: 'id' } },
		{ method: 'GET', path: '/me/', query: { _fields: 'id' } },
	]);
});

test('a wrong key is told apart from a host that is out of reach', async () => {
	const nowhere = `http://127.0.0.1:${await getPort()}/api/v1`;
	const { apiKey } = close.account;

	expect(await tested({ apiKey: 'api_unknown.x' })).toEqual({
		status: 'Error',
		message: expect.stringMatching(WRONG_KEY),
	});
	expect(await tested({ authentication: 'bearer', accessToken: apiKey })).toEqual({
		status: 'Error',
		message: expect.stringMatching(WRONG_KEY),
	});
	expect(await tested({ apiKey, baseUrl: nowhere })).toEqual({
		status: 'Error',
		message: 'ECONNREFUSED',
	});
});

test('the secret is masked when n8n shows the credential again', async () => {
	const { apiKey } = close.account;
	const { closeSmsApi: id } = await n8n.addSimulatorCredential(close);
	const { data } = await n8n.rest.get(`/credentials/${id}`, { params: { includeData: true } });

	expect(JSON.stringify(data)).toContain('closeSmsApi');
	expect(JSON.stringify(data)).not.toContain(apiKey);
});
