import { chooseNumber } from '../../../../../../../nodes/CloseSms/resources/sms/people/chooseNumber';
import type { Contact } from '../../../../../../../nodes/shared/contactSearch';

const FROM = '+14155550100';
const MOBILE = '+14155550101';
const OFFICE = '+12065550103';
const JAMAICAN = '+18765550101';
const BRITISH = '+447700900101';
const card = (...phones: unknown[]) =>
	({ id: 'cont_1', display_name: 'Maria Santos', phones }) as unknown as Contact;
const entry = (phone: unknown, type?: unknown, blocked?: unknown) => ({
	phone,
	...(type !== undefined && { type }),
	...(blocked !== undefined && { outbound_sms_blocked: blocked }),
});

test.each<[string, unknown[], string, string]>([
	['the only one', [entry(OFFICE, 'office')], OFFICE, 'office number'],
	[
		'a mobile one before others',
		[entry(OFFICE, 'office'), entry(MOBILE, 'mobile')],
		MOBILE,
		'mobile number',
	],
	[
		'the first of several mobile ones',
		[entry(OFFICE, 'mobile'), entry(MOBILE, 'mobile')],
		OFFICE,
		'mobile number',
	],
	['the first of several others', [entry(OFFICE, 'home'), entry(MOBILE)], OFFICE, 'home number'],
	['not a fax', [entry(MOBILE, 'Fax'), entry(OFFICE, 'office')], OFFICE, 'office number'],
	[
		'not the one in From',
		[entry(FROM, 'mobile'), entry(OFFICE, 'office')],
		OFFICE,
		'office number',
	],
	[
		'one of the country of From, even if it is not mobile',
		[entry(BRITISH, 'mobile'), entry(OFFICE, 'office')],
		OFFICE,
		'office number',
	],
	[
		'one that Close says is of the US, though another begins with +1 too',
		[
			{ ...entry(JAMAICAN, 'mobile'), country: 'JM' },
			{ ...entry(OFFICE, 'office'), country: 'US' },
		],
		OFFICE,
		'office number',
	],
	[
		'a mobile one of Canada or of an unnamed country as one of the US',
		[entry(OFFICE, 'office'), { ...entry(MOBILE, 'mobile'), country: 'CA' }],
		MOBILE,
		'mobile number',
	],
	...['', ' US ', 'us', 'ca', null, 7, 'USA', {}].map(
		(country): [string, unknown[], string, string] => [
			`a mobile one whose country is ${JSON.stringify(country)} as one of the US`,
			[entry(OFFICE, 'office'), { ...entry(MOBILE, 'mobile'), country }],
			MOBILE,
			'mobile number',
		],
	),
	[
		'one that Close says is of the US, though the country of another is in small letters',
		[{ ...entry(JAMAICAN, 'mobile'), country: ' jm' }, entry(OFFICE, 'office')],
		OFFICE,
		'office number',
	],
	[
		'one of another country where there is no other',
		[entry(BRITISH, 'mobile')],
		BRITISH,
		'mobile number',
	],
	['one in digits only, however it is written', [entry('+1 (415) 555-0101')], MOBILE, 'number'],
	['one of an unreadable type', [entry(MOBILE, 7)], MOBILE, 'number'],
	['one of the type Other', [entry(MOBILE, 'other')], MOBILE, 'number'],
	['one that is not blocked', [entry(MOBILE, 'mobile', false)], MOBILE, 'mobile number'],
	['one whose flag is null', [entry(MOBILE, 'mobile', null)], MOBILE, 'mobile number'],
	['not one without country code', [entry('5550101'), entry(OFFICE)], OFFICE, 'number'],
])('chooses %s', (_, phones, number, label) => {
	expect(chooseNumber(card(...phones), FROM)).toEqual({ number, label });
});

test("reads a number without a plus by 'Country of Numbers Without +'", () => {
	expect(chooseNumber(card(entry('(415) 555-0101', 'mobile')), FROM, { country: '1' })).toEqual({
		number: MOBILE,
		label: 'mobile number',
	});
});

test.each<[string, unknown[], string]>([
	[
		'on the mobile number, not texted at the office',
		[entry(MOBILE, 'mobile', true), entry(OFFICE, 'office', false)],
		`Close has blocked SMS to ${MOBILE}`,
	],
	[
		'on the office number, not texted at the mobile one',
		[entry(MOBILE, 'mobile', false), entry(OFFICE, 'office', true)],
		`Close has blocked SMS to ${OFFICE}`,
	],
	[
		'on a number that cannot be read',
		[entry(MOBILE, 'mobile'), entry('555-0103 ext 4', 'office', true)],
		'Close has blocked SMS to 555-0103 ext 4',
	],
	[
		'on a fax number',
		[entry(MOBILE, 'mobile'), entry(OFFICE, 'fax', true)],
		`Close has blocked SMS to ${OFFICE}`,
	],
])('somebody who opted out %s', (_, phones, problem) => {
	expect(chooseNumber(card(...phones), FROM)).toEqual({
		problem: `Maria Santos (cont_1) must not be texted: ${problem}, one of their numbers`,
		next: expect.stringContaining("give that number in 'To'") as string,
	});
});

test.each(['yes', 'true', 1, 0, {}])(
	'a block that is %j is not clear: in doubt none of the numbers is chosen',
	(flag) => {
		const both = card(entry(MOBILE, 'mobile', flag), entry(OFFICE, 'office'));
		expect(chooseNumber(both, FROM)).toMatchObject({
			problem: `It is not known whether Maria Santos (cont_1) may be texted: Close does not say clearly whether ${MOBILE} is blocked`,
		});
	},
);

const NONE = 'No phone number of Maria Santos (cont_1) can be texted: ';
const HIDDEN = 'Close does not show the phone numbers of Maria Santos (cont_1)';
test.each<[string, Contact, string]>([
	['has none', card(), 'Maria Santos (cont_1) has no phone number in Close'],
	['comes without numbers', { id: 'cont_1', display_name: 'Maria Santos' }, HIDDEN],
	['comes with null', { ...card(), phones: null }, HIDDEN],
	['comes with an entry that is none', card(entry(MOBILE, 'mobile'), null), HIDDEN],
	[
		'comes with a number that is no text',
		card(entry(MOBILE, 'mobile'), entry(14155550101)),
		HIDDEN,
	],
	[
		'has only what cannot be texted',
		card(entry(OFFICE, 'fax'), entry(FROM), entry('5550101')),
		`${NONE}${OFFICE} is a fax number; ${FROM} is the number in 'From'; 5550101 is not a whole phone number`,
	],
	[
		'has many that are fax numbers',
		card(...[1, 2, 3, 4, 5, 6].map((n) => entry(`+1415555010${n}`, 'fax'))),
		`${NONE}${[1, 2, 3, 4, 5].map((n) => `+1415555010${n} is a fax number`).join('; ')} …`,
	],
])('in doubt chooses none: a card that %s', (_, contact, problem) => {
	expect(chooseNumber(contact, FROM)).toMatchObject({ problem });
});
