import { api, close } from './fixture';
import { CARRIER_ERRORS, type CarrierError } from '../../dev/simulator/sms/carrier';

const CARRIER = 60_000;
const MINUTE = 60_000;
const maria = () => close.account.contacts.maria.phones[0].phone;
const send = async () =>
	(await api.put(`/activity/sms/${close.account.texts.draft.id}/`, { status: 'outbox' })).data.id;

beforeEach(() => close.carrierDelay(CARRIER));

const codes = Object.keys(CARRIER_ERRORS).map(Number) as CarrierError[];

test.each(codes)('%i at once: from the outbox to error, nobody is texted', async (code) => {
	close.carrier.fails(maria(), code);
	const id = await send();
	close.clock.advance(CARRIER);
	expect(close.sms(id)).toMatchObject({
		status: 'error',
		date_sent: null,
		error_message: expect.stringMatching(new RegExp(`^${code} `)),
	});
	expect(close.texted).toHaveLength(0);
});

test('later: sent, and minutes after that an error; nobody is texted', async () => {
	close.carrier.fails(maria(), 30003, { after: 3 * MINUTE });
	const id = await send();
	close.clock.advance(CARRIER + 2 * MINUTE);
	expect(close.sms(id)).toMatchObject({ status: 'sent', error_message: null });
	close.clock.advance(MINUTE);
	expect(close.sms(id)).toMatchObject({
		status: 'error',
		date_sent: expect.any(String),
		error_message: expect.stringMatching(/^30003 /),
	});
	expect(close.texted).toHaveLength(0);
});

test('only this number, and only until it delivers again', async () => {
	close.carrier.fails('+14155550102', 30007);
	close.carrier.fails(maria(), 30007);
	close.carrier.delivers(maria());
	await send();
	close.clock.advance(CARRIER);
	expect(close.timesTexted(maria())).toBe(1);
});

test('a text that is deleted between sent and error has no further life', async () => {
	close.carrier.fails(maria(), 30008, { after: MINUTE });
	const id = await send();
	close.clock.advance(CARRIER);
	await api.delete(`/activity/sms/${id}/`);
	close.clock.advance(2 * MINUTE);
	expect(close.sms(id)).toBeUndefined();
});
