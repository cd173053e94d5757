import { Difference, expectThat, NotTried } from '../expect';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import { isSameTime, readSms, smsPath, toMs, type Probe } from '../probe';
import { CONCLUDED, DOCS } from './sources';

const FORMAT = 'nodes/CloseSms/validation/dates.ts';
const COMPARED = 'nodes/CloseSms/transport/request/responseCheck.ts';
const READ_BACK = 'nodes/CloseSms/transport/request/judgeReadBack.ts';
const SIMULATED = 'dev/simulator/http/dates.ts';

/** How far the clock that dates a text and the one of the `Date` header may be apart, in milliseconds (readBack.ts). */
const TOLERANCE = 30_000;

/** @throws Difference unless Close understands the date as this time */
async function expectTime(close: Probe, written: string, time: number) {
	const { date_scheduled: found } = await close.scheduled(written).catch(async (error: Error) => {
		if (!(error instanceof NotTried)) throw error;
		// Whether it is the way in which the date is written.
		await close.scheduled();
		throw new Difference(finding`a date that is written so is refused`);
	});
	const shift = (toMs(found) - time) / 3_600_000;
	expectThat(isSameTime(found, new Date(time).toISOString()), finding`it is ${shift} hours off`);
}

export const dates = group('dates', [
	{
		name: 'offset-is-understood',
		title: 'A date with an offset is that point in time',
		source: `${DOCS.smsUpdate} (ISO 8601)`,
		mark: 'confirmed',
		restsOn: [FORMAT, 'dev/simulator/http/dates.ts'],
		steps: async (close) => {
			const time = Date.parse(close.nextYear(3));
			const shifted = new Date(time + 2 * 3_600_000).toISOString().replace('.000Z', '+02:00');
			await expectTime(close, shifted, time);
		},
	},
	{
		name: 'milliseconds-are-taken',
		title: 'A date with milliseconds is taken',
		source: `${DOCS.smsUpdate} (ISO 8601)`,
		mark: 'confirmed',
		restsOn: [FORMAT, SIMULATED],
		steps: async (close) => {
			const time = Date.parse(close.nextYear(4));
			await expectTime(close, new Date(time).toISOString(), time);
		},
	},
	{
		name: 'dates-have-an-offset',
		title: 'The dates of an SMS are shown with an offset',
		source: `${DOCS.smsGet} (examples)`,
		mark: 'confirmed',
		restsOn: [COMPARED, READ_BACK, 'nodes/CloseSms/resources/sms/api/paginateSms.ts', SIMULATED],
		steps: async (close) => {
			const sms = await close.scheduled();
			const shown = Object.entries(sms).filter(
				([name, value]) => /^(date_|activity_at)/.test(name) && value !== null,
			);
			const without = shown.filter(([, value]) => !/(Z|[+-]\d\d:?\d\d)$/.test(String(value)));
			const names = without.map(([name]) => name).join(', ');
			expectThat(without.length === 0, finding`without: ${literal(names)}`);
		},
	},
	{
		name: 'seconds-are-kept',
		title: 'The time of a schedule is kept to the second',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [COMPARED, SIMULATED],
		steps: async (close) => {
			const time = Date.parse(close.nextYear(5)) + 17_000;
			await expectTime(close, new Date(time).toISOString(), time);
		},
	},
	{
		name: 'answers-have-a-date',
		title: 'Answers have the HTTP header `Date`, and `date_updated` of a changed text is near it',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [
			READ_BACK,
			'nodes/CloseSms/transport/request/requestWithRetry.ts',
			'dev/simulator/server.ts',
		],
		steps: async (close) => {
			const { id } = await close.draft();
			const answer = await close.put(smsPath(id), { text: close.newText() });
			const answered = Date.parse(answer.headers.date ?? '');
			expectThat(!Number.isNaN(answered), finding`there is no header Date`);
			const apart = Math.abs(toMs(readSms(answer).date_updated) - answered);
			expectThat(apart < TOLERANCE, finding`they are ${Math.round(apart / 1000)} seconds apart`);
		},
	},
	{
		name: 'update-moves-date-updated',
		title: 'An update moves `date_updated`',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [READ_BACK, 'dev/simulator/sms/smsStore.ts'],
		steps: async (close) => {
			const before = await close.draft();
			await close.wait(1_100, 'Seconds are to differ');
			const after = readSms(await close.put(smsPath(before.id), { text: close.newText() }));
			expectThat(toMs(after.date_updated) > toMs(before.date_updated), finding`it stayed`);
		},
	},
]);
