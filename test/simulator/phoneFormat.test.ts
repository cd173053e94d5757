import { countryOf, formatPhone, isE164, timeZonesOf } from '../../dev/simulator/crm/phoneFormat';

test.each<[string, boolean]>([
	['+14155550101', true],
	['+18335550126', true],
	['+447700900101', true],
	['+33639980042', true],
	['+61491570156', true],
	['+4930123456', true],
	['+1415555012', false],
	['+141555501012', false],
	['+10155550101', false],
	['+19995550101', false],
	['+4155550101', false],
	['14155550101', false],
	['+1 415-555-0101', false],
	['(415) 555-0101', false],
	['+', false],
	['', false],
])('%s is valid: %s', (phone, valid) => expect(isE164(phone)).toBe(valid));

test.each<[string | null, string | null, string | null]>([
	['+14155550101', 'US', '+1 415-555-0101'],
	['+14165550100', 'CA', '+1 416-555-0100'],
	['+17875550100', 'PR', '+1 787-555-0100'],
	['+447700900101', 'GB', '+44 7700 900101'],
	['+61491570156', 'AU', '+61 491 570 156'],
	['+27821234567', 'ZA', '+27 82 123 4567'],
	['nonsense', null, 'nonsense'],
	[null, null, null],
])('%s is of %s and shown as %s', (phone, country, shown) =>
	expect([countryOf(phone), formatPhone(phone)]).toEqual([country, shown]),
);

test.each<[string, string[]]>([
	['+14155550101', ['America/Los_Angeles']],
	['+12125550120', ['America/New_York']],
	['+16025550125', ['America/Phoenix']],
	['+18085550124', ['Pacific/Honolulu']],
	['+18505550123', ['America/Chicago', 'America/New_York']],
	['+14165550100', ['America/Toronto']],
	['+447700900101', ['Europe/London']],
	['+18335550126', []],
	['+61491570156', []],
])('%s may be in %j', (phone, zones) => expect(timeZonesOf(phone)).toEqual(zones));
