import { isSigned } from '../../../../nodes/CloseSmsTrigger/signature';
import { createHash, createHmac } from '../../../../dev/platform';

const key = '00112233445566778899aabbccddeeff'.repeat(2);
const timestamp = '1700000000';
const body = Buffer.from(
	'{"event":{"action":"created","object_type":"activity.sms"},"subscription_id":"whsub_test"}',
);
/** Calculated with OpenSSL: `printf '%s%s' "$timestamp" "$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key` */
const hash = 'd243427c84d0c0e7ba34bf366823efb30db2d1b0cf917d7727f4158dd1db2892';

test('a delivery signed as Close does is accepted', () => {
	expect(isSigned({ key, timestamp, hash, body })).toBe(true);
});

test('the key may be written in capitals', () => {
	expect(isSigned({ key: key.toUpperCase(), timestamp, hash, body })).toBe(true);
});

test.each<[string, unknown]>([
	['no', undefined],
	['an empty', ''],
	['half a', key.slice(0, 32)],
	['an odd', `${key}0`],
	['a key that is not hex', `${key.slice(0, -1)}g`],
	['a', [key]],
])('%s key lets nobody in, not even with a signature by what is left of it', (_, wrong) => {
	const decoded = Buffer.from(String(wrong ?? ''), 'hex');
	const forged = createHmac('sha256', decoded).update(timestamp).update(body).digest('hex');
	expect(isSigned({ key: wrong, timestamp, hash: forged, body })).toBe(false);
	const plain = createHash('sha256').update(timestamp).update(body).digest('hex');
	expect(isSigned({ key: wrong, timestamp, hash: plain, body })).toBe(false);
});

test.each([undefined, null, 7, {}, [], [hash], true, '\u0130'.repeat(64)])(
	'%p in place of a signature or of a timestamp is refused without an error',
	(wrong) => {
		expect(isSigned({ key, timestamp, hash: wrong, body })).toBe(false);
		expect(isSigned({ key, timestamp: wrong, hash, body })).toBe(false);
	},
);

describe('a signature that is well formed is refused', () => {
	const sign = (signed: { timestamp?: string; body?: Buffer; key?: string }) =>
		createHmac('sha256', Buffer.from(signed.key ?? key, 'hex'))
			.update(signed.timestamp ?? timestamp)
			.update(signed.body ?? body)
			.digest('hex');

	test('of other bytes', () => {
		const other = Buffer.from(body.toString().replace('created', 'deleted'));
		expect(isSigned({ key, timestamp, hash, body: other })).toBe(false);
	});

	test('of another time', () => {
		expect(isSigned({ key, timestamp: '1700000001', hash, body })).toBe(false);
	});

	test('with another key', () => {
		const forged = sign({ key: key.replace('0', '1') });
		expect(isSigned({ key, timestamp, hash: forged, body })).toBe(false);
	});

	test('where one digit is another', () => {
		expect(isSigned({ key, timestamp, hash: hash.replace(/2$/, '3'), body })).toBe(false);
	});

	test.each([` ${timestamp}`, `${timestamp}\n`, `+${timestamp}`, `${timestamp}.5`, '1'.repeat(16)])(
		'of the time %j, which is none, though signed',
		(time) => {
			expect(isSigned({ key, timestamp: time, hash: sign({ timestamp: time }), body })).toBe(false);
		},
	);

	test.each([`0${hash}`, `${hash}0`, ` ${hash}`, `${hash}\n`, hash.toUpperCase()])(
		'as %j, which is not how Close writes it',
		(written) => {
			expect(isSigned({ key, timestamp, hash: written, body })).toBe(false);
		},
	);
});
