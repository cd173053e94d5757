import { chooseNumber } from '../../../../../../../nodes/CloseSms/resources/sms/people/chooseNumber';
import type { Contact } from '../../../../../../../nodes/shared/contactSearch';

const FROM = '+14155550100';
const MOBILE = '+14155550101';
const OFFICE = '+12065550103';
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
	[
		'not a blocked one',
		[entry(MOBILE, 'mobile', true), entry(OFFICE, 'office', false)],
		OFFICE,
		'office number',
	],
	[
		'not one that another entry of the card says is blocked',
		[entry(MOBILE, 'mobile'), entry('4155550101', 'other', true), entry(OFFICE, 'office')],
		OFFICE,
		'office number',
	],
	[
		'one that is surely not blocked',
		[entry(MOBILE, 'mobile', 'yes'), entry(OFFICE, 'office')],
		OFFICE,
		'office number',
	],
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
		'one of another country where there is no other',
		[entry(BRITISH, 'mobile')],
		BRITISH,
		'mobile number',
	],
	['one in digits only, however it is written', [entry('+1 (415) 555-0101')], MOBILE, 'number'],
	['one of an unreadable type', [entry(MOBILE, 7)], MOBILE, 'number'],
	['one of the type Other', [entry(MOBILE, 'other')], MOBILE, 'number'],
	['one whose flag is null', [entry(MOBILE, 'mobile', null)], MOBILE, 'mobile number'],
	['not one without country code', [entry('5550101'), entry(OFFICE)], OFFICE, 'number'],
])('chooses %s', (_, phones, number, label) => {
	expect(chooseNumber(card(...phones), FROM)).toEqual({ number, label });
});

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
		card(
			entry(MOBILE, 'mobile', true),
			entry(OFFICE, 'fax'),
			entry(FROM),
			entry(BRITISH, 'mobile', 'true'),
			entry('5550101'),
		),
		`${NONE}${MOBILE} is blocked; ${OFFICE} is a fax number; ${FROM} is the number in 'From'; ${BRITISH} may be blocked, Close does not say clearly; 5550101 is not a whole phone number`,
	],
	[
		'has many that are blocked',
		card(...[1, 2, 3, 4, 5, 6].map((n) => entry(`+1415555010${n}`, 'mobile', true))),
		`${NONE}${[1, 2, 3, 4, 5].map((n) => `+1415555010${n} is blocked`).join('; ')} …`,
	],
])('in doubt chooses none: a card that %s', (_, contact, problem) => {
	expect(chooseNumber(contact, FROM)).toMatchObject({ problem });
});
