import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { CONTACT_ID, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550101';
const OTHER = '+14155550177';
const LOCAL = '+14155550100';
const PUT = { method: 'PUT' };
const options = { checkOptOut: true };

const draft = () =>
	on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: LOCAL, contact_id: CONTACT_ID });

/** Both numbers are the contact's. */
const hasBoth = () =>
	on.close.somebody.changesContact(CONTACT_ID, {
		phones: [PHONE, OTHER].map((phone) => ({ phone, type: 'mobile' })) as never,
	});

const WAYS: Array<[string, () => [string, INodeParameters]]> = [
	['Send', () => ['send', { ...sendTo(PHONE, 'Hi'), options }]],
	['Send Draft', () => ['sendDraft', { smsId: byId(draft().id), options }]],
	[
		'Schedule',
		() => ['schedule', { smsId: byId(draft().id), sendAt: '2035-06-01T17:00:00Z', options }],
	],
];

describe.each(WAYS)('%s asks again whether the person may be texted', (_, make) => {
	test.each(ERROR_MODES)('before a retry, on error: %s', async (onError) => {
		hasBoth();
		on.close.after(PUT, () => on.close.somebody.blocks(PHONE));
		on.close.faults.order({ kind: 'status', status: 503, match: PUT });
		const run = await on.run(...make(), { node: { onError } });
		on.advancePast('2035-06-01T17:00:00Z');

		expect(said(run)).toMatch(/must not be texted/);
		expect(on.close.texted).toEqual([]);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('when it was asked more than a minute ago, since Close was busy', async () => {
		hasBoth();
		on.close.after({ path: 'search' }, () => on.close.somebody.blocks(PHONE));
		const [operation, parameters] = make();
		// The window of Close's limit for changes is used up for a while.
		on.close.faults.order({
			kind: 'status',
			status: 429,
			headers: { ratelimit: 'limit=9, remaining=0, reset=80' },
			match: { method: operation === 'send' ? 'POST' : 'PUT', path: '^/activity/sms/' },
		});
		const run = await on.run(operation, parameters);
		on.advancePast('2035-06-01T17:00:00Z');

		expect(said(run)).toMatch(/must not be texted/);
		expect(on.close.texted).toEqual([]);
	});
});

test.each(ERROR_MODES)(
	'Send Draft: somebody gave the draft a blocked number before a retry, on error: %s: nobody is texted',
	async (onError) => {
		hasBoth();
		const { id } = draft();
		on.close.somebody.blocks(OTHER);
		on.close.after(PUT, () => on.close.somebody.edits(id, { remote_phone: OTHER }));
		on.close.faults.order({ kind: 'status', status: 503, match: PUT });
		const run = await on.run('sendDraft', { smsId: byId(id), options }, { node: { onError } });
		on.deliver();

		expect(said(run)).toMatch(/^This SMS may have been sent.* a draft now that was changed/);
		expect(on.close.texted).toEqual([]);
	},
);
