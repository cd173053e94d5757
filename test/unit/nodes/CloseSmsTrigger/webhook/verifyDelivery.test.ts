import { verifyDelivery } from '../../../../../nodes/CloseSmsTrigger/webhook/verifyDelivery';
import { createHmac } from '../../../../../dev/platform';

const key = 'ab'.repeat(32);
const NOW = 1_700_000_000;
const event = { id: 'ev_1', object_type: 'activity.sms', date_updated: '2026-01-01T00:00:00' };

const verifyBody = (timestamp: number, maxAge: number, body: string) => {
	const raw = Buffer.from(body);
	const hash = createHmac('sha256', Buffer.from(key, 'hex'))
		.update(String(timestamp))
		.update(raw)
		.digest('hex');
	return verifyDelivery(
		{
			headers: { 'close-sig-timestamp': String(timestamp), 'close-sig-hash': hash },
			body: raw,
		},
		{ subscriptionId: 'whsub_1', signatureKey: key, maxAge, now: NOW * 1000 },
	);
};

const verify = (timestamp: number, maxAge: number, body: object = { event }) =>
	verifyBody(timestamp, maxAge, JSON.stringify({ subscription_id: 'whsub_1', ...body }));

test.each([0, 60, -60])('a signature of %d seconds ago is accepted within a minute', (ago) => {
	expect(verify(NOW - ago, 60)).toEqual({ event });
});

test.each([61, -61, 1e6])('a signature of %d seconds ago is refused', (ago) => {
	expect(verify(NOW - ago, 60)).toEqual({ rejection: expect.objectContaining({ status: 401 }) });
});

test.each([NaN, undefined as unknown as number])(
	'an age that is %p lets nobody in, rather than everybody',
	(maxAge) => {
		expect(verify(NOW, maxAge).rejection?.status).toBe(401);
	},
);

test.each([
	{ event: undefined },
	{ event: { ...event, object_type: 'lead' } },
	{ event: { ...event, id: 1 } },
	{ event: { ...event, date_updated: null } },
])('%j is accepted, but is no event about an SMS', (body) => {
	expect(verify(NOW, 60, body)).toEqual({});
});

test.each(['[]', '[{}]', 'null', '"text"', '1', '{'])(
	'a signed body that is no JSON object is refused as such: %s',
	(body) => {
		expect(verifyBody(NOW, 60, body)).toEqual({
			rejection: { status: 400, reason: 'Not a JSON object' },
		});
	},
);
