import axios, { type AxiosInstance } from 'axios';
import { close } from './fixture';

let control: AxiosInstance;

beforeAll(async () => {
	control = axios.create({ baseURL: close.url, proxy: false });
});

test('another process can act, cause trouble and look', async () => {
	const due = new Date(close.clock.now().getTime() + 60_000).toISOString();
	const known = { status: 'scheduled', date_scheduled: due, remote_phone: '+14155550101' };
	const { data: sms } = await control.post('/simulator/sms', known);
	await control.post('/simulator/clock/advance', { ms: 120_000 });
	expect((await control.get('/simulator/texted?remotePhone=%2B14155550101')).data).toHaveLength(1);
	expect((await control.get(`/simulator/sms/${sms.id}`)).data.status).toBe('sent');
	await control.post('/simulator/faults', {
		kind: 'status',
		status: 500,
		match: { path: '^/me/$' },
	});
	await control.put('/simulator/rateLimit', { limit: 5 });
	const options = {
		auth: { username: close.account.apiKey, password: '' },
		proxy: false,
		validateStatus: () => true,
	} as const;
	const first = await axios.get(`${close.baseUrl}/me/`, options);
	expect([first.status, first.headers.ratelimit]).toEqual([
		500,
		expect.stringContaining('remaining=4'),
	]);
	expect((await control.get('/simulator/requests')).data).toMatchObject([
		{ path: '/me/', status: 500, fault: 'status' },
	]);
	await control.post('/simulator/reset');
	expect((await control.get('/simulator')).data).toMatchObject({
		baseUrl: close.baseUrl,
		account: close.account,
	});
	expect((await control.get('/simulator/requests')).data).toEqual([]);
});

test('the page shows texts and who was texted, and nothing in it is run', async () => {
	close.receive({ from: '+14155550101', text: '<script>alert(1)</script>' });
	close.addSms({ status: 'outbox', text: 'Really sent', remote_phone: '+14155550101' });
	close.clock.advance(1000);
	const { data, headers } = await control.get('/');
	expect(headers['content-type']).toContain('text/html');
	expect(data).toContain('Texted, had this been the real Close: 1');
	expect(data).toContain('Maria Santos');
	expect(data).not.toContain('<script>alert');
});
