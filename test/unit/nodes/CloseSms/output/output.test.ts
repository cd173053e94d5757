import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { excerpt } from '../../../../../nodes/CloseSms/listSearch/excerpt';
import { describeStatus } from '../../../../../nodes/shared/describeStatus';
import {
	parseSelectedFields,
	shapeOutput,
} from '../../../../../nodes/CloseSms/output/outputProperties';
import { addMessageInfo } from '../../../../../nodes/CloseSms/output/messageInfo';
import { withNote } from '../../../../../nodes/CloseSms/output/withNote';
import { SMS_FIELDS, type SmsActivity } from '../../../../../nodes/shared/closeTypes';
import { simplifySms } from '../../../../../nodes/shared/simplifySms';
import { fakeContext } from '../../../fakeContext';

const TIME = '2026-12-01T09:00:00Z';

describe('what has become of a text', () => {
	const say = (status: string, more: IDataObject = {}) =>
		describeStatus({ status, ...more } as SmsActivity, 'America/New_York');

	test.each<[string, IDataObject, string]>([
		['draft', {}, 'is a draft'],
		['scheduled', { date_scheduled: TIME }, 'is scheduled for 2026-12-01T04:00:00-05:00'],
		['scheduled', { date_scheduled: null }, 'is scheduled, and Close shows no time for it'],
		['scheduled', {}, 'is scheduled, and Close shows no time for it'],
		['outbox', {}, 'is in the outbox, about to go out'],
		['sent', { date_sent: TIME }, 'was sent at 2026-12-01T04:00:00-05:00'],
		['sent', { date_sent: null }, 'was sent'],
		['inbox', {}, 'was received'],
		['error', { error_message: 'Landline.' }, 'did not go out (Landline.)'],
		['error', { error_message: null }, 'did not go out (Close gives no reason)'],
		['error', { error_message: '' }, 'did not go out (Close gives no reason)'],
		['new_status', {}, 'has the status new_status'],
	])('%s %j: %s', (status, more, words) => {
		expect(say(status, more)).toBe(words);
	});

	test.each<[string, string]>([
		['See you at nine', 'Filtered: See you at nine'],
		['Hi', 'Filtered: "See you at nine"'],
	])('its words do not stand there: %j in %j', (text, error_message) => {
		expect(say('error', { text, error_message })).not.toContain('See you at nine');
	});
});

describe('the output', () => {
	const SMS = { id: 'acti_1', status: 'sent', text: 'Hi', cost: '1', lead_id: null };
	const shape = async (parameters: IDataObject, json: IDataObject = SMS) =>
		(await shapeOutput.call(fakeContext({ parameters }), [{ json, pairedItem: { item: 3 } }]))[0];

	test('raw is the whole activity, and the default', async () => {
		expect((await shape({ output: 'raw' })).json).toEqual(SMS);
		expect((await shape({})).json).toEqual(SMS);
	});

	test('raw comes in the order in which a person reads: what, whom, when, which, the rest', async () => {
		const all = Object.fromEntries(SMS_FIELDS.map((field) => [field, field]));
		const shaped = (await shape({ output: 'raw' }, all)).json;
		expect(shaped).toEqual(all);
		expect(Object.keys(shaped).slice(0, 12)).toEqual([
			...['direction', 'status', 'text', 'error_message', 'remote_phone', 'local_phone'],
			...['user_name', 'date_sent', 'date_scheduled', 'activity_at', 'id', 'lead_id'],
		]);
		const [{ json }] = withNote([{ json: shaped }], 'Done.');
		expect(Object.keys(json).slice(0, 2)).toEqual(['_note', 'direction']);
	});

	test('simplified is the ten most useful fields, as far as they are there', async () => {
		const ofClose = {
			direction: 1,
			status: 2,
			text: 3,
			remote_phone: 4,
			local_phone: 5,
			id: 7,
			lead_id: 8,
			contact_id: 9,
			error_message: 10,
		};
		const { json } = await shape({ output: 'simplified' }, { cost: '1', date_sent: 6, ...ofClose });
		expect(json).toEqual({ ...ofClose, time: 6 });
		expect(Object.values(json)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect((await shape({ output: 'simplified' })).json).toEqual({
			id: 'acti_1',
			status: 'sent',
			text: 'Hi',
			lead_id: null,
			time: null,
		});
		expect(simplifySms(SMS)).toEqual((await shape({ output: 'simplified' })).json);
	});

	const [CREATED, HAPPENED, SENT] = ['2026-01-01T', '2026-01-02T', '2026-01-03T'];
	test.each<[string, IDataObject, string]>([
		['scheduled', { date_scheduled: TIME, date_sent: SENT }, TIME],
		['scheduled', { date_scheduled: null }, HAPPENED],
		['sent', { date_scheduled: TIME, date_sent: SENT }, SENT],
		['inbox', { date_scheduled: null, date_sent: null }, HAPPENED],
		['draft', { date_sent: null, activity_at: null }, CREATED],
		['error', { date_scheduled: TIME, date_sent: null }, HAPPENED],
	])('simplified has one time: of %s with %j it is %s', (status, more, time) => {
		const dates = { date_created: CREATED, activity_at: HAPPENED };
		expect(simplifySms({ status, ...dates, ...more }).time).toBe(time);
	});

	test('simplified also says why a text failed', async () => {
		const failed = { ...SMS, status: 'error', error_message: '30006 landline' };
		expect((await shape({ output: 'simplified' }, failed)).json).toMatchObject({
			error_message: '30006 landline',
			error_code: 30006,
			error_reason: expect.stringContaining('landline'),
			error_next_step: expect.stringContaining('mobile'),
		});
	});

	test('selected is what was chosen, with the ID', async () => {
		const selected = { output: 'selected', fields: ['text', 'cost', 'nothing'] };
		expect((await shape(selected)).json).toEqual({ id: 'acti_1', text: 'Hi', cost: '1' });
		expect((await shape({ output: 'selected' })).json).toEqual({ id: 'acti_1' });
	});

	test('what stands beside the activity stays', async () => {
		expect((await shape({ output: 'simplified' })).pairedItem).toEqual({ item: 3 });
	});

	test('an item without JSON does not stop it', async () => {
		expect(await shape({ output: 'simplified' }, undefined as never)).toBeTruthy();
		const [item] = await shapeOutput.call(fakeContext({ parameters: { output: 'simplified' } }), [
			{ json: null } as never,
		]);
		expect(item.json).toEqual({ time: null });
	});

	test.each<[unknown, string[]]>([
		[
			['text', 'status'],
			['id', 'text', 'status'],
		],
		['text,status', ['id', 'text', 'status']],
		[' text , id,, text ', ['id', 'text']],
		[
			[' text ', 7],
			['id', 'text', '7'],
		],
		[[], ['id']],
		['', ['id']],
		[null, ['id']],
		[undefined, ['id']],
	])('%j selects %j', (value, fields) => {
		expect(parseSelectedFields(value)).toEqual(fields);
	});
});

describe("'Add Message Info'", () => {
	const infoOf = async (body: unknown, on: unknown = true) => {
		const parameters = { options: { addMessageInfo: on } };
		const context = fakeContext({ parameters, zone: 'America/New_York' });
		const [item] = await addMessageInfo.call(context, [{ json: { id: 'acti_1' } }], {
			body: body as IDataObject,
		});
		return item.json;
	};

	test.each<[string, unknown, IDataObject]>([
		[
			'a text',
			{ text: 'Hi' },
			{
				segments: { count: 1, encoding: 'GSM-7', charactersLeft: 158, notInGsm7: [] },
				localTime: null,
			},
		],
		[
			'a scheduled one',
			{ text: 'Hi', date_scheduled: TIME, attachments: [] },
			{
				segments: { count: 1, encoding: 'GSM-7', charactersLeft: 158, notInGsm7: [] },
				localTime: '2026-12-01T04:00:00-05:00',
			},
		],
		['an MMS', { text: 'Hi', attachments: [{}] }, { segments: null, localTime: null }],
		[
			'no text',
			{ text: null },
			{
				segments: { count: 0, encoding: 'GSM-7', charactersLeft: 160, notInGsm7: [] },
				localTime: null,
			},
		],
		[
			'no body',
			undefined,
			{
				segments: { count: 0, encoding: 'GSM-7', charactersLeft: 160, notInGsm7: [] },
				localTime: null,
			},
		],
	])('%s', async (_, body, info) => {
		expect(await infoOf(body)).toEqual({ id: 'acti_1', ...info });
	});

	test.each([false, 'false', 0, ''])('%j: off', async (on) => {
		expect(await infoOf({ text: 'Hi' }, on)).toEqual({ id: 'acti_1' });
	});
});

describe('a note', () => {
	const items = [{ json: { id: 1 }, pairedItem: { item: 0 } }, { json: { id: 2, _note: 'One.' } }];

	test('stands with each item, after the one that is there', () => {
		expect(withNote(items, 'Two.')).toEqual([
			{ json: { id: 1, _note: 'Two.' }, pairedItem: { item: 0 } },
			{ json: { id: 2, _note: 'One. Two.' } },
		]);
	});

	test.each([undefined, ''])('%j changes nothing', (note) => {
		expect(withNote(items, note)).toBe(items);
	});
});

describe('a text in a list', () => {
	test.each<[string | null | undefined, string]>([
		['Hi', 'Hi'],
		['  Hi \n there ', 'Hi there'],
		['x'.repeat(40), 'x'.repeat(40)],
		['x'.repeat(41), `${'x'.repeat(40)}…`],
		['😀'.repeat(40), '😀'.repeat(40)],
		[`${'x'.repeat(39)}😀y`, `${'x'.repeat(39)}😀…`],
		['', '(no message)'],
		[' \n', '(no message)'],
		[null, '(no message)'],
		[undefined, '(no message)'],
	])('%j is %j', (text, expected) => {
		expect(excerpt(text)).toBe(expected);
	});

	test('has at most 40 characters, none cut in half', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
				const shown = excerpt(text);
				expect([...shown].length).toBeLessThanOrEqual(41);
				// Half a surrogate pair does not survive UTF-8.
				expect(Buffer.from(shown).toString()).toBe(shown);
			}),
		);
	});
});
