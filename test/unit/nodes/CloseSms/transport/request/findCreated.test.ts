import type { IDataObject } from 'n8n-workflow';
import {
	findCreated,
	toCreatedQuery,
	wasThereBefore,
} from '../../../../../../nodes/CloseSms/transport/request/findCreated';

const START = Date.parse('2026-12-01T09:00:00.250Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
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
	...more,
});

const find = (
	data: unknown,
	{
		body = BODY,
		more = {},
		taken = [] as string[],
	}: { body?: IDataObject; more?: IDataObject; taken?: string[] } = {},
) =>
	findCreated(body, { data, has_more: false, ...more } as IDataObject, START, (id) =>
		taken.includes(id),
	);

describe('what a create without a response created', () => {
	test('the one text that is as it was to be', () => {
		const others = [
			sms({ id: 'acti_2', text: 'Ho' }),
			sms({ id: 'acti_3', remote_phone: '+14155550178' }),
			sms({ id: 'acti_4', local_phone: '+12065550111' }),
			sms({ id: 'acti_5', status: 'sent' }),
			sms({ id: 'acti_6', template_id: 'smstmpl_1' }),
			sms({ id: 'acti_7', attachments: [PDF] }),
			sms({ id: 'acti_8', date_created: at(-2.001) }),
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

	test('Close dates it by a clock that is two seconds behind', () => {
		const found = sms({ date_created: at(-2) });
		expect(find([found])).toEqual({ result: 'created', sms: found });
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
		expect(find(data, { more })).toMatchObject({ result: 'unclear' });
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
		expect(find([{ ...found, date_updated: at(-3) }], { body })).toEqual({ result: 'notCreated' });
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
		['within the tolerance of the clocks', BODY, sms({ date_created: at(-2) }), false],
		['created before', BODY, sms({ date_created: at(-2.001) }), true],
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
