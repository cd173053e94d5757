import { explainFailure, explainFailureForGood } from '../../../../nodes/shared/carrierErrors';

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
	['21614: not a mobile number', 21614, /not a mobile number/],
	["21265 'To' number cannot be a Short Code", 21265, /short code/],
	['Error 30023', 30023, /no more SMS to this carrier today/],
	// Plivo's are short.
	['Error 70: Destination permanently unavailable', 70, /not in service/],
	['error_code=201', 201, /Canada/],
	['200', 200, /opted out/],
	['Error 404', null, null],
	['70 people were told that it failed', null, null],
	['It failed after 30 seconds', null, null],
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

describe('a number that no text can ever reach', () => {
	test.each([21211, 21265, 21268, 21614, 21635, 30005, 30006])("is told by Twilio's %d", (code) => {
		expect(explainFailureForGood(`${code} something`)).toBe(
			explainFailure(`${code}`)?.error_reason,
		);
		expect(explainFailureForGood(`${code} something`)).toMatch(/./);
	});

	test.each([50, 70])("is told by Plivo's %d", (code) => {
		expect(explainFailureForGood(`Error ${code}`)).toMatch(/./);
	});

	test.each([
		undefined,
		null,
		'',
		6,
		'The carrier does not say why',
		'Error 30999',
		'30003 off',
		'30004 blocked',
		'30007 filtered',
		'30008 unknown',
		'21610 opted out',
		'30034 not registered',
		'Error 80',
		'Error 200',
	])('is not told by %j', (message) => {
		expect(explainFailureForGood(message)).toBeUndefined();
	});
});
