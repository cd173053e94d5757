import { performance } from '../../../../dev/platform';
import {
	followsOptOut,
	parseKeyword,
	type Keyword,
} from '../../../../nodes/CloseSmsTrigger/keywords';

describe('a text that is a keyword as a whole', () => {
	test.each<[Keyword, string[]]>([
		['optOut', ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']],
		['optIn', ['START', 'UNSTOP']],
		['yes', ['YES']],
	])('%s: %j', (keyword, words) => {
		for (const word of words) {
			const asPeopleWrite = [
				word,
				word.toLowerCase(),
				word[0] + word.slice(1).toLowerCase(),
				` ${word}`,
				`${word} `,
				`\t${word}\r\n`,
				`\u00a0${word}\u00a0`,
				`${word}.`,
				` ${word} . `,
				`${word}...`,
			];
			expect(asPeopleWrite.map(parseKeyword)).toEqual(asPeopleWrite.map(() => keyword));
		}
	});

	test.each(['STOP!', '"stop"', '“Stop”', ' *quit* ', 'Cancel?!', 'end;'])(
		'optOut, whatever punctuation is around it: %s',
		(text) => {
			expect(parseKeyword(text)).toBe('optOut');
		},
	);

	test.each([
		'Opt out',
		'OPT OUT',
		'opt-out',
		'Opt – out',
		'stop all',
		'Stop-all!',
		'STOP STOP STOP',
		'stop.stop',
		'stopstop',
		'Stop. Unsubscribe.',
		'S T O P',
		's.t.o.p',
		'un-subscribe',
		'STOP 🛑',
		'👎🏽 stop',
		'Stop ✋🏿!!',
		'STOP ❤️',
		'🇺🇸 quit',
		'stop :(',
		'ST\u200bOP',
		'\u202aSTOP\u202c',
		'\ufeffstop',
		's\u00adtop',
		'opt\u00a0out',
		'opt\u2060 out',
		'ＳＴＯＰ',
		'stop ♥',
	])('optOut, as people write it: %j', (text) => {
		expect(parseKeyword(text)).toBe('optOut');
	});

	test('optIn, though with invisible characters', () => {
		expect(parseKeyword('ST\u200bART')).toBe('optIn');
	});

	test('a long text of opt-out words and one more is read at once', () => {
		const start = performance.now();
		expect(parseKeyword(`${'stop'.repeat(400)}x`)).toBeUndefined();
		expect(parseKeyword(`${'stop all '.repeat(200)}please`)).toBeUndefined();
		expect(performance.now() - start).toBeLessThan(100);
	});

	test.each<[unknown]>([
		['please stop'],
		['stop by at 5'],
		['stop 2'],
		['stop & shop'],
		['opt me out'],
		['all stop'],
		['out opt'],
		['stор'],
		['👍'],
		['\u200b'],
		['quits top'],
		['start 👍'],
		['Stop by tomorrow'],
		['stop it'],
		['nonstop'],
		['stopp'],
		['st op'],
		['end of the month'],
		['cancelled'],
		['restart'],
		['Yes, please'],
		['yes!'],
		['START!'],
		['"unstop"'],
		['yes?'],
		['YES YES'],
		['yesterday'],
		['ja'],
		['.'],
		[' '],
		[''],
		[null],
		[undefined],
		[7],
		[['stop']],
		['constructor'],
	])('not %j', (text) => {
		expect(parseKeyword(text)).toBeUndefined();
	});
});

describe('"yes" opts in only where it follows an opt-out', () => {
	const numbers = { remote_phone: '+14155550101', local_phone: '+14155550100' };
	const minute = (minutes: number) => new Date(Date.UTC(2026, 0, 5, 12, minutes)).toISOString();
	let count = 0;
	const sms = (minutes: number, more: object) => ({
		id: `acti_${++count}`,
		...numbers,
		date_created: minute(minutes),
		activity_at: null,
		date_sent: null,
		...more,
	});
	const said = (minutes: number, text: string, more: object = {}) =>
		sms(minutes, { direction: 'inbound', status: 'inbox', text, ...more });
	const ours = (minutes: number, status: string, more: object = {}) =>
		sms(minutes, { direction: 'outbound', status, text: 'Shall we come at 9?', ...more });
	const yes = said(30, 'Yes');

	test.each<[string, object[], boolean]>([
		['right after it', [said(10, 'STOP')], true],
		['something else in between', [said(10, 'STOP'), said(20, 'Oh no')], true],
		['whatever the order of the list', [said(20, 'Oh no'), said(10, 'stop.')], true],
		['an opt-out after an opt-in', [said(10, 'START'), said(20, 'STOP')], true],
		['"yes" twice', [said(10, 'STOP'), said(20, 'yes')], true],
		['a text of ours before the opt-out', [ours(5, 'sent'), said(10, 'STOP')], true],
		['a text of ours that the carrier refused', [said(10, 'STOP'), ours(20, 'error')], true],
		['a draft of ours', [said(10, 'STOP'), ours(20, 'draft')], true],
		['a scheduled text of ours', [said(10, 'STOP'), ours(20, 'scheduled')], true],
		['nothing before', [], false],
		['only itself', [yes], false],
		['no keyword before', [said(10, 'Please stop that')], false],
		['an opt-in since', [said(10, 'STOP'), said(20, 'START')], false],
		['a text of ours that reached them since', [said(10, 'STOP'), ours(20, 'sent')], false],
		['a text of ours on its way', [said(10, 'STOP'), ours(20, 'outbox')], false],
		[
			'a text drafted before and sent since',
			[ours(5, 'sent', { date_sent: minute(20) }), said(10, 'STOP')],
			false,
		],
		[
			'a text of ours that happened since, by its own time',
			[ours(5, 'sent', { activity_at: minute(20) }), said(10, 'STOP')],
			false,
		],
		['the opt-out came later', [said(40, 'STOP')], false],
		['to another number of ours', [said(10, 'STOP', { local_phone: '+12065550111' })], false],
		['from another person', [said(10, 'STOP', { remote_phone: '+14155550102' })], false],
		['what we wrote to them', [ours(10, 'sent', { text: 'STOP' })], false],
		['a time that cannot be read', [said(10, 'STOP', { date_created: null })], false],
	])('%s: %s', (_, texts, isOptIn) => {
		expect(followsOptOut(yes, texts as never)).toBe(isOptIn);
	});
});
