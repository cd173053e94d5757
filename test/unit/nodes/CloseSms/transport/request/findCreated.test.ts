import type { IDataObject } from 'n8n-workflow';
import {
	findCreated,
	isCovered,
	listCandidates,
	toCreatedQuery,
	wasThereBefore,
} from '../../../../../../nodes/CloseSms/transport/request/findCreated';

const START = Date.parse('2026-12-01T09:00:00.250Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const ME = 'user_me';
const PDF = { filename: 'a.pdf', content_type: 'application/pdf' };

const BODY = {
	status: 'draft',
	text: 'Hi',
	remote_phone: '+14155550177',
	local_phone: '+14155550100',
};

const sms = (more: IDataObject = {}): IDataObject => ({
	...BODY,
	id: 'acti_1',
	template_id: null,
	date_created: at(0.1),
	date_updated: at(0.1),
	date_scheduled: null,
	attachments: [],
	created_by: ME,
	...more,
});

/** What the list shows, as far as it can be read. */
const find = (
	data: unknown,
	{
		body = BODY,
		more = {},
		taken = [] as string[],
		userId = ME as string | undefined,
	}: { body?: IDataObject; more?: IDataObject; taken?: string[]; userId?: string } = {},
) => {
	const create = { body, startedAt: START };
	const list = { data, has_more: false, ...more } as IDataObject;
	const candidates = listCandidates(create, list, (id) => taken.includes(id));
	return candidates && findCreated(create, candidates, userId);
};

describe('what a create without a response created', () => {
	test('the one text that is as it was to be', () => {
		const others = [
			sms({ id: 'acti_2', text: 'Ho' }),
			sms({ id: 'acti_3', remote_phone: '+14155550178' }),
			sms({ id: 'acti_4', local_phone: '+12065550111' }),
			sms({ id: 'acti_5', status: 'sent' }),
			sms({ id: 'acti_6', template_id: 'smstmpl_1' }),
			sms({ id: 'acti_7', attachments: [PDF] }),
			sms({ id: 'acti_8', date_created: at(-30.001) }),
			sms({ id: 'acti_9', date_created: 'soon' }),
		];
		expect(find([...others, sms()])).toEqual({ result: 'created', sms: sms() });
		expect(find(others)).toEqual({ result: 'notCreated' });
	});

	test.each<[string, unknown]>([
		['nothing', []],
		['an entry that is none', [null]],
	])('%s in the list: not created', (_, data) => {
		expect(find(data)).toEqual({ result: 'notCreated' });
	});

	test.each([-0.001, -30])(
		'%d seconds before the request began: a clock of Close may be behind, or it is older',
		(seconds) => {
			const found = sms({ date_created: at(seconds) });
			expect(find([found])).toEqual({ result: 'unclear', ids: ['acti_1'] });
			expect(find([found, sms({ id: 'acti_2' })])).toMatchObject({ result: 'unclear' });
		},
	);

	test('as the request began', () => {
		const found = sms({ date_created: at(0) });
		expect(find([found])).toEqual({ result: 'created', sms: found });
	});

	test("somebody else's is another one", () => {
		const other = sms({ id: 'acti_2', created_by: 'user_other' });
		expect(find([other, sms()])).toEqual({ result: 'created', sms: sms() });
		expect(find([other])).toEqual({ result: 'notCreated' });
	});

	test.each<[string, unknown]>([
		['nobody', null],
		['an empty text', ''],
		['a number', 7],
	])('%s made it: nobody can say whether it is it', (_, created_by) => {
		const found = sms({ created_by: created_by as never });
		expect(find([found])).toEqual({ result: 'unclear', ids: ['acti_1'] });
		expect(find([found, sms({ id: 'acti_2' })])).toMatchObject({ result: 'unclear' });
	});

	test('whose key it is is not known: nobody can say whether it is it', () => {
		const candidates = listCandidates(
			{ body: BODY, startedAt: START },
			{ data: [sms()] },
			() => false,
		)!;
		expect(findCreated({ body: BODY, startedAt: START }, candidates, undefined)).toEqual({
			result: 'unclear',
			ids: ['acti_1'],
		});
	});

	test('it is to be the SMS of a user, who may have made it: nobody can say', () => {
		const body = { ...BODY, user_id: 'user_other' };
		const found = sms({ user_id: 'user_other', created_by: 'user_other' });
		expect(find([found], { body })).toEqual({ result: 'unclear', ids: ['acti_1'] });
		const own = sms({ user_id: 'user_other' });
		expect(find([own], { body })).toEqual({ result: 'created', sms: own });
	});

	test('two of them: nobody can say which', () => {
		expect(find([sms(), sms({ id: 'acti_2' })])).toEqual({
			result: 'unclear',
			ids: ['acti_1', 'acti_2'],
		});
	});

	test('one of two belongs to another item: it is the other', () => {
		const found = sms({ id: 'acti_2' });
		expect(find([sms(), found], { taken: ['acti_1'] })).toEqual({ result: 'created', sms: found });
	});

	test.each<[string, unknown, IDataObject]>([
		['there is more than was read', [sms()], { has_more: true }],
		['there is more, and none so far', [], { has_more: true }],
		['no list', undefined, {}],
	])('%s: nobody can say', (_, data, more) => {
		expect(find(data, { more })).toBeUndefined();
	});

	test('a template: the words are not known, its ID is', () => {
		const body = { ...BODY, text: undefined, template_id: 'smstmpl_1' };
		const found = sms({ text: 'Hi Ann', template_id: 'smstmpl_1' });
		expect(find([sms(), found], { body })).toEqual({ result: 'created', sms: found });
	});

	test('no words were asked for', () => {
		const body = { status: 'draft', attachments: [PDF], remote_phone: BODY.remote_phone };
		const found = sms({ text: null, attachments: [PDF] });
		expect(find([sms({ attachments: [PDF] }), found], { body })).toEqual({
			result: 'created',
			sms: found,
		});
	});

	test('a record that is back-dated: when it last changed says whether it is new', () => {
		const dated = '2025-01-02T03:04:05Z';
		const body = { ...BODY, status: 'sent', date_created: dated };
		const found = sms({ status: 'sent', date_created: dated });
		expect(find([found], { body })).toEqual({ result: 'created', sms: found });
		expect(find([{ ...found, date_updated: at(-31) }], { body })).toEqual({ result: 'notCreated' });
	});
});

describe('what is asked for', () => {
	test('a minute more than since it began, in whole seconds', () => {
		expect(toCreatedQuery(BODY, START)).toEqual({
			date_created__gte: '2026-12-01T08:59:00.000Z',
			_limit: 100,
		});
	});

	test('of the lead only, where there is one', () => {
		expect(toCreatedQuery({ ...BODY, lead_id: 'lead_1' }, START)).toMatchObject({
			lead_id: 'lead_1',
		});
	});

	test('a record that is back-dated, at its date', () => {
		const body = { ...BODY, date_created: '2025-01-02T03:04:05.5+01:00' };
		expect(toCreatedQuery(body, START)).toEqual({
			date_created__gte: '2025-01-02T02:04:05.000Z',
			date_created__lt: '2025-01-02T02:04:06.500Z',
			_limit: 100,
		});
	});
});

describe('an SMS that was there before a request that was to create it', () => {
	test.each<[string, IDataObject, IDataObject, boolean]>([
		['created in time', BODY, sms({ date_created: at(0) }), false],
		['within the tolerance of the clocks', BODY, sms({ date_created: at(-30) }), false],
		['created before', BODY, sms({ date_created: at(-30.001) }), true],
		['without a date', BODY, sms({ date_created: null }), false],
		['back-dated', { ...BODY, date_created: at(-99) }, sms({ date_created: at(-99) }), false],
		[
			'back-dated, and changed before',
			{ ...BODY, date_created: at(-99) },
			sms({ date_created: at(-99), date_updated: at(-50) }),
			true,
		],
	])('%s', (_, body, found, expected) => {
		expect(wasThereBefore(body, found, START)).toBe(expected);
	});
});

test.each([
	[-1, true],
	[30, true],
	[30.001, false],
])(
	'a clock of ours that is %d seconds ahead: all that counts was asked for: %s',
	(ahead, isAll) => {
		expect(isCovered(START + ahead * 1000, START)).toBe(isAll);
	},
);
