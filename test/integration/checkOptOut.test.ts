import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';

const sms = setUpSms();
const BLOCKED = '+14155550104';
const FREE = '+14155550101';
const from = () => byNumber(sms.close.account.phoneNumbers.main.number);
const checking = (more: INodeParameters = {}) => ({
	options: { checkOptOut: true, ...more } as INodeParameters,
});
const MESSAGE = `${BLOCKED} must not be texted: Close has blocked SMS to this number`;

const draftTo = (remote_phone: string, more: object = {}) =>
	sms.close.addSms({
		text: 'Hello',
		local_phone: sms.close.account.phoneNumbers.main.number,
		remote_phone,
		...more,
	}).id;

/** Every operation that can text a person, to a number that is given by itself. */
const WAYS: Array<
	[
		string,
		(
			number: string,
			parameters: INodeParameters,
			options?: object,
		) => Promise<Awaited<ReturnType<typeof sms.run>>>,
	]
> = [
	[
		'send',
		async (number, parameters, options) =>
			await sms.run(
				'send',
				{ to: byNumber(number), from: from(), message: 'Hello', ...parameters },
				options,
			),
	],
	[
		'sendDraft',
		async (number, parameters, options) =>
			await sms.run('sendDraft', { smsId: byId(draftTo(number)), ...parameters }, options),
	],
	[
		'schedule',
		async (number, parameters, options) =>
			await sms.run(
				'schedule',
				{ smsId: byId(draftTo(number)), sendAt: '2036-01-01T09:00:00Z', ...parameters },
				options,
			),
	],
];

/** Close itself would take the text, and let it fail later. */
beforeEach(() => sms.close.setDoubts({ blockedRecipient: 'failLater' }));

const changes = () =>
	sms.close.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('/search/'));

describe.each(WAYS)('%s', (operation, send) => {
	test.each(ERROR_MODES)(
		'to a number that is blocked, on error %s: nothing is created, changed or sent',
		async (onError) => {
			const run = await send(BLOCKED, checking(), { node: { onError } });

			expect(messages(run)).toEqual([expect.stringContaining(MESSAGE)]);
			expect(changes()).toEqual([]);
		},
	);

	test('to another number: as without the option', async () => {
		const { error } = await send(FREE, checking());

		expect(error).toBeUndefined();
		sms.advancePast('2036-01-01T09:00:00Z');
		expect(sms.close.timesTexted(FREE)).toBe(1);
	});

	test('to a number that nobody in Close has: nobody is texted, since nothing is known of it', async () => {
		const { error } = await send('+14155550177', checking());

		expect(error?.message).toMatch(
			/^It is not known whether \+14155550177 may be texted: no contact in Close has this number/,
		);
		expect(changes()).toEqual([]);
	});

	test('where Close cannot be asked nobody is texted', async () => {
		sms.close.faults.order({
			kind: 'status',
			status: 403,
			times: 10,
			match: { path: '/data/search/' },
		});
		const { error } = await send(FREE, checking());

		expect(error?.message).toMatch(
			/^It is not known whether \+14155550101 may be texted: Close refused this: /,
		);
		expect(changes()).toEqual([]);
	});

	test('off: nothing is looked up for it, and a block that is seen for another reason counts', async () => {
		const { error } = await send(BLOCKED, { options: { checkOptOut: '={{ "false" }}' } });
		// Send looks up the lead that has the number.
		const isSeen = sms.wire().some(({ path }) => path.includes('/search/'));

		expect(isSeen).toBe(operation === 'send');
		expect(error?.message).toEqual(isSeen ? expect.stringContaining(MESSAGE) : undefined);
		expect(sms.wire().some(({ path }) => path.includes('/contact/'))).toBe(false);
	});

	test('an expression that is neither true nor false is an error before any request', async () => {
		const { error } = await send(FREE, { options: { checkOptOut: '={{ "maybe" }}' } });

		expect(error?.message).toBe("'Check Opt-Out' is neither true nor false: maybe");
		expect(sms.wire()).toEqual([]);
	});

	test('a dry run says what it would read', async () => {
		const { json } = await send(FREE, checking({ dryRun: true }));

		expect(sms.wire()).toEqual([]);
		expect(json[0]._note).toMatch(/this assumes that they have the number and may be texted/);
	});
});

test('a given contact without numbers is no sign that the number may be texted', async () => {
	const contactId = 'cont_olga000000000000000000';
	sms.close.somebody.changesContact(contactId, { phones: [] });
	const { error } = await sms.run('send', {
		to: byNumber(BLOCKED),
		from: from(),
		message: 'Hello',
		additionalFields: { contactId: byId(contactId) },
		...checking(),
	});

	expect(error?.message).toMatch(/no contact in Close has this number/);
	expect(changes()).toEqual([]);
});

test('a text that is scheduled already: it still goes out, and that is said', async () => {
	const id = draftTo(BLOCKED, { status: 'scheduled', date_scheduled: '2036-01-01T09:00:00+00:00' });
	const { error } = await sms.run('schedule', {
		smsId: byId(id),
		sendAt: '2036-02-01T09:00:00Z',
		...checking(),
	});

	expect(error?.message).toContain(
		`${MESSAGE}. This SMS is scheduled for 2036-01-01T09:00:00Z; Cancel stops it`,
	);
	expect(sms.close.sms(id)?.status).toBe('scheduled');
});

test('all are looked up in one search, and a block that is seen counts for an item that does not ask too', async () => {
	const items = [FREE, BLOCKED, BLOCKED, '+14155550102'].map((to, n) => ({ to, check: n !== 2 }));
	const run = await sms.run(
		'send',
		{
			to: byNumber('={{ $json.to }}'),
			from: from(),
			message: 'Hello',
			options: { checkOptOut: '={{ $json.check }}' },
		},
		{ items, node: { onError: 'continueRegularOutput' } },
	);

	expect(messages(run).map((message) => message?.includes('must not be texted') ?? false)).toEqual([
		false,
		true,
		true,
		false,
	]);
	expect(sms.wire().filter(({ path }) => path.includes('/search/'))).toHaveLength(1);
});

test('in Stop mode a blocked number stops the run there', async () => {
	const items = [FREE, BLOCKED, '+14155550102'].map((to) => ({ to }));
	const { error } = await sms.run(
		'send',
		{
			to: byNumber('={{ $json.to }}'),
			from: from(),
			message: 'Hello',
			...checking({ maxConcurrency: 1 }),
		},
		{ items },
	);

	expect(error?.message).toMatch(/\[item 1\]/);
	sms.deliver();
	expect(sms.close.timesTexted('+14155550102')).toBe(0);
});

describe.each(['missing', 'null', 'number', 'object'] as const)(
	'a draft whose number Close shows as %s: it is not known whom it goes to, and nobody is texted',
	(as) => {
		const hours = { from: '00:00', to: '24:00', zone: 'recipient' };
		test.each<[string, INodeParameters]>([
			['Check Opt-Out', { checkOptOut: true }],
			['Sending Hours', { sendingHours: { hours } }],
		])('with %s', async (_, options) => {
			const id = draftTo(FREE);
			sms.close.faults.order({
				kind: 'altered',
				match: { method: 'GET', path: id },
				misshape: { at: 'remote_phone', as },
			});
			const run = await sms.run('sendDraft', { smsId: byId(id), options });
			sms.deliver();

			expect(messages(run)[0]).toMatch(/^It is not known whom this SMS goes to/);
			expect(sms.close.texted).toEqual([]);
		});
	},
);
