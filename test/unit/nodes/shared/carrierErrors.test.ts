import { explainFailure } from '../../../../nodes/shared/carrierErrors';

test.each([undefined, null, '', '  '])(
	'without an error message (%j) nothing is said',
	(message) => {
		expect(explainFailure(message)).toBeUndefined();
	},
);

test.each<[string, number | null, RegExp | null]>([
	['30006 landline or unreachable carrier', 30006, /landline/],
	['Error 30003 "Message Delivery - Unreachable destination handset"', 30003, /cannot be reached/],
	['Message blocked (30004)', 30004, /blocked/],
	['30005', 30005, /does not know this number/],
	['Twilio error 30007: Carrier violation', 30007, /filtered/],
	['[30008] Unknown error', 30008, /no reason/],
	['error_code:21610', 21610, /opted out/],
	['The message is from an unregistered number. 30034.', 30034, /not registered/],
	['Error code 30999: something new', 30999, null],
	['Error #63999', 63999, null],
	['The carrier does not say why', null, null],
	// Part of something else is no code.
	['Could not reach +30006', null, null],
	['Number 4130006 is not valid', null, null],
	['acti_30006 failed', null, null],
	['12345 Main Street is no destination', null, null],
	// The text may be quoted before the number.
	['"Only 10000 left" was refused: error 30007', 30007, /filtered/],
])('%s', (message, code, reason) => {
	const failure = explainFailure(message)!;
	expect(failure.error_code).toBe(code);
	if (reason) expect(failure.error_reason).toMatch(reason);
	else expect(failure.error_reason).toBeNull();
	expect(failure.error_next_step === null).toBe(reason === null);
});
