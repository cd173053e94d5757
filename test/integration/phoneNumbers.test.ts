import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const OURS = '+14155550100';
const draft = () => sms.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: OURS });
const US = { options: { countryCode: '1' } as INodeParameters };

/** Ways in which people write the number of one person, with a plus. */
const WRITTEN = [
	'+1 (415) 555-0177',
	'tel:+1-415-555-0177',
	'\u202A+1\u00A0415\u2011555\u20110177\u202C',
	"'+14155550177",
];

/** A number that is written with the 0 that is dialed inside its country. */
const BRITISH = ['+44 (0)7700 900123', '+44(0)7700900123'];

describe('a number with a plus reaches the one person, however it is written', () => {
	test.each(WRITTEN)('Send to %j', async (to) => {
		const { error } = await sms.run('send', sendTo(to, 'Hi'));
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.close.texted.map(({ remotePhone }) => remotePhone)).toEqual([PHONE]);
	});

	test.each(BRITISH)('Create keeps %j without its 0', async (remotePhone) => {
		await sms.run('create', { remotePhone, localPhone: byNumber(OURS), text: 'Hi' });
		expect(sms.wire()[0].body).toMatchObject({ remote_phone: '+447700900123' });
	});

	test('Send from a number with spaces', async () => {
		const { error } = await sms.run('send', {
			...sendTo(PHONE, 'Hi'),
			from: byNumber('+1 415 555 0100'),
		});
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.wire()[0].body).toMatchObject({ local_phone: OURS, remote_phone: PHONE });
		expect(sms.close.timesTexted(PHONE)).toBe(1);
	});

	test.each(WRITTEN)('Update and Create keep %j as Close writes it', async (remotePhone) => {
		const { id } = draft();
		await sms.run('update', { smsId: byId(id), updateFields: { remotePhone } });
		await sms.run('create', { remotePhone, localPhone: byNumber(OURS), text: 'Hi' });

		const bodies = sms.wire().filter(({ method }) => method !== 'GET');
		expect(bodies.map(({ body }) => (body as { remote_phone: string }).remote_phone)).toEqual([
			PHONE,
			PHONE,
		]);
	});

	test.each(WRITTEN)('Get Many finds the texts with %j', async (remotePhone) => {
		const { id } = draft();
		const { json } = await sms.run('getAll', { returnAll: true, filters: { remotePhone } });

		expect(json.map((one) => one.id)).toEqual([id]);
	});
});

describe('a number without a plus', () => {
	test.each(ERROR_MODES)(
		'is an error that shows it, with an expression to copy, on error: %s',
		async (onError) => {
			const run = await sms.run('send', sendTo('(415) 555-0177', 'Hi'), { node: { onError } });
			sms.deliver();

			expect(said(run)).toContain("'To' has no country code: (415) 555-0177");
			if (run.error) expect(said(run)).toContain("{{ '+1' + String($json.phone)");
			expect(sms.wire()).toEqual([]);
			expect(sms.close.texted).toEqual([]);
		},
	);

	test.each(['(415) 555-0177', '1-415-555-0177', '={{ 4155550177 }}'])(
		"is read with 'Country of Numbers Without +': %s",
		async (to) => {
			const { error } = await sms.run('send', { ...sendTo(to, 'Hi'), ...US });
			sms.deliver();

			expect(error).toBeUndefined();
			expect(sms.close.texted.map(({ remotePhone }) => remotePhone)).toEqual([PHONE]);
		},
	);

	test('is read in Get Many and Get Conversation too', async () => {
		const maria = sms.close.account.contacts.maria;
		const phone = maria.phones[0].phone;
		sms.close.addSms({
			status: 'inbox',
			direction: 'inbound',
			text: 'Hello',
			remote_phone: phone,
			local_phone: OURS,
			lead_id: maria.lead_id,
			contact_id: maria.id,
		});
		const written = phone.slice(2);
		const listed = await sms.run('getAll', {
			returnAll: true,
			filters: { remotePhone: written, textContains: 'Hello' },
			...US,
		});
		const conversation = await sms.run('getConversation', {
			person: { __rl: true, mode: 'number', value: written },
			...US,
		});

		expect(listed.json).toMatchObject([{ text: 'Hello' }]);
		expect(conversation.error).toBeUndefined();
		expect(conversation.json).toContainEqual(expect.objectContaining({ text: 'Hello' }));
	});

	test.each(['2', 44155550177, '', null])(
		'a country code %j that is not offered: an error',
		async (code) => {
			const run = await sms.run('send', {
				...sendTo('(415) 555-0177', 'Hi'),
				options: { countryCode: `={{ ${JSON.stringify(code)} }}` },
			});

			expect(said(run)).toMatch(/'Country of Numbers Without \+' has an invalid value/);
			expect(sms.wire()).toEqual([]);
		},
	);
});

test.each([
	['+44 07700 900123', '+44 07700 900123', '+447700900123'],
	['+44 07700 900123', '(+44) 0 7700 900123', '+447700900123'],
	['+44 07700 900123', '+44 7700 900100', '+447700900100'],
	['+49 0151 23456789', '+49 0151 23456789', '+4915123456789'],
	['0044 7700 900123', '0044 7700 900123', '+447700900123'],
	['(415) 555-0177', '(415) 555-0177', PHONE],
])(
	'the expression in the error about %j makes %j the number it is',
	async (wrong, phone, number) => {
		const refused = await sms.run('send', sendTo(wrong, 'Hi'));
		const [expression] = /\{\{ .*? \}\}/.exec(said(refused))!;
		const sending = { ...sendTo(`=${expression}`, 'Hi'), options: { dryRun: true } };
		const run = await sms.run('send', sending, { items: [{ phone }] });

		expect(said(run)).toBe('');
		expect(JSON.stringify(run.json[0].requests)).toContain(`"${number}"`);
	},
);

describe('one wrong number among ten: nobody is texted', () => {
	test.each([
		['a digit lost', '+1415555017', /is not a number of the US or Canada: \+1415555017 \[item 7\]/],
		['a digit too many', '+141555501777', /is not a number of the US or Canada: /],
		['no such area', '+10155550177', /is not a number of the US or Canada: /],
		['our own number', '+1 415 555 0100', /'To' and 'From' are the same number: \+14155550100/],
		['made by =+', '+4155550177', /'To' may be without its country code: \+4155550177/],
		['an extension', '+14155550177 x5', /'To' is not one phone number: \+14155550177 x5/],
		['two numbers', '+14155550177, +14155550178', /'To' is not one phone number: /],
		['a zero in brackets of Italy', '+39 (0)6 123456', /'To' has a 0 in brackets: /],
		['a zero behind the code', '+44 07911 123456', /'To' has a 0 after the country code: /],
		['a digit too many, elsewhere', '+44 7911 1234567', /'To' is not a number of the United Kin/],
	])('%s', async (_, wrong, message) => {
		const items = Array.from({ length: 10 }, (_one, index) => ({
			phone: index === 7 ? wrong : `+1415555018${index}`,
		}));
		const run = await sms.run('send', sendTo('={{ $json.phone }}', 'Hi'), { items });
		sms.deliver();

		expect(said(run)).toMatch(message);
		expect(sms.wire()).toEqual([]);
		expect(sms.close.texted).toEqual([]);
	});
});

describe('a contact in Close whose number is written in another way is the same person', () => {
	test.each([(number: string) => number.slice(1), (number: string) => number.slice(2)])(
		'its block is seen (form %#)',
		async (toForm) => {
			const { maria } = sms.close.account.contacts;
			const [known] = maria.phones;
			const number = known.phone;
			const phones = [{ ...known, phone: toForm(number), outbound_sms_blocked: true }];
			sms.close.faults.order({
				kind: 'altered',
				match: { path: '/data/search/' },
				answerWith: { data: [{ ...maria, phones }], cursor: null },
			});
			const run = await sms.run('send', {
				to: byNumber(number),
				from: byNumber(OURS),
				message: 'Hi',
				options: { checkOptOut: true },
			});
			sms.deliver();

			expect(said(run)).toContain(`${number} must not be texted`);
			expect(sms.close.texted).toEqual([]);
		},
	);
});
