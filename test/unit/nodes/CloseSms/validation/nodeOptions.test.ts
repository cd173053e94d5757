import type { INodeProperties } from 'n8n-workflow';
import { optionsProperty } from '../../../../../nodes/CloseSms/resources/optionsProperty';
import { addMessageInfo } from '../../../../../nodes/CloseSms/output/messageInfo';
import {
	DEFAULT_OPTIONS,
	getSkipOptions,
	OPTIONS,
	readOptions,
	toPhoneReadingOptions,
} from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { requireFlag } from '../../../../../nodes/CloseSms/validation/validationError';
import { fakeContext, thrownBy } from '../../../fakeContext';

const read = (options: unknown) =>
	readOptions(fakeContext({ parameters: { options }, itemIndex: 2 }));

test('what was not added has its default', () => {
	expect(read({})).toEqual({
		dryRun: false,
		addMessageInfo: false,
		giveUpAfter: 300,
		maxConcurrency: 20,
		maxRetries: 8,
		maxSegments: Infinity,
		missingValues: 'stop',
		skipIfTextedAnythingWithin: 0,
		skipIfTextedWithin: 0,
		skipNumbersThatFailed: false,
		checkOptOut: false,
		waitUntilSent: 0,
		unknownRecipient: 'sendWithoutLead',
	});
	expect(read(undefined)).toEqual(DEFAULT_OPTIONS);
});

test('one item does not change the options of the next', () => {
	read({ dryRun: true });
	expect(read({}).dryRun).toBe(false);
});

/** As an error shows it. */
const asShown = (value: unknown) =>
	typeof value === 'object' || value === '' ? JSON.stringify(value) : String(value);

describe.each([
	['dryRun', 'Dry Run'],
	['addMessageInfo', 'Add Message Info'],
	['checkOptOut', 'Check Opt-Out'],
	['skipNumbersThatFailed', 'Skip Numbers That Failed'],
] as const)('the flag %s', (option, label) => {
	test.each([true, 'true', 1, '1'])('%j is on', (value) => {
		expect(read({ [option]: value })).toEqual({ ...DEFAULT_OPTIONS, [option]: true });
	});

	test.each([false, 'false', 0, '0'])('%j is off', (value) => {
		expect(read({ [option]: value })).toEqual(DEFAULT_OPTIONS);
	});

	test.each(['yes', 'no', 'off', 2, -1, NaN, [true], [], { on: true }])(
		'%j is an error',
		(value) => {
			const error = thrownBy(() => read({ [option]: value }));
			expect(error.message).toBe(
				`'${label}' is neither true nor false: ${asShown(value)} [item 2]`,
			);
			expect(error.description).toBe('Give true or false. In doubt nothing is sent.');
		},
	);
});

const isBlankOff: Record<string, boolean> = {
	dryRun: false,
	addMessageInfo: true,
	checkOptOut: false,
	skipNumbersThatFailed: true,
};

test.each(
	Object.entries(isBlankOff).flatMap(([option, isOff]) =>
		['', '  ', null].map((value) => [option, value, isOff] as const),
	),
)(
	'the flag %s with the blank value %j is off: %s; else that is an error',
	(option, value, isOff) => {
		if (isOff) expect(read({ [option]: value })).toEqual(DEFAULT_OPTIONS);
		else
			expect(thrownBy(() => read({ [option]: value })).message).toMatch(/' is empty \[item 2\]$/);
	},
);

test.each(['dryRun', 'addMessageInfo', 'checkOptOut'])(
	'the flag %s is on once it is added',
	(option) => {
		const fields = optionsProperty.options as INodeProperties[];
		expect(fields.find(({ name }) => name === option)?.default).toBe(true);
	},
);

const NUMBERS = [
	['giveUpAfter', 'Give Up After (Seconds)', 1, 86_400, 'seconds'],
	['maxConcurrency', 'Max Concurrency', 1, 50, 'items'],
	['maxRetries', 'Max Retries', 0, 100, 'retries'],
	['maxSegments', 'Max Segments', 1, 20, 'segments'],
	['skipIfTextedWithin', 'Skip If Texted Within (Minutes)', 0, 527_040, 'minutes'],
	['skipIfTextedAnythingWithin', 'Skip If Texted Anything Within (Minutes)', 0, 527_040, 'minutes'],
	['waitUntilSent', 'Wait Until Sent (Seconds)', 0, 3600, 'seconds'],
] as const;

describe.each(NUMBERS)('the number %s', (option, label, min, max, unit) => {
	test.each([min, max, 5, '5', ' 5 '])('%j is read', (value) => {
		expect(read({ [option]: value })).toEqual({ ...DEFAULT_OPTIONS, [option]: Number(value) });
	});

	test.each([
		min - 1,
		max + 1,
		1e300,
		'1e300',
		Infinity,
		NaN,
		'many',
		'5 minutes',
		true,
		[5],
		{ minutes: 5 },
	])('%j is an error', (value) => {
		const error = thrownBy(() => read({ [option]: value }));
		expect(error.message).toBe(`'${label}' is not a number of ${unit}: ${asShown(value)} [item 2]`);
		expect(error.description).toBe(`Give ${min} to ${max} ${unit}, or remove the option.`);
	});

	test('its field has the same bounds', () => {
		const fields = optionsProperty.options as INodeProperties[];
		const field = fields.find(({ name }) => name === option);
		expect([field?.displayName, field?.typeOptions]).toEqual([
			label,
			{ minValue: min, maxValue: max },
		]);
	});

	test.each(['', ' ', null, undefined])('%j does not stand for the default', (value) => {
		expect(thrownBy(() => read({ [option]: value })).message).toBe(`'${label}' is empty [item 2]`);
	});
});

test.each([
	['giveUpAfter', 1.5, true],
	['skipIfTextedWithin', 0.5, true],
	['maxConcurrency', 1.5, false],
	['maxRetries', 2.5, false],
	['maxSegments', 1.5, false],
])('%s %d: %s', (option, value, isRead) => {
	if (isRead) expect(read({ [option]: value })).toMatchObject({ [option]: value });
	else expect(() => read({ [option]: value })).toThrow('is not a number');
});

test.each(['{ "dryRun": true }', 7, true, [{ dryRun: true }], []])(
	'%j in place of all options is an error',
	(options) => {
		const error = thrownBy(() => read(options));
		expect(error.message).toBe("'Options' cannot be read [item 2]");
		expect(error.description).toMatch(/^Add each option by itself/);
	},
);

test('so is one expression for all of them, which n8n has emptied', () => {
	const context = fakeContext({ parameters: { options: {} } });
	const node = { ...context.getNode(), parameters: { options: '={{ $json.options }}' } };
	expect(() => readOptions({ ...context, getNode: () => node })).toThrow(
		"'Options' cannot be read",
	);
});

describe('Sending Hours', () => {
	const readHours = (hours: unknown) => read({ sendingHours: { hours } }).sendingHours;
	const DAYTIME = {
		from: 480,
		to: 1260,
		days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
		zone: 'recipient',
		outside: 'schedule',
	};

	test('8:00 to 21:00 on every day, where the recipient is, unless set otherwise', () => {
		expect(readHours({})).toEqual(DAYTIME);
	});

	test.each<[object, object]>([
		[
			{ from: '9:30', to: ' 17:05 ' },
			{ from: 570, to: 1025 },
		],
		[{ to: '24:00' }, { to: 1440 }],
		[
			{ from: '20:00', to: '02:00' },
			{ from: 1200, to: 120 },
		],
		[{ days: ['sat', 'sun'] }, { days: ['sat', 'sun'] }],
		[{ days: 'mon, TUE' }, { days: ['mon', 'tue'] }],
		[{ zone: 'workflow', fallbackTimezone: 'nowhere' }, { zone: 'workflow' }],
		[
			{ zone: 'named', timezone: ' Asia/Kolkata ' },
			{ zone: 'named', timezone: 'Asia/Kolkata' },
		],
		[{ fallbackTimezone: 'America/Denver' }, { fallbackTimezone: 'America/Denver' }],
		[{ outside: 'stop' }, { outside: 'stop' }],
	])('%j', (given, expected) => {
		expect(readHours(given)).toEqual({ ...DAYTIME, ...expected });
	});

	test.each<[object, RegExp]>([
		[{ from: '' }, /^'Not Before' of 'Sending Hours' is empty \[item 2\]$/],
		[{ from: '8' }, /'Not Before'/],
		[{ from: '8am' }, /'Not Before'/],
		[{ from: 8 }, /'Not Before'/],
		[{ from: '24:00' }, /'Not Before'/],
		[{ from: '08:60' }, /'Not Before'/],
		[{ from: null }, /'Not Before'/],
		[{ to: '25:00' }, /'Not After' of 'Sending Hours' is not a time of day/],
		[{ to: '24:30' }, /'Not After'/],
		[{ from: '09:00', to: '9:00' }, /'Not Before' of 'Sending Hours' and 'Not After' are the same/],
		[{ days: [] }, /'Days' of 'Sending Hours' is empty/],
		[{ days: '' }, /'Days' of 'Sending Hours' is empty/],
		[{ days: null }, /'Days' of 'Sending Hours' is empty/],
		[{ days: ['mon', 'someday'] }, /'Days' of 'Sending Hours' has a day that does not exist/],
		[{ days: [1] }, /a day that does not exist/],
		[{ zone: 'person' }, /'Time Zone Of' of 'Sending Hours' has an invalid value/],
		[{ zone: '' }, /'Time Zone Of'/],
		[{ zone: 'named' }, /'Time Zone' of 'Sending Hours' is empty/],
		[{ zone: 'named', timezone: 'Mars/Base' }, /'Time Zone' of 'Sending Hours' is not a time zone/],
		[{ zone: 'named', timezone: '+02:00' }, /'Time Zone' of 'Sending Hours' is not a time zone/],
		[{ zone: 'named', timezone: 'constructor' }, /is not a time zone/],
		[{ fallbackTimezone: 'Mars/Base' }, /'Fallback Time Zone' of 'Sending Hours' is not a time/],
		[{ outside: 'send' }, /'Outside the Hours' of 'Sending Hours' has an invalid value/],
	])('%j is an error', (given, message) => {
		expect(thrownBy(() => readHours(given)).message).toMatch(message);
	});

	test.each([{}, '', '08:00', null, [], { hours: null }, { hours: '={{ x }}' }, { hours: [] }])(
		'%j in place of the hours is an error',
		(sendingHours) => {
			expect(thrownBy(() => read({ sendingHours })).message).toBe(
				"'Sending Hours' has no hours [item 2]",
			);
		},
	);
});

test('an option of a later version is passed over', () => {
	expect(read({ later: 'x' })).toEqual(DEFAULT_OPTIONS);
});

test('a flag outside of the options is read alike', () => {
	const context = fakeContext({ itemIndex: 2 });
	expect(requireFlag(context, '1', 'Return All')).toBe(true);
	expect(thrownBy(() => requireFlag(context, 'all', 'Return All')).message).toBe(
		"'Return All' is neither true nor false: all [item 2]",
	);
});

describe('the choice unknownRecipient', () => {
	test.each(['sendWithoutLead', 'error'])('%j is read', (unknownRecipient) => {
		expect(read({ unknownRecipient })).toEqual({ ...DEFAULT_OPTIONS, unknownRecipient });
	});

	test.each(['', 'Error', 'send', null, 0, true, ['error'], {}])('%j is an error', (value) => {
		const error = thrownBy(() => read({ unknownRecipient: value }));
		expect(error.message).toBe(
			`'If No Single Lead Matches' has an invalid value: ${asShown(value)} [item 2]`,
		);
		expect(error.description).toBe('It is one of error, sendWithoutLead.');
	});
});

describe.each([
	['countryCode', ['61', '32', '45', '33', '972', '27', '44', '1'], '1'],
	['missingValues', ['stop', 'send'], 'stop'],
	['unknownRecipient', ['error', 'sendWithoutLead'], 'sendWithoutLead'],
] as const)('the choice %s', (option, values, initial) => {
	const fields = optionsProperty.options as INodeProperties[];
	const field = fields.find(({ name }) => name === option);

	test.each(values)('%j can be chosen, and is read', (value) => {
		expect(field?.options).toContainEqual(expect.objectContaining({ value }));
		expect(read({ [option]: value })).toEqual({ ...DEFAULT_OPTIONS, [option]: value });
	});

	test('offers nothing else, and shows one of them once it is added', () => {
		expect(field?.options).toHaveLength(values.length);
		expect(field?.default).toBe(initial);
	});
});

test.each<[unknown, boolean]>([
	[44, true],
	[972, true],
	[49, false],
	['+44', false],
])('the country code %j is read: %s', (countryCode, isRead) => {
	if (isRead) expect(read({ countryCode }).countryCode).toBe(String(countryCode));
	else
		expect(thrownBy(() => read({ countryCode })).message).toMatch(
			/^'Country of Numbers Without \+' has an invalid value/,
		);
});

test('numbers are read by the country that was chosen, which an error names', () => {
	expect(toPhoneReadingOptions({ countryCode: '44' })).toEqual({
		country: '44',
		countryOption: 'Country of Numbers Without +',
	});
});

test('the options by which an earlier text keeps one back are those that are set', () => {
	expect(getSkipOptions(DEFAULT_OPTIONS)).toEqual([]);
	expect(
		getSkipOptions({ ...DEFAULT_OPTIONS, skipIfTextedWithin: 1, skipNumbersThatFailed: true }),
	).toEqual(['skipIfTextedWithin', 'skipNumbersThatFailed']);
});

test("'Add Message Info' adds it to what comes out", () => {
	expect(OPTIONS.addMessageInfo.field.routing?.output?.postReceive).toContain(addMessageInfo);
});
