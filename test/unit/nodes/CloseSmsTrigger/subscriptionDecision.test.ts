import fc from 'fast-check';
import type { SubscribedEvent } from '../../../../nodes/CloseSmsTrigger/events';
import {
	decideDuplicates,
	decideSubscription,
	getForeign,
	parseDuplicateIds,
	toFingerprint,
	type StoredSubscription,
	type Subscription,
} from '../../../../nodes/CloseSmsTrigger/subscriptionDecision';

const URL_OF_US = 'https://n8n.example/webhook/1/webhook';
const ELSEWHERE = 'https://staging.example/webhook/1/webhook';
const KEY = 'ab'.repeat(32);
const OTHER_KEY = 'cd'.repeat(32);

const events: SubscribedEvent[] = [
	{
		object_type: 'activity.sms',
		action: 'updated',
		extra_filter: { type: 'field_accessor', field: 'data', filter: { type: 'equals', value: 'x' } },
	},
];
const desired = { url: URL_OF_US, events };
const found = (more: object = {}): Subscription => ({
	id: 'whsub_1',
	url: URL_OF_US,
	status: 'active',
	events: [{ ...events[0] }],
	signature_key: KEY,
	...more,
});
const stored: StoredSubscription = {
	subscriptionId: 'whsub_1',
	url: URL_OF_US,
	signatureKey: KEY,
};

const keep = { action: 'keep', id: 'whsub_1', signatureKey: KEY };
const update = { ...keep, action: 'update' };
const replace = { action: 'replace', id: 'whsub_1' };
const create = { action: 'create' };
const createBeside = (url: string) => ({ action: 'create', foreign: { id: 'whsub_1', url } });

test.each<[string, StoredSubscription, Subscription | undefined, object]>([
	['nothing is stored', {}, undefined, create],
	['Close no longer has it', stored, undefined, create],
	['it is as desired', stored, found(), keep],
	['it is paused', stored, found({ status: 'paused' }), update],
	['another process is about to remove it', { ...stored, isLeaving: true }, found(), replace],
	['another process has removed it', { ...stored, isLeaving: true }, undefined, create],
	['it has other events', stored, found({ events: [] }), update],
	['it has more events', stored, found({ events: [...events, ...events] }), update],
	[
		'Close writes it in another order, and null for nothing',
		stored,
		found({
			events: [
				{
					verify: null,
					extra_filter: {
						filter: { value: 'x', type: 'equals' },
						field: 'data',
						type: 'field_accessor',
					},
					action: 'updated',
					object_type: 'activity.sms',
				},
			],
		}),
		keep,
	],
	[
		'Close writes the address in another way',
		stored,
		found({ url: URL_OF_US.replace('n8n.example', 'N8N.example:443') }),
		keep,
	],
	[
		'it was made for another address',
		{ ...stored, url: ELSEWHERE },
		found(),
		createBeside(ELSEWHERE),
	],
	[
		'it was made for another address and is gone',
		{ ...stored, url: ELSEWHERE },
		undefined,
		createBeside(ELSEWHERE),
	],
	['it was turned to another address', stored, found({ url: ELSEWHERE }), createBeside(ELSEWHERE)],
	[
		'it is for the same path at another address',
		{ ...stored, url: undefined },
		found({ url: ELSEWHERE }),
		createBeside(ELSEWHERE),
	],
	['its address is none', stored, found({ url: 'none' }), createBeside('none')],
	[
		'its key was changed at Close',
		stored,
		found({ signature_key: OTHER_KEY }),
		{ ...keep, signatureKey: OTHER_KEY },
	],
	['Close does not show its key', stored, found({ signature_key: undefined }), keep],
	['Close shows something else for its key', stored, found({ signature_key: '****' }), keep],
	['its key is missing here', { ...stored, signatureKey: undefined }, found(), keep],
	[
		'its key is missing here and at Close',
		{ ...stored, signatureKey: undefined },
		found({ signature_key: undefined }),
		replace,
	],
	[
		'its key is empty here and too short at Close',
		{ ...stored, signatureKey: '' },
		found({ signature_key: 'ab' }),
		replace,
	],
	[
		'its key is missing and it is for another address',
		{ subscriptionId: 'whsub_1' },
		found({ url: ELSEWHERE, signature_key: undefined }),
		createBeside(ELSEWHERE),
	],
])('%s', (_, storedBefore, shown, decision) => {
	expect(decideSubscription(storedBefore, shown, desired)).toEqual(decision);
});

test('whatever is stored and found, another address is never kept, changed or replaced', () => {
	const text = fc.constantFrom(undefined, '', KEY, OTHER_KEY);
	const url = fc.constantFrom(ELSEWHERE, `${URL_OF_US}/`, `${URL_OF_US}?x`, 'none', '');
	fc.assert(
		fc.property(text, url, text, (signatureKey, foundUrl, signature_key) => {
			const shown = found({ url: foundUrl, signature_key });
			const before = { ...stored, signatureKey };
			expect(decideSubscription(before, shown, desired).action).toBe('create');
			expect(decideDuplicates([shown], desired)).toEqual({ adopted: undefined, removed: [] });
		}),
	);
});

test.each<[string, StoredSubscription, object | undefined]>([
	['nothing', {}, undefined],
	['ours', stored, undefined],
	['an address without subscription', { url: ELSEWHERE }, undefined],
	['a subscription without address', { subscriptionId: 'whsub_1' }, undefined],
	['another', { ...stored, url: ELSEWHERE }, { id: 'whsub_1', url: ELSEWHERE }],
])('what is stored is %s', (_, storedBefore, foreign) => {
	expect(getForeign(storedBefore, URL_OF_US)).toEqual(foreign);
});

describe('duplicates', () => {
	const keyless = found({ id: 'whsub_keyless', signature_key: undefined });
	const paused = found({ id: 'whsub_paused', status: 'paused', signature_key: OTHER_KEY });
	const foreign = found({ id: 'whsub_foreign', url: ELSEWHERE });

	test.each<[string, Subscription[], object]>([
		['none', [], { adopted: undefined, removed: [] }],
		['one of ours', [found()], { adopted: { id: 'whsub_1', signatureKey: KEY }, removed: [] }],
		[
			'the first of ours stays',
			[paused, found()],
			{ adopted: { id: 'whsub_paused', signatureKey: OTHER_KEY }, removed: ['whsub_1'] },
		],
		[
			'the first whose key is shown',
			[keyless, found(), paused],
			{
				adopted: { id: 'whsub_1', signatureKey: KEY },
				removed: ['whsub_keyless', 'whsub_paused'],
			},
		],
		['no key is shown', [keyless], { adopted: undefined, removed: ['whsub_keyless'] }],
		['for another address', [foreign], { adopted: undefined, removed: [] }],
		[
			'for another address beside ours',
			[foreign, found()],
			{ adopted: { id: 'whsub_1', signatureKey: KEY }, removed: [] },
		],
	])('%s', (_, duplicates, decision) => {
		expect(decideDuplicates(duplicates, desired)).toEqual(decision);
	});
});

test.each<[unknown, string[]]>([
	[
		{ error: 'Duplicate active subscription. Existing duplicates are: whsub_a, whsub_b, whsub_a' },
		['whsub_a', 'whsub_b'],
	],
	[{ errors: ['duplicate active subscription: whsub_1X'] }, ['whsub_1X']],
	[{ 'field-errors': { url: 'Duplicate: whsub_a.' } }, ['whsub_a']],
	[{ error: 'Duplicate active subscription.' }, []],
	[{ error: 'whsub_a is not valid' }, []],
	['<html>', []],
	[undefined, []],
	[null, []],
])('the duplicates in %j', (body, ids) => {
	expect(parseDuplicateIds(body)).toEqual(ids);
});

test('the fingerprint tells every difference, and no order', () => {
	const other = { ...desired, url: ELSEWHERE };
	expect(toFingerprint(desired)).toBe(toFingerprint({ events, url: URL_OF_US }));
	expect(toFingerprint(desired)).not.toBe(toFingerprint(other));
	expect(toFingerprint(desired)).not.toBe(toFingerprint({ ...desired, events: [] }));
	expect(toFingerprint(desired)).toMatch(/^[\w-]{43}$/);
});
