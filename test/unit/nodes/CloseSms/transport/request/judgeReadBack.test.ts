import type { IDataObject } from 'n8n-workflow';
import {
	judgeReadBack,
	type ReadBackResult,
} from '../../../../../../nodes/CloseSms/transport/request/judgeReadBack';

const START = Date.parse('2026-12-01T09:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const BEFORE = at(-60);
const AFTER = at(1);
const LATER = '2026-12-24T18:00:00Z';

const draft = (more: IDataObject = {}) => ({ status: 'draft', date_updated: AFTER, ...more });
const sent = (date: string, more: IDataObject = {}) => ({
	status: 'sent',
	date_sent: date,
	date_updated: AFTER,
	...more,
});
const changed = (status: string, date: string, more: IDataObject = {}) => ({
	status,
	date_sent: null,
	date_updated: date,
	...more,
});

const SEND = { body: { status: 'outbox' }, startedAt: START };

type Row = [what: string, found: IDataObject, result: ReadBackResult];

const judge = (asked: IDataObject, rows: Row[]) =>
	test.each(rows)('%s', (_, found, result) => {
		expect(judgeReadBack({ body: asked, startedAt: START }, found)).toBe(result);
	});

describe('asked to send', () => {
	judge({ status: 'outbox' }, [
		['still a draft', draft(), 'notApplied'],
		['in the outbox since', changed('outbox', AFTER), 'applied'],
		['sent since', sent(AFTER), 'applied'],
		['sent since, by a clock of Close that is behind', sent(at(-20)), 'applied'],
		['sent since, and it failed', changed('error', AFTER), 'failed'],
		['sent before', sent(BEFORE), 'locked'],
		['sent before, and touched since', sent(BEFORE, { date_updated: AFTER }), 'locked'],
		['in the outbox before', changed('outbox', BEFORE), 'locked'],
		['failed before', changed('error', BEFORE), 'locked'],
		['sent, and only the last change is known', changed('sent', AFTER), 'applied'],
		['sent, and the last change was before', changed('sent', BEFORE), 'locked'],
		['scheduled before', changed('scheduled', BEFORE), 'locked'],
		['scheduled since, by whomever', changed('scheduled', AFTER), 'unclear'],
		['received', changed('inbox', BEFORE), 'locked'],
		['received since', changed('inbox', AFTER), 'locked'],
		['no status at all', {}, 'unclear'],
		['a status that is new in Close', changed('delivered', AFTER), 'unclear'],
		['a status that is new in Close, from before', changed('delivered', BEFORE), 'locked'],
	]);
});

describe('asked to send other words', () => {
	const words = (text: string) => ({ text });
	judge({ status: 'outbox', text: 'New' }, [
		['a draft with the old words', draft(words('Old')), 'notApplied'],
		['a draft with the new words', draft(words('New')), 'notApplied'],
		['sent since with the new words', sent(AFTER, words('New')), 'applied'],
		['sent since with the old words', sent(AFTER, words('Old')), 'unclear'],
		['sent before with the old words', sent(BEFORE, words('Old')), 'locked'],
		['sent before with the new words', sent(BEFORE, words('New')), 'locked'],
	]);
});

describe('asked to send to another number', () => {
	const to = (phone: string) => ({ remote_phone: phone });
	judge({ status: 'outbox', remote_phone: '+14155550177' }, [
		['sent since to it', sent(AFTER, to('+14155550177')), 'applied'],
		['sent since to the former one', sent(AFTER, to('+14155550100')), 'unclear'],
		['sent before to the former one', sent(BEFORE, to('+14155550100')), 'locked'],
	]);
});

describe('asked to schedule', () => {
	const scheduled = (date: string, time = LATER) =>
		changed('scheduled', date, { date_scheduled: time });
	judge({ status: 'scheduled', date_scheduled: LATER }, [
		['still a draft', draft(), 'notApplied'],
		['scheduled since for that time', scheduled(AFTER), 'applied'],
		[
			'the same time, as Close writes it',
			scheduled(AFTER, '2026-12-24T19:00:00.000000+01:00'),
			'applied',
		],
		['scheduled before for that time', scheduled(BEFORE), 'locked'],
		['scheduled since for another time', scheduled(AFTER, at(3600)), 'unclear'],
		['scheduled before for another time', scheduled(BEFORE, at(3600)), 'locked'],
		['sent since', sent(AFTER), 'unclear'],
		['sent before', sent(BEFORE), 'locked'],
	]);
});

describe('asked to schedule for a time that has come before the read', () => {
	const SOON = at(20);
	const DUE = { date_scheduled: SOON, date_updated: at(21), text: 'New' };
	const left = (status: string, more: IDataObject = {}) => ({ status, ...DUE, ...more });
	judge({ status: 'scheduled', date_scheduled: SOON, text: 'New' }, [
		['in the outbox', left('outbox'), 'applied'],
		['sent at that time', sent(at(20), DUE), 'applied'],
		[
			'sent at that time, which Close does not show any more',
			sent(at(21), { text: 'New' }),
			'applied',
		],
		['sent within that second', sent('2026-12-01T09:00:20.000Z', DUE), 'applied'],
		['it failed then', left('error'), 'failed'],
		['it failed before its time', changed('error', AFTER), 'failed'],
		['it failed before the request began', changed('error', BEFORE), 'locked'],
		['sent before its time', sent(at(19), DUE), 'unclear'],
		['sent for another time', sent(at(21), { ...DUE, date_scheduled: at(15) }), 'unclear'],
		['sent with other words', sent(at(21), { ...DUE, text: 'Old' }), 'unclear'],
		['received', left('inbox'), 'locked'],
		['a draft', draft({ ...DUE, date_updated: BEFORE }), 'notApplied'],
		['a draft that was changed since', draft(DUE), 'unclear'],
		['at a time that nobody knows', { status: 'sent', date_scheduled: SOON }, 'unclear'],
	]);
});

describe('asked to send, and a draft shows something else than before', () => {
	const kept = { date_updated: at(-1), text: 'Hi', remote_phone: '+14155550177', attachments: [] };
	// The request carries what was checked.
	const body = { ...kept, ...SEND.body };
	const asked = { body, expected: body, kept, startedAt: START };
	test.each<Row>([
		['the same', draft(kept), 'notApplied'],
		['other words', draft({ ...kept, text: 'Lunch?' }), 'unclear'],
		['another number', draft({ ...kept, remote_phone: '+14155550178' }), 'unclear'],
		['no date of the last change', draft({ ...kept, date_updated: undefined }), 'unclear'],
		['a file more', draft({ ...kept, attachments: [{ filename: 'a.pdf' }] }), 'unclear'],
		[
			'changed since, and set back to what it was',
			draft({ ...kept, date_updated: at(3) }),
			'unclear',
		],
		[
			'changed within a second, and set back',
			draft({ ...kept, date_updated: at(-0.9) }),
			'unclear',
		],
		[
			'the same date, written in another way',
			draft({ ...kept, date_updated: '2026-12-01T09:59:59.000000+01:00' }),
			'notApplied',
		],
	])('%s', (_, found, result) => {
		expect(judgeReadBack(asked, found)).toBe(result);
	});

	test.each<Row>([
		['before the request began', draft({ ...kept, date_updated: BEFORE }), 'notApplied'],
		['within the second that a Date header leaves open', draft(kept), 'notApplied'],
		['since', draft({ ...kept, date_updated: at(1.1) }), 'unclear'],
		['nobody knows when', draft({ ...kept, date_updated: undefined }), 'unclear'],
	])('changed %s, where nobody knows when it had changed before', (_, found, result) => {
		const unknown = { ...kept, date_updated: undefined };
		expect(judgeReadBack({ ...asked, kept: unknown }, found)).toBe(result);
	});

	test('by a clock of Close that is ahead, it was not changed since', () => {
		const ahead = { ...kept, date_updated: at(20) };
		const found = draft(ahead);
		expect(judgeReadBack({ ...asked, kept: ahead }, found)).toBe('notApplied');
	});

	test('to edit it is to have the last word', () => {
		const found = draft({ ...kept, text: 'Lunch?', date_updated: at(3) });
		expect(judgeReadBack({ body: { text: 'Hi' }, startedAt: START }, found)).toBe('notApplied');
	});
});

describe('asked to take back to draft', () => {
	judge({ status: 'draft' }, [
		['a draft', draft(), 'applied'],
		['a draft that last changed before', draft({ date_updated: BEFORE }), 'applied'],
		['still scheduled', changed('scheduled', BEFORE), 'notApplied'],
		['still in the outbox', changed('outbox', BEFORE), 'notApplied'],
		['scheduled, and changed since', changed('scheduled', AFTER), 'notApplied'],
		['in the outbox since', changed('outbox', AFTER), 'notApplied'],
		['gone out since', sent(AFTER), 'locked'],
		['gone out before', sent(BEFORE), 'locked'],
		['failed since', changed('error', AFTER), 'locked'],
		['received', changed('inbox', BEFORE), 'locked'],
	]);
});

describe('asked to change the words of a draft', () => {
	judge({ text: 'New' }, [
		['a draft with the new words', draft({ text: 'New' }), 'applied'],
		['a draft with the old words', draft({ text: 'Old' }), 'notApplied'],
		['sent before with the old words', sent(BEFORE, { text: 'Old' }), 'locked'],
		['sent since with the old words', sent(AFTER, { text: 'Old' }), 'unclear'],
		['sent since with the new words', sent(AFTER, { text: 'New' }), 'applied'],
	]);
});

describe('asked to send what was checked before', () => {
	const text = 'Hi';
	const expected = { status: 'outbox', text, remote_phone: '+14155550177' };
	const shown = { text, remote_phone: '+14155550177' };
	test.each<Row>([
		['a draft as it was', draft(shown), 'notApplied'],
		['a draft that somebody changed', draft({ ...shown, text: 'Ho' }), 'unclear'],
		['a draft to somebody else', draft({ ...shown, remote_phone: '+14155550100' }), 'unclear'],
		['a draft of which no words are shown', draft({ remote_phone: '+14155550177' }), 'unclear'],
		['sent since', sent(AFTER, shown), 'applied'],
		['sent since with other words', sent(AFTER, { ...shown, text: 'Ho' }), 'unclear'],
		['failed since', changed('error', AFTER, shown), 'failed'],
	])('%s', (_, found, result) => {
		expect(judgeReadBack({ ...SEND, expected }, found)).toBe(result);
	});

	test('what the request itself sets is set by a repeat', () => {
		const asked = { ...SEND, body: expected, expected };
		expect(judgeReadBack(asked, draft({ ...shown, text: 'Ho' }))).toBe('notApplied');
	});
});

describe('clocks that differ a little', () => {
	test.each<[string, number, ReadBackResult]>([
		['half a minute before the request began', -30, 'applied'],
		['a moment earlier than that', -30.001, 'locked'],
		['the very instant at which it began', 0, 'applied'],
	])('sent %s', (_, seconds, result) => {
		expect(judgeReadBack(SEND, sent(at(seconds)))).toBe(result);
	});

	test('dates that cannot be read say nothing of a time before', () => {
		const found = { status: 'sent', date_sent: 'soon', date_updated: AFTER };
		expect(judgeReadBack(SEND, found)).toBe('applied');
		expect(judgeReadBack(SEND, { ...found, date_updated: BEFORE })).toBe('locked');
	});

	test('the time at which something that was not sent was sent is not looked at', () => {
		const found = { status: 'outbox', date_sent: BEFORE, date_updated: AFTER };
		expect(judgeReadBack(SEND, found)).toBe('applied');
	});
});
