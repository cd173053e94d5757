import type { INodeParameters } from 'n8n-workflow';
import { CONTACT_ID, ERROR_MODES, messages, said, sendTo, setUpSms } from './setUpSms';

const on = setUpSms();
const PHONE = '+14155550101';
const OTHER = '+14155550177';

/** A person who was picked from the list, perhaps long ago. */
const picked = (more: INodeParameters = {}, value = `${CONTACT_ID}|${PHONE}`): INodeParameters => ({
	...sendTo(PHONE, 'Hi'),
	to: { __rl: true, mode: 'list', value },
	additionalFields: {},
	...more,
});
const changes = () =>
	on.close.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('search'));
const reads = () => on.wire().filter(({ path }) => path.startsWith('/contact/'));
const gets = (phone: string) =>
	on.close.somebody.changesContact(CONTACT_ID, { phones: [{ phone, type: 'mobile' }] as never });

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
		expect(changes()).toEqual([]);
	});

	test.each<[string, INodeParameters]>([
		['by an expression', { to: `=${CONTACT_ID}|${PHONE}` }],
		['at a time', { when: 'at', sendAt: '2035-06-01T09:00:00Z' }],
		['from a template', { messageType: 'template', templateId: 'smstmpl_thanks0000000000000000' }],
		['with Check Opt-Out', { options: { checkOptOut: true } }],
		['with Skip', { options: { skipIfTextedWithin: 60 } }],
		['with another contact', { additionalFields: { contactId: 'cont_olga000000000000000000' } }],
	])('%s: likewise', async (_, more) => {
		gets(OTHER);
		const run = await on.run('send', picked(more));

		expect(said(run)).toMatch(/no longer has the number/);
		expect(changes()).toEqual([]);
	});

	test('deleted or merged: an error that says so', async () => {
		const run = await on.run('send', picked({}, `cont_gone0000000000000000000|${PHONE}`));

		expect(said(run)).toMatch(/^Close has no contact cont_gone0+ anymore/);
		expect(changes()).toEqual([]);
	});

	test.each(['missing', 'null', 'number', 'object'] as const)(
		'a card whose numbers are %s: in doubt nobody is texted',
		async (as) => {
			on.close.faults.order({
				kind: 'altered',
				match: { method: 'GET', path: '^/contact/' },
				misshape: { at: 'phones', as },
			});
			const run = await on.run('send', picked());

			expect(said(run)).toMatch(/It is not known whether .* still has the number/);
			expect(changes()).toEqual([]);
		},
	);

	test('it changes before a retry: asked again, and the draft is deleted or named', async () => {
		on.close.faults.order({ kind: 'status', status: 429, match: { method: 'PUT' } });
		on.close.before({ method: 'PUT' }, () => gets(OTHER));
		const run = await on.run('send', picked());
		on.deliver();

		expect(said(run)).toMatch(/no longer has the number/);
		expect(on.close.timesTexted(PHONE)).toBe(0);
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
	expect(on.close.timesTexted(PHONE)).toBe(3);
	expect(reads()).toHaveLength(1);
});

test.each<[string, INodeParameters]>([
	['Check Opt-Out', { checkOptOut: true }],
	['Skip If Texted Within', { skipIfTextedWithin: 60 }],
	['Skip If Texted Anything Within', { skipIfTextedAnythingWithin: 60 }],
	['Skip Numbers That Failed', { skipNumbersThatFailed: true }],
])('with %s, which looks the number up anyway, no contact is read', async (_, options) => {
	const run = await on.run('send', picked({ options }));
	on.deliver();

	expect(said(run)).toBe('');
	expect(on.close.timesTexted(PHONE)).toBe(1);
	expect(reads()).toEqual([]);
});

test('a dry run lists the read, and says what it assumes', async () => {
	const { json } = await on.run('send', picked({ options: { dryRun: true } }));

	expect(on.wire()).toEqual([]);
	expect((json[0].requests as Array<{ url: string }>)[0].url).toMatch(/\/contact\/cont_maria/);
	expect(json[0]._note).toMatch(/this assumes that it still has the number/);
	expect(JSON.stringify(json)).not.toContain('pickedContactId');
});
