import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import {
	findAtPhone,
	findDraftsInProgress,
	getContent,
	getPhoneTime,
	goesFirst,
	isSameText,
	isToSameNumber,
	pickToNumber,
	type OutgoingText,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/sameText';
import type { SmsActivity } from '../../../../../../../nodes/shared/closeTypes';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const MINUTE = 60_000;
const minutesAgo = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString();
const text = (more: IDataObject = {}) =>
	({
		id: 'acti_1',
		status: 'sent',
		direction: 'outbound',
		text: 'See you at 3',
		remote_phone: '+14155550101',
		date_created: minutesAgo(10),
		date_sent: minutesAgo(10),
		...more,
	}) as unknown as SmsActivity;

const own = (more: Partial<OutgoingText> = {}): OutgoingText => ({
	text: 'See you at 3',
	remotePhone: '+14155550101',
	attachments: undefined,
	at: NOW,
	...more,
});

const find = (texts: SmsActivity[], more: Partial<OutgoingText> = {}, withinMinutes = 60) =>
	findAtPhone(texts, own(more), {
		matcher: isSameText,
		withinMs: withinMinutes * MINUTE,
		now: NOW,
	})?.id;

describe('when a text reaches the phone', () => {
	test.each<[string, IDataObject, number | undefined]>([
		['one that was sent: when it was sent', { date_sent: minutesAgo(5) }, 5],
		[
			'one that was scheduled long ago and sent: when it was sent',
			{ date_created: minutesAgo(9000), date_scheduled: minutesAgo(6), date_sent: minutesAgo(5) },
			5,
		],
		[
			'one that was sent, of which Close shows no time: when it was scheduled for',
			{ date_sent: null, date_scheduled: minutesAgo(6) },
			6,
		],
		[
			'a record of a text that was sent elsewhere: when it happened',
			{ date_sent: null, date_scheduled: null, activity_at: minutesAgo(7) },
			7,
		],
		[
			'a scheduled one: at its time, whatever Close says it sent before',
			{ status: 'scheduled', date_scheduled: minutesAgo(-30), date_sent: minutesAgo(5) },
			-30,
		],
		['one in the outbox: now', { status: 'outbox', date_created: minutesAgo(90) }, 0],
		[
			'one with a status that is new in Close: when it was created',
			{ status: 'queued', date_sent: null },
			10,
		],
		['a draft: never', { status: 'draft' }, undefined],
		['one that failed: never', { status: 'error' }, undefined],
		['one that was received: never', { status: 'inbox', direction: 'inbound' }, undefined],
	])('%s', (_, given, ago) => {
		const at = getPhoneTime(text(given), NOW);
		expect(at === undefined ? undefined : (NOW - at) / MINUTE).toBe(ago);
	});

	test('a text without any time that can be read counts as reaching it now', () => {
		const given = {
			date_sent: 'soon',
			date_scheduled: null,
			activity_at: null,
			date_created: null,
		};
		expect(getPhoneTime(text(given), NOW)).toBe(NOW);
	});
});

describe('the same text at the phone within the time', () => {
	test.each<[string, IDataObject, Partial<OutgoingText>, boolean]>([
		['the same words', {}, {}, true],
		['words with typographic quotes', { text: 'It’s 3' }, { text: "It's 3" }, true],
		['words with an invisible character', { text: 'See you\u200b at 3' }, {}, true],
		['other words', { text: 'See you at 4' }, {}, false],
		['words in capitals', { text: 'SEE YOU AT 3' }, {}, false],
		['another number', { remote_phone: '+14155550102' }, {}, false],
		['another lead', { lead_id: 'lead_9' }, {}, true],
		['its own draft', { id: 'acti_own' }, { id: 'acti_own' }, false],
		['sent 60 minutes before', { date_sent: minutesAgo(60) }, {}, true],
		['sent 61 minutes before', { date_sent: minutesAgo(61) }, {}, false],
		[
			'created yesterday, sent 5 minutes ago',
			{ date_created: minutesAgo(1500), date_sent: minutesAgo(5) },
			{},
			true,
		],
		[
			'both scheduled for the same morning',
			{ status: 'scheduled', date_scheduled: minutesAgo(-480) },
			{ at: NOW + 480 * MINUTE },
			true,
		],
		[
			'scheduled for half an hour after this one',
			{ status: 'scheduled', date_scheduled: minutesAgo(-30) },
			{},
			true,
		],
		[
			'scheduled for a week after this one',
			{ status: 'scheduled', date_scheduled: minutesAgo(-7 * 1440) },
			{},
			false,
		],
		['a text to a number that Close does not show', { remote_phone: null }, {}, true],
		['a text whose words Close does not show', { text: undefined }, {}, true],
		['a text without words', { text: null }, {}, false],
		[
			'words that Close does not show, to another number',
			{ text: 5, remote_phone: '+14155550102' },
			{},
			false,
		],
		[
			'other words, to a number that Close does not show',
			{ text: 'A', remote_phone: 5 },
			{},
			false,
		],
		['sent now, while this one goes out in a week', {}, { at: NOW + 7 * 1440 * MINUTE }, false],
	])('%s', (_, theirs, ours, isFound) => {
		expect(find([text(theirs)], ours)).toBe(isFound ? (theirs.id ?? 'acti_1') : undefined);
	});

	test('files are part of what a person sees', () => {
		const file = { url: 'https://a', filename: 'May.pdf', content_type: 'application/pdf' };
		const stored = {
			url: 'https://b',
			filename: 'May.pdf',
			content_type: 'application/pdf',
			size: 3,
		};
		const june = { ...file, filename: 'June.pdf' };
		expect(find([text({ attachments: [stored] })], { attachments: [file] })).toBe('acti_1');
		expect(find([text({ attachments: [june] })], { attachments: [file] })).toBeUndefined();
		expect(find([text({ attachments: [] })], { attachments: [file] })).toBeUndefined();
		expect(find([text({ attachments: null })], { attachments: [] })).toBe('acti_1');
		expect(find([text({ attachments: [stored, june] })], { attachments: [june, file] })).toBe(
			'acti_1',
		);
		expect(find([text({ attachments: [null, 'x', stored] })], { attachments: [file] })).toBe(
			'acti_1',
		);
	});

	test.each<[string, unknown, boolean]>([
		[
			'in other letters and with a parameter',
			[{ filename: 'TERMS.pdf', content_type: 'application/PDF; a=b' }],
			true,
		],
		['of another type', [{ filename: 'terms.pdf', content_type: 'image/png' }], false],
		['of which one cannot be read', [null], true],
		['that cannot be read', 'terms.pdf', true],
		['missing', [], false],
	])('a text with its file %s', (_, attachments, isSame) => {
		const file = { filename: 'terms.pdf', content_type: 'application/pdf' };
		const found = find([text({ attachments } as IDataObject)], { attachments: [file] });
		expect(found).toBe(isSame ? 'acti_1' : undefined);
	});

	test('words cannot pass for files', () => {
		expect(getContent({ text: 'a"],["b', attachments: [] })).not.toBe(
			getContent({ text: 'a', attachments: [{ filename: 'b' }] }),
		);
	});
});

describe('two processes that send the same text at the same moment', () => {
	const drafts = (texts: SmsActivity[], more: Partial<OutgoingText> = {}) =>
		findDraftsInProgress(texts, own(more), { matcher: isSameText, now: NOW }).map(({ id }) => id);
	const draft = (more: IDataObject = {}) =>
		text({ status: 'draft', date_created: minutesAgo(0.5), date_sent: null, ...more });

	test('a draft of the last minute with the same words may be about to go out', () => {
		expect(drafts([draft()])).toEqual(['acti_1']);
	});

	test.each<[string, IDataObject, Partial<OutgoingText>]>([
		['its own draft', {}, { id: 'acti_1' }],
		['a draft that is older', { date_created: minutesAgo(1) }, {}],
		['a draft with other words', { text: 'Bye' }, {}],
		['a draft to another number', { remote_phone: '+14155550109' }, {}],
		['a text that was sent', { status: 'sent' }, {}],
	])('%s is not', (_, theirs, ours) => {
		expect(drafts([draft(theirs)], ours)).toEqual([]);
	});

	test('exactly one of any number of drafts goes first', () => {
		const ids = ['acti_b', 'acti_a', 'acti_c'];
		const first = ids.filter((id) =>
			goesFirst(
				id,
				ids.filter((other) => other !== id).map((other) => ({ id: other })),
			),
		);
		expect(first).toEqual(['acti_a']);
		expect(goesFirst('acti_a', [])).toBe(true);
	});
});

describe('any text to the same number', () => {
	const isToOurs = isToSameNumber(own());

	test.each<[string, IDataObject, boolean]>([
		['other words', { text: 'Good morning' }, true],
		['no words', { text: null }, true],
		['the number as people write it', { remote_phone: '+1 (415) 555-0101' }, true],
		['a number that Close does not show', { remote_phone: null }, true],
		['another number', { remote_phone: '+14155550102' }, false],
	])('%s', (_, more, isWanted) => {
		expect(isToOurs(text(more))).toBe(isWanted);
	});

	test.each<[string, IDataObject, number, boolean]>([
		['sent within the time', {}, 11, true],
		['sent before it', {}, 9, false],
		['scheduled for soon after', { status: 'scheduled', date_scheduled: minutesAgo(-5) }, 6, true],
		[
			'scheduled for a week later',
			{ status: 'scheduled', date_scheduled: minutesAgo(-7 * 1440) },
			60,
			false,
		],
		['about to go out', { status: 'outbox' }, 1, true],
		['a draft', { status: 'draft' }, 60, false],
		['one that failed', { status: 'error' }, 60, false],
		['one that came in', { status: 'inbox', direction: 'inbound' }, 60, false],
		['of a time that cannot be read', { date_sent: 'soon', date_created: null }, 1, true],
		['its own', { id: 'own' }, 60, false],
	])('is found: %s', (_, more, withinMinutes, isFound) => {
		const options = { matcher: isToSameNumber, withinMs: withinMinutes * MINUTE, now: NOW };
		const given = text({ text: 'Good morning', ...more });
		expect(findAtPhone([given], own({ id: 'own' }), options)).toBe(isFound ? given : undefined);
	});
});

describe('of a long list, the texts that can be to a number', () => {
	const NUMBERS = ['+14155550101', '+14155550102', '+447700900101', '+3545550101', '+15550101'];
	const FORMS = [
		...NUMBERS,
		...['(415) 555-0101', 'tel:+1-415-555-0102', '07700 900101', '5550101', '0101', '+1'],
		...['', 'unknown', null, undefined, 4155550101],
	];

	test('are those to the same number and those of which that is not clear, in their order', () => {
		fc.assert(
			fc.property(
				fc.array(fc.constantFrom(...FORMS), { maxLength: 20 }),
				fc.constantFrom(...NUMBERS),
				(phones, remotePhone) => {
					const texts = phones.map((phone, index) =>
						text({ id: `acti_${index}`, remote_phone: phone }),
					);
					const isToOurs = isToSameNumber(own({ remotePhone }));
					const picked = pickToNumber(texts, remotePhone);
					expect(picked.filter(isToOurs)).toEqual(texts.filter(isToOurs));
					expect(texts.filter((one) => picked.includes(one))).toEqual(picked);
				},
			),
		);
	});

	test('are found without a look at each for every number', () => {
		let looks = 0;
		const phones = Array.from({ length: 1000 }, (_, index) => `+1415555${1000 + index}`);
		const texts = phones.map((phone) =>
			Object.defineProperty(text(), 'remote_phone', {
				get: () => {
					looks++;
					return phone;
				},
			}),
		);
		for (const phone of phones) expect(pickToNumber(texts, phone)).toHaveLength(1);
		expect(looks).toBe(1000);
	});

	test('are all where the number itself is not clear', () => {
		const texts = [text(), text({ remote_phone: '+447700900101' })];
		expect(pickToNumber(texts, undefined)).toEqual(texts);
	});
});
