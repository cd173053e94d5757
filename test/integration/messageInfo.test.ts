import { countSegments } from '../../nodes/CloseSms/output/segments';
import { byId } from '../../dev/locators';
import { setUpSms } from './setUpSms';

describe('segments by the rules of 3GPP TS 23.038 and 23.040', () => {
	const gsm = { encoding: 'GSM-7', notInGsm7: [] };

	test.each([
		['nothing', '', 0, 160],
		['one character', 'a', 1, 159],
		['one full message', 'a'.repeat(160), 1, 0],
		['two parts of 153', 'a'.repeat(161), 2, 145],
		['two full parts', 'a'.repeat(306), 2, 0],
		['three parts', 'a'.repeat(307), 3, 152],
		['a character of the extension table takes two septets', '€', 1, 158],
		['80 of these are one message', '€'.repeat(80), 1, 0],
		['81 are two: 76 fit into 153 septets and one is left free', '€'.repeat(81), 2, 143],
		['escape and character are not parted', `${'a'.repeat(152)}€${'a'.repeat(7)}`, 2, 144],
		['they fit at the very end', `${'a'.repeat(151)}€${'a'.repeat(8)}`, 2, 145],
	])('GSM-7: %s', (_, text, count, charactersLeft) => {
		expect(countSegments(text)).toEqual({ count, charactersLeft, ...gsm });
	});

	test('the default alphabet has 127 characters besides escape, of one septet each', () => {
		// Table of the standard, row by row.
		const table = [
			'@Δ 0¡P¿p',
			'£_!1AQaq',
			'$Φ"2BRbr',
			'¥Γ#3CScs',
			'èΛ¤4DTdt',
			'éΩ%5EUeu',
			'ùΠ&6FVfv',
			"ìΨ'7GWgw",
			'òΣ(8HXhx',
			'ÇΘ)9IYiy',
			'\nΞ*:JZjz',
			'Ø+;KÄkä',
			'øÆ,<LÖlö',
			'\ræ-=MÑmñ',
			'Åß.>NÜnü',
			'åÉ/?O§oà',
		].join('');

		expect([...new Set(table)]).toHaveLength(127);
		expect(countSegments(table)).toEqual({ count: 1, charactersLeft: 33, ...gsm });
	});

	test('the extension table has ten characters of two septets each', () => {
		expect(countSegments('\f^{}\\[~]|€')).toEqual({ count: 1, charactersLeft: 140, ...gsm });
	});

	test.each([
		['one character', '’', 1, 69, ['’']],
		['what is not in the alphabet is named once', 'Ich ç ’ç’', 1, 61, ['ç', '’']],
		['one full message', `ж${'a'.repeat(69)}`, 1, 0, ['ж']],
		['two parts of 67', `ж${'a'.repeat(70)}`, 2, 63, ['ж']],
		['two full parts', `ж${'a'.repeat(133)}`, 2, 0, ['ж']],
		['three parts', `ж${'a'.repeat(134)}`, 3, 66, ['ж']],
		['the extension table counts one', `ж${'€'.repeat(69)}`, 1, 0, ['ж']],
		['a surrogate pair takes two', '👋', 1, 68, ['👋']],
		['35 of them are one message', '👋'.repeat(35), 1, 0, ['👋']],
		['36 are two: 33 fit into 67 and one is left free', '👋'.repeat(36), 2, 61, ['👋']],
		['a pair is not parted', `${'a'.repeat(66)}👋${'a'.repeat(3)}`, 2, 62, ['👋']],
		['it fits at the very end', `${'a'.repeat(65)}👋${'a'.repeat(4)}`, 2, 63, ['👋']],
	])('UCS-2: %s', (_, text, count, charactersLeft, notInGsm7) => {
		expect(countSegments(text)).toEqual({ count, charactersLeft, encoding: 'UCS-2', notInGsm7 });
	});
});

describe("the option 'Add Message Info'", () => {
	const on = setUpSms();
	const scheduledId = 'acti_scheduled0000000000000';
	const options = { addMessageInfo: true };
	const segments = { count: 1, encoding: 'GSM-7', charactersLeft: 109, notInGsm7: [] };

	test('raw: beside the fields of Close, in the time zone of the workflow', async () => {
		const { json } = await on.run(
			'get',
			{ smsId: byId(scheduledId), options },
			{ timezone: 'America/New_York' },
		);

		expect(json).toEqual([
			{ ...on.close.sms(scheduledId), segments, localTime: '2036-03-03T12:00:00-05:00' },
		]);
	});

	test('selected: Close is asked for what it is made of', async () => {
		const { json } = await on.run('get', {
			smsId: byId(scheduledId),
			output: 'selected',
			fields: ['status'],
			options,
		});

		expect(json).toEqual([
			{
				id: scheduledId,
				status: 'scheduled',
				segments,
				localTime: '2036-03-03T17:00:00Z',
			},
		]);
		expect(on.wire()[0].query).toEqual({
			_fields: 'id,status,text,date_scheduled,attachments,error_message',
		});
	});

	test('update: of the text as it is now', async () => {
		const { json } = await on.run('update', {
			smsId: byId(on.close.account.texts.draft.id),
			updateFields: { text: '’'.repeat(71) },
			output: 'simplified',
			options,
		});

		expect(json).toMatchObject([
			{
				status: 'draft',
				localTime: null,
				segments: { count: 2, encoding: 'UCS-2', charactersLeft: 63, notInGsm7: ['’'] },
			},
		]);
	});

	test('no text, and a text with attachments, which goes out as MMS', async () => {
		const file = { url: 'u', filename: 'a.png', content_type: 'image/png', size: 1, media_id: 'm' };
		const ids = [
			on.close.addSms({ text: null }).id,
			on.close.addSms({ text: 'x', attachments: [file] }).id,
		];
		const { json } = await on.run(
			'get',
			{ smsId: byId('={{ $json.id }}'), options },
			{ items: ids.map((id) => ({ id })) },
		);

		expect(json.map((activity) => activity.segments)).toEqual([
			{ count: 0, encoding: 'GSM-7', charactersLeft: 160, notInGsm7: [] },
			null,
		]);
	});

	test('of a text that failed: why, and what to do', async () => {
		const failed = on.close.addSms({ status: 'error', error_message: 'Error 30007' });
		const { json } = await on.run('get', { smsId: byId(failed.id), options });

		expect(json).toMatchObject([
			{
				error_message: 'Error 30007',
				error_code: 30007,
				error_reason: expect.stringContaining('filtered'),
				error_next_step: expect.stringContaining('A2P 10DLC'),
			},
		]);
	});

	test('off: nothing is added', async () => {
		const { json } = await on.run('get', {
			smsId: byId(scheduledId),
			options: { addMessageInfo: false },
		});

		expect(json).toEqual([on.close.sms(scheduledId)]);
	});
});
