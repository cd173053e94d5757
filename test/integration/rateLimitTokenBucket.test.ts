import type { INodeParameters } from 'n8n-workflow';
import type { RateLimitSetting } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';
import { byId } from '../../dev/locators';
import { setUpSms } from './setUpSms';

const sms = setUpSms();

const update = async (items: Array<{ id: string }>, options: INodeParameters = {}) =>
	await sms.run(
		'update',
		{ smsId: byId('={{ $json.id }}'), updateFields: { text: 'New' }, options },
		{ items },
	);

const unchanged = (items: Array<{ id: string }>) =>
	items.filter(({ id }) => sms.close.sms(id)?.text !== 'New');

/** So many updates of somebody else with the same key, one after the other. */
const otherUpdates = async (count: number) => {
	const { draft } = sms.close.account.texts;
	for (let n = 0; n < count; n++)
		await clientOf(sms.close).put(`/activity/sms/${draft.id}/`, { text: `Other ${n}` });
};

/** On a whole second, as Close's windows begin. */
const nextSecond = () => sms.close.clock.advance(1000 - (sms.close.clock.now().getTime() % 1000));

test.each<[string, RateLimitSetting]>([
	['a window of 5 s', { throttle: { rps: 2, window: 5 } }],
	['semicolons', { throttle: { rps: 6, window: 2 }, separator: '; ' }],
	['whole seconds', { throttle: { rps: 6, window: 2 }, reset: 'roundedUp' }],
	['more left than the limit', { throttle: { rps: 2, window: 2, burst: 3 } }],
])('with %s: none is refused, and all are done', async (_, setting) => {
	const items = sms.drafts(16);
	sms.close.rateLimit.set(setting);
	const { error } = await update(items);

	expect(error).toBeUndefined();
	expect(unchanged(items)).toEqual([]);
	expect(sms.close.rateLimit.refused).toBe(0);
});

test('a run that starts in the middle of a window, of which another has left little', async () => {
	const items = sms.drafts(12);
	sms.close.rateLimit.set({ throttle: { rps: 6, window: 2 } });
	nextSecond();
	await otherUpdates(11);
	sms.close.clock.advance(900);
	const { error } = await update(items);

	expect(error).toBeUndefined();
	expect(unchanged(items)).toEqual([]);
	// Two are sent before the first response tells what is left.
	expect(sms.close.rateLimit.refused).toBeLessThanOrEqual(1);
});

test('a run that starts when nothing is left waits for the end of the window', async () => {
	const items = sms.drafts(12);
	sms.close.rateLimit.set({ throttle: { rps: 6, window: 2 } });
	nextSecond();
	await otherUpdates(12);
	const { error } = await update(items);

	expect(error).toBeUndefined();
	expect(unchanged(items)).toEqual([]);
	expect(sms.close.rateLimit.refused).toBeLessThanOrEqual(2);
});

test('two nodes with one key share the bucket: none gives up, and few are refused', async () => {
	const items = sms.drafts(48);
	sms.close.rateLimit.set({ throttle: { rps: 6, window: 2 } });
	const runs = await Promise.all([update(items.slice(0, 24)), update(items.slice(24))]);

	expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
	expect(unchanged(items)).toEqual([]);
	expect(sms.close.rateLimit.refused).toBeLessThan(24);
});

test('POST and PUT in one bucket, which the header tells of both: none gives up', async () => {
	const items = sms.drafts(12);
	sms.close.rateLimit.set({ throttle: { rps: 6, window: 2 }, groups: 'writesTogether' });
	const { contacts, phoneNumbers } = sms.close.account;
	const create = sms.run(
		'create',
		{
			mode: 'draft',
			remotePhone: contacts.maria.phones[0].phone,
			localPhone: byId(phoneNumbers.main.number),
			messageType: 'text',
			text: 'New',
		},
		{ items: sms.drafts(12) },
	);
	const [created, updated] = await Promise.all([create, update(items)]);

	expect([created.error, updated.error]).toEqual([undefined, undefined]);
	expect(created.json).toHaveLength(12);
	expect(unchanged(items)).toEqual([]);
	expect(sms.close.rateLimit.refused).toBeLessThan(12);
});
