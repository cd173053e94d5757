import type { INodeParameters } from 'n8n-workflow';
import { byNumber } from '../../dev/locators';
import { LOOKING_UP, MISSHAPEN, MOBILE, sendByCard, setUpCard } from './setUpCard';
import { CONTACT_ID, ERROR_MODES, at, messages, said, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';

const on = setUpSms();
const { itIs } = setUpWallClock();
const { has, misshapes, writes, reads } = setUpCard(on);
const OFFICE = '+12065550103';
const GONE = 'cont_gone0000000000000000000';

const sending = (more?: INodeParameters, value = CONTACT_ID) => sendByCard('contact', value, more);
const office = { phone: OFFICE, type: 'office' };
const mobile = { phone: MOBILE, type: 'mobile' };
const blocked = { ...mobile, outbound_sms_blocked: true };
const drafts = () => writes().filter(({ method }) => method === 'POST');
const texted = () => [on.close.timesTexted(MOBILE), on.close.timesTexted(OFFICE)];

test('the mobile number of a contact is texted, under the contact and its lead, and the output says which', async () => {
	has(office, mobile);
	const run = await on.run('send', sending());
	on.deliver();

	expect(said(run)).toBe('');
	expect(texted()).toEqual([1, 0]);
	expect(run.json[0]).toMatchObject({
		_note: `The mobile number ${MOBILE} of Maria Santos was chosen.`,
		remote_phone: MOBILE,
		contact_id: CONTACT_ID,
	});
	expect(drafts()[0].body).toEqual({
		contact_id: CONTACT_ID,
		lead_id: expect.stringMatching(/^lead_bluebird/) as string,
		local_phone: '+14155550100',
		remote_phone: MOBILE,
		status: 'draft',
		text: 'Hi',
	});
	expect(reads()).toHaveLength(1);
	expect(on.wire().filter(({ path }) => path.includes('search'))).toEqual([]);
});

test("a number without a plus on the card is read by 'Country of Numbers Without +'", async () => {
	has({ phone: '(415) 555-0101', type: 'mobile' });
	const run = await on.run('send', sending({ options: { countryCode: '1' } }));
	on.deliver();

	expect(said(run)).toBe('');
	expect(texted()).toEqual([1, 0]);
});

test('an error that comes later names the number that was chosen', async () => {
	has({ phone: '+447700900101', type: 'mobile' });
	const run = await on.run('send', sending());
	on.deliver();

	expect(said(run)).toMatch(
		/cannot send SMS to GB.*The mobile number \+447700900101 of Maria Santos was chosen\.$/,
	);
	expect(on.close.texted).toEqual([]);
});

test.each<[string, string]>([
	['an expression', '={{ $json.id }}'],
	['an address of Close', `https://app.close.com/lead/lead_1/#contact=${CONTACT_ID}`],
	['an ID with blanks', ` ${CONTACT_ID}\n`],
])('%s is read as an ID', async (_, value) => {
	const run = await on.run('send', sending({}, value), { items: [{ id: CONTACT_ID }] });
	on.deliver();

	expect(said(run)).toBe('');
	expect(texted()).toEqual([1, 0]);
});

describe.each(ERROR_MODES)('in doubt nothing is made, on error %s', (onError) => {
	const fails = async (parameters = sending()) => {
		const run = await on.run('send', parameters, { node: { onError } });
		on.deliver();
		expect(writes()).toEqual([]);
		expect(texted()).toEqual([0, 0]);
		return { first: messages(run)[0], all: said(run) };
	};

	test('a contact without numbers', async () => {
		has();
		const { first, all } = await fails();
		expect(first).toBe(`Maria Santos (${CONTACT_ID}) has no phone number in Close`);
		expect(all).toContain("give a number in 'To'");
	});

	test('a contact whose numbers are all fax, or no whole numbers', async () => {
		has({ ...mobile, phone: '555 0101' }, { ...office, type: 'fax' });
		expect((await fails()).first).toBe(
			`No phone number of Maria Santos (${CONTACT_ID}) can be texted: 555 0101 is not a whole phone number; ${OFFICE} is a fax number`,
		);
	});

	test.each([
		['opted out on the mobile number, and has another', [blocked, office]],
		[
			'opted out on another number than the one to choose',
			[mobile, { ...office, outbound_sms_blocked: true }],
		],
	])('a person who %s: the opt-out is theirs', async (__, phones) => {
		has(...phones);
		const { first, all } = await fails();
		expect(first).toMatch(
			/^Maria Santos \(cont_maria0+\) must not be texted: Close has blocked SMS to \+1\d{10}, one of their numbers$/,
		);
		expect(all).toContain("give that number in 'To'");
	});

	test('a contact of whom Close does not say clearly whether the numbers are blocked', async () => {
		has({ ...mobile, outbound_sms_blocked: 'no' }, office);
		expect((await fails()).first).toMatch(/^It is not known whether .* is blocked$/);
	});

	test('a contact that is not there', async () => {
		const { first, all } = await fails(sending({}, GONE));
		expect(first).toBe(`Close has no contact ${GONE}, which 'To' names`);
		expect(all).toContain('merged');
	});

	test.each([
		['a number', MOBILE, "'To' is not the ID of a contact"],
		['a lead', 'lead_bluebird', "'To' is the ID of a lead, not of a contact"],
		['nothing', '={{ "" }}', "'To' is empty"],
	])('%s in place of a contact: before the first request', async (_, value, what) => {
		expect((await fails(sending({}, value))).first).toContain(what);
		expect(on.wire()).toEqual([]);
	});

	test('a contact that cannot be read', async () => {
		on.close.faults.order({
			kind: 'status',
			status: 403,
			match: { method: 'GET', path: '^/contact/' },
		});
		expect((await fails()).first).not.toBeUndefined();
	});
});

test.each(MISSHAPEN)('a card whose numbers are %s: in doubt nobody is texted', async (as) => {
	misshapes('phones', as);
	expect(said(await on.run('send', sending()))).toMatch(/does not show the phone numbers of/);
	expect(writes()).toEqual([]);
});

test.each(MISSHAPEN)(
	'a response whose ID is %s is not that contact: in doubt nobody is texted',
	async (as) => {
		misshapes('id', as, 99);
		expect(said(await on.run('send', sending({ options: { maxRetries: 0 } })))).not.toBe('');
		expect(writes()).toEqual([]);
	},
);

describe('options use the number that was chosen', () => {
	test.each<[string, INodeParameters]>([
		...LOOKING_UP,
		['If No Single Lead Matches', { unknownRecipient: 'error' }],
		['Wait Until Sent', { waitUntilSent: 5 }],
	])('%s', async (_, options) => {
		has(office, mobile);
		if (options.waitUntilSent) on.close.before({ method: 'GET', path: 'activity' }, on.deliver);
		const run = await on.run('send', sending({ options }));
		on.deliver();

		expect(said(run)).toBe('');
		expect(texted()).toEqual([1, 0]);
		expect(run.json[0]._note).toContain(`The mobile number ${MOBILE}`);
	});

	test.each<[string, INodeParameters]>([
		['Skip If Texted Within', { skipIfTextedWithin: 60 }],
		['Skip If Texted Anything Within', { skipIfTextedAnythingWithin: 60 }],
	])('%s: of several items of one contact the first is texted', async (_, options) => {
		has(office, mobile);
		const run = await on.run('send', sending({ options }), { items: [{}, {}, {}] });
		on.deliver();

		expect(said(run)).toBe('');
		expect(texted()).toEqual([1, 0]);
		expect(run.json).toHaveLength(3);
		for (const { _note } of run.json)
			expect(_note).toContain(`The mobile number ${MOBILE} of Maria Santos was chosen.`);
	});

	test('Check Opt-Out: a number that is blocked on the card of somebody else is not texted', async () => {
		has(office, mobile);
		on.close.somebody.changesContact('cont_olga000000000000000000', {
			phones: [blocked] as never,
		});
		const run = await on.run('send', sending({ options: { checkOptOut: true } }));
		on.deliver();

		expect(said(run)).toMatch(/must not be texted/);
		expect(texted()).toEqual([0, 0]);
		expect(writes()).toEqual([]);
	});

	test('Sending Hours: by the zone of the contact', async () => {
		on.close.somebody.changesContact(CONTACT_ID, {
			phones: [office, mobile] as never,
			timezone: 'America/New_York',
		});
		// Evening in New York, afternoon where the area code of the number is.
		itIs('2035-06-02T01:00:00Z');
		const hours = { hours: { from: '08:00', to: '20:00', outside: 'schedule' } };
		const { json, ...run } = await on.run('send', sending({ options: { sendingHours: hours } }));
		expect(said({ json, ...run })).toBe('');

		expect(json[0]).toMatchObject({ status: 'scheduled', remote_phone: MOBILE });
		expect(json[0]._note).toMatch(/New_York.*The mobile number|The mobile number.*New_York/);
	});
});

test('several items of one contact: it is read once, and each is texted', async () => {
	const run = await on.run('send', sending({ message: '={{ $json.n }}' }), {
		items: [{ n: 'one' }, { n: 'two' }, { n: 'three' }],
	});
	on.deliver();

	expect(said(run)).toBe('');
	expect(texted()).toEqual([3, 0]);
	expect(reads()).toHaveLength(1);
});

test.each<[string, INodeParameters]>([
	['at a time', at('2035-06-01T09:00:00Z')],
	['from a template', { messageType: 'template', templateId: 'smstmpl_thanks0000000000000000' }],
])('%s', async (_, more) => {
	has(office, mobile);
	const run = await on.run('send', sending(more));

	expect(said(run)).toBe('');
	expect(run.json[0]).toMatchObject({ remote_phone: MOBILE, contact_id: CONTACT_ID });
});

test('a lead and a contact that were given are kept', async () => {
	const olga = 'cont_olga000000000000000000';
	await on.run('send', sending({ additionalFields: { contactId: olga } }));
	expect(drafts()[0].body).toMatchObject({ contact_id: olga, remote_phone: MOBILE });
	expect(drafts()[0].body).not.toHaveProperty('lead_id');
});

describe('once a draft exists, no other number is chosen', () => {
	test.each<[string, unknown[]]>([
		['blocked', [blocked, office]],
		['gone', [office]],
		[
			'one of a person who opted out on another',
			[mobile, { ...office, outbound_sms_blocked: true }],
		],
		['one of which Close shows no others', [mobile, null]],
	])('the number is %s before a retry of the request: an error', async (_, phones) => {
		has(mobile, office);
		on.close.faults.order({ kind: 'status', status: 429, match: { method: 'PUT' } });
		on.close.before({ method: 'PUT' }, () => has(...phones));
		const run = await on.run('send', sending());
		on.deliver();

		expect(said(run)).toMatch(
			/no longer has the number|must not be texted|does not show the phone numbers/,
		);
		expect(texted()).toEqual([0, 0]);
	});

	const twice = { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } };
	/** The request that sends is carried out, and nobody hears of it in the first try; or it is refused, and the draft stays. */
	const lose = (what: 'response' | 'request', phones: unknown[]) => {
		has(mobile, office);
		const match = { method: 'PUT' };
		if (what === 'request') on.close.faults.order({ kind: 'status', status: 429, match });
		else {
			on.close.faults.order({ kind: 'resetAfter', match });
			on.close.faults.order({ kind: 'html', match: { method: 'GET', path: 'sms' }, times: 2 });
		}
		on.close.before(match, () => has(...phones));
	};

	test.each<[string, unknown[]]>([
		['blocked', [blocked, office]],
		['gone', [office]],
	])(
		'Retry On Fail: sent in the first try, the number is %s since: texted once, at one number',
		async (_, phones) => {
			lose('response', phones);
			await on.run('send', sending({ options: { maxRetries: 0 } }), twice);
			on.deliver();

			expect(texted()).toEqual([1, 0]);
			expect(drafts()).toHaveLength(1);
		},
	);

	test.each<[string, unknown[]]>([
		['blocked', [blocked, office]],
		['gone', [office]],
		[
			'one of a person who opted out on another',
			[mobile, { ...office, outbound_sms_blocked: true }],
		],
	])(
		'Retry On Fail: not sent in the first try, the number is %s since: no other is texted',
		async (_, phones) => {
			lose('request', phones);
			const run = await on.run('send', sending({ options: { maxRetries: 0 } }), twice);
			on.deliver();

			expect(said(run)).not.toBe('');
			expect(texted()).toEqual([0, 0]);
			expect(drafts()).toHaveLength(1);
		},
	);

	test('Retry On Fail: another number comes first by now: the draft keeps its own', async () => {
		lose('request', [{ ...office, type: 'mobile' }, mobile]);
		const run = await on.run('send', sending({ options: { maxRetries: 0 } }), twice);
		on.deliver();

		expect(texted()).toEqual([1, 0]);
		expect(drafts()).toHaveLength(1);
		expect(run.json[0]._note).toContain(`The mobile number ${MOBILE}`);
	});
});

test('an AI agent texts a contact by its ID, and is told the number', async () => {
	has(office, mobile);
	const run = await on.run(
		'send',
		sending({
			to: { __rl: true, mode: 'contact', value: "={{ $fromAI('contact') }}" },
			message: "={{ $fromAI('message') }}",
		}),
		{
			agentCalls: [
				{ contact: CONTACT_ID, message: 'Hi' },
				{ contact: GONE, message: 'Hi' },
			],
		},
	);
	on.deliver();

	expect(texted()).toEqual([1, 0]);
	expect(JSON.stringify(run.json[0])).toContain(`The mobile number ${MOBILE} of Maria Santos`);
	expect(JSON.stringify(run.json[1])).toContain(`Close has no contact ${GONE}`);
});

test.each<[string, INodeParameters]>([
	['alone', {}],
	['with Check Opt-Out', { checkOptOut: true }],
	['with Skip', { skipIfTextedAnythingWithin: 60 }],
	['with Sending Hours', { sendingHours: { hours: { from: '00:00', to: '24:00' } } }],
])('a dry run %s lists the read, and says that the number is not known', async (_, options) => {
	const { json, error } = await on.run('send', sending({ options: { dryRun: true, ...options } }));

	expect(error).toBeUndefined();
	expect(on.wire()).toEqual([]);
	expect((json[0].requests as Array<{ url: string }>)[0].url).toContain(`/contact/${CONTACT_ID}/`);
	expect(json[0]._note).toContain('one of its numbers chosen');
	expect(json[0].summary).toContain(`Would text {number of ${CONTACT_ID}} now`);
	expect(JSON.stringify(json)).not.toMatch(/toContactId|pickedContactId/);
});

test('Check Opt-Out: a person who opts out on another number before a retry is not texted', async () => {
	has(mobile, office);
	on.close.faults.order({ kind: 'status', status: 429, match: { method: 'PUT' } });
	on.close.before({ method: 'PUT' }, () => has(mobile, { ...office, outbound_sms_blocked: true }));
	const run = await on.run('send', sending({ options: { checkOptOut: true } }));
	on.deliver();

	expect(said(run)).toMatch(/must not be texted/);
	expect(texted()).toEqual([0, 0]);
});

test.each([
	['an expression in place of all of To', `={{ $json.id }}`],
	['the mode Number', byNumber(CONTACT_ID)],
	['the list', { __rl: true, mode: 'list', value: CONTACT_ID }],
])('the ID of a contact by %s: an error that says where it goes', async (_, to) => {
	const run = await on.run('send', sending({ to }), { items: [{ id: CONTACT_ID }] });

	expect(said(run)).toBe(
		`'To' is the ID of a contact, not a phone number: ${CONTACT_ID} Choose Contact in front of 'To', or give a number.`,
	);
	expect(on.wire()).toEqual([]);
});

test('a number in the mode Number is still one', async () => {
	await on.run('send', sending({ to: byNumber(OFFICE) }));
	on.deliver();
	expect(texted()).toEqual([0, 1]);
});
