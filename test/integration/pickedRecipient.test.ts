import type { INodeParameters } from 'n8n-workflow';
import { LOOKING_UP, MISSHAPEN, MOBILE, sendByCard, setUpCard } from './setUpCard';
import { CONTACT_ID, ERROR_MODES, messages, said, setUpSms } from './setUpSms';

const on = setUpSms();
const { has, misshapes, writes, reads } = setUpCard(on);
const OTHER = '+14155550177';

/** A person who was picked from the list, perhaps long ago. */
const picked = (more?: INodeParameters, value = `${CONTACT_ID}|${MOBILE}`) =>
	sendByCard('list', value, more);
const gets = (phone: string) => has({ phone, type: 'mobile' });

describe('a person who was picked and has another number by now', () => {
	test.each(ERROR_MODES)('on error %s: nothing is made, nobody is texted', async (onError) => {
		gets(OTHER);
		const run = await on.run('send', picked(), { node: { onError } });
		on.deliver();

		expect(messages(run)).toEqual([
			expect.stringMatching(
				/^Maria.* \(cont_maria0+\) no longer has the number \+14155550101 in Close/,
			),
		]);
		expect(said(run)).toContain("Choose the person again in 'To'.");
		expect(writes()).toEqual([]);
	});

	test.each<[string, INodeParameters]>([
		['by an expression', { to: `=${CONTACT_ID}|${MOBILE}` }],
		['at a time', { when: 'at', sendAt: '2035-06-01T09:00:00Z' }],
		['from a template', { messageType: 'template', templateId: 'smstmpl_thanks0000000000000000' }],
		['with Check Opt-Out', { options: { checkOptOut: true } }],
		['with Skip', { options: { skipIfTextedWithin: 60 } }],
		['with another contact', { additionalFields: { contactId: 'cont_olga000000000000000000' } }],
	])('%s: likewise', async (_, more) => {
		gets(OTHER);
		const run = await on.run('send', picked(more));

		expect(said(run)).toMatch(/no longer has the number/);
		expect(writes()).toEqual([]);
	});

	test('deleted or merged: an error that says so', async () => {
		const run = await on.run('send', picked({}, `cont_gone0000000000000000000|${MOBILE}`));

		expect(said(run)).toMatch(/^Close has no contact cont_gone0+ anymore/);
		expect(writes()).toEqual([]);
	});

	test.each(MISSHAPEN)('a card whose numbers are %s: in doubt nobody is texted', async (as) => {
		misshapes('phones', as);
		const run = await on.run('send', picked());

		expect(said(run)).toMatch(/It is not known whether .* still has the number/);
		expect(writes()).toEqual([]);
	});

	test('it changes before a retry: asked again, and the draft is deleted or named', async () => {
		on.close.faults.order({ kind: 'status', status: 429, match: { method: 'PUT' } });
		on.close.before({ method: 'PUT' }, () => gets(OTHER));
		const run = await on.run('send', picked());
		on.deliver();

		expect(said(run)).toMatch(/no longer has the number/);
		expect(on.close.timesTexted(MOBILE)).toBe(0);
	});
});

test('a person who has the number still is read once for all items, and texted', async () => {
	const run = await on.run(
		'send',
		{ ...picked(), message: '={{ $json.n }}' },
		{
			items: [{ n: 'one' }, { n: 'two' }, { n: 'three' }],
		},
	);
	on.deliver();

	expect(said(run)).toBe('');
	expect(on.close.timesTexted(MOBILE)).toBe(3);
	expect(reads()).toHaveLength(1);
});

test.each(LOOKING_UP)(
	'with %s, which looks the number up anyway, no contact is read',
	async (_, options) => {
		const run = await on.run('send', picked({ options }));
		on.deliver();

		expect(said(run)).toBe('');
		expect(on.close.timesTexted(MOBILE)).toBe(1);
		expect(reads()).toEqual([]);
	},
);

test('a dry run lists the read, and says what it assumes', async () => {
	const { json } = await on.run('send', picked({ options: { dryRun: true } }));

	expect(on.wire()).toEqual([]);
	expect((json[0].requests as Array<{ url: string }>)[0].url).toMatch(/\/contact\/cont_maria/);
	expect(json[0]._note).toMatch(/this assumes that it still has the number/);
	expect(JSON.stringify(json)).not.toContain('pickedContactId');
});
