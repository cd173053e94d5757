import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import {
	planAsAsked,
	planWithinHours,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/planSend';
import { isOpen } from '../../../../../../../nodes/CloseSms/resources/sms/sending/openingHours';
import type { SendingHours } from '../../../../../../../nodes/CloseSms/validation/sendingHours';
import { ItemFailure } from '../../../../../../../nodes/shared/errors/itemFailure';
import { fakeContext } from '../../../../../fakeContext';
import { DAYTIME } from './daytime';

const NEW_YORK = { zones: ['America/New_York'], source: "the contact's time zone" };
const BY_CONTACT = "in America/New_York, by the contact's time zone";
const NOW = { status: 'outbox' };
const at = (date_scheduled: string) => ({ status: 'scheduled', date_scheduled });
const ms = (iso: string) => Date.parse(iso);
const n8n = fakeContext({ zone: 'Europe/Berlin' });

/** The facts of the failure that a function throws. */
function factsOf(run: () => unknown) {
	try {
		run();
	} catch (error) {
		if (error instanceof ItemFailure) return error.facts;
	}
	throw new Error('No failure');
}

const plan = (
	now: string,
	desired: IDataObject,
	hours: Partial<SendingHours> = {},
	where = NEW_YORK,
) => planWithinHours(n8n, { ...DAYTIME, ...hours }, where)(desired, ms(now));

describe('when a text goes out by Sending Hours', () => {
	test.each<[string, IDataObject, IDataObject, string | undefined]>([
		['2026-12-01T13:00:00Z', NOW, NOW, undefined],
		['2026-12-02T01:58:59Z', NOW, NOW, undefined],
		[
			'2026-12-02T01:59:00Z',
			NOW,
			at('2026-12-02T08:00:00-05:00'),
			`from now (2026-12-01T20:59:00-05:00) to 2026-12-02T08:00:00-05:00 ${BY_CONTACT}`,
		],
		[
			'2026-12-01T09:00:00Z',
			NOW,
			at('2026-12-01T08:00:00-05:00'),
			`from now (2026-12-01T04:00:00-05:00) to 2026-12-01T08:00:00-05:00 ${BY_CONTACT}`,
		],
		// Too late to be scheduled for the opening itself.
		[
			'2026-12-01T12:59:58Z',
			NOW,
			at('2026-12-01T08:01:00-05:00'),
			`from now (2026-12-01T07:59:58-05:00) to 2026-12-01T08:01:00-05:00 ${BY_CONTACT}`,
		],
		['2026-12-01T03:00:00Z', at('2026-12-01T18:00:00Z'), at('2026-12-01T18:00:00Z'), undefined],
		// What is scheduled for the last minute of the hours may reach the phone after them.
		[
			'2026-12-01T03:00:00Z',
			at('2026-12-01T20:58:59-05:00'),
			at('2026-12-01T20:58:59-05:00'),
			undefined,
		],
		[
			'2026-12-01T03:00:00Z',
			at('2026-12-01T20:59:59-05:00'),
			at('2026-12-02T08:00:00-05:00'),
			`from 2026-12-01T20:59:59-05:00 to 2026-12-02T08:00:00-05:00 ${BY_CONTACT}`,
		],
		[
			'2026-12-01T15:00:00Z',
			at('2026-12-05T06:00:00+01:00'),
			at('2026-12-05T08:00:00-05:00'),
			`from 2026-12-05T00:00:00-05:00 to 2026-12-05T08:00:00-05:00 ${BY_CONTACT}`,
		],
		// The time has passed while the request waited for Close.
		[
			'2026-12-01T18:00:10Z',
			at('2026-12-01T18:00:00Z'),
			at('2026-12-01T13:02:00-05:00'),
			`from 2026-12-01T13:00:00-05:00 to 2026-12-01T13:02:00-05:00 ${BY_CONTACT}`,
		],
	])('at %s, asked for %j, it is %j', (now, desired, body, note) => {
		const planned = plan(now, desired);
		expect(planned.body).toEqual(body);
		expect(planned.note).toBe(note && `Moved by 'Sending Hours' ${note}.`);
		expect(planned.at).toBe(body.status === 'outbox' ? ms(now) : ms(String(body.date_scheduled)));
	});

	test('with Stop, a time outside of the hours is an error that says when they open', () => {
		const stop = { outside: 'stop' } as const;
		expect(factsOf(() => plan('2026-12-01T09:00:00Z', NOW, stop))).toMatchObject({
			what: `Outside 'Sending Hours': it is 2026-12-01T04:00:00-05:00 ${BY_CONTACT}`,
			next: expect.stringMatching(/^They open at 2026-12-01T08:00:00-05:00\./) as string,
			outcome: 'notDone',
		});
		expect(() => plan('2026-12-01T09:00:00Z', at('2026-12-02T04:00:00Z'), stop)).toThrow(
			`Outside 'Sending Hours': the time to send at is 2026-12-01T23:00:00-05:00 ${BY_CONTACT}`,
		);
		expect(plan('2026-12-01T14:00:00Z', NOW, stop).body).toEqual(NOW);
		// Late, but within the hours: it still goes out.
		expect(plan('2026-12-01T14:00:00Z', at('2026-12-01T13:59:00Z'), stop).body).toEqual(
			at('2026-12-01T09:02:00-05:00'),
		);
		expect(() => plan('2026-12-02T02:30:00Z', at('2026-12-02T01:59:00Z'), stop)).toThrow(
			"Outside 'Sending Hours'",
		);
	});

	test.each<[string, Partial<SendingHours>, string[]]>([
		['never open in all zones', { to: 10 * 60 }, ['America/Los_Angeles', 'Asia/Kolkata']],
		['open for less than a minute and a half', { to: 8 * 60 + 1 }, ['America/New_York']],
	])('hours that are %s are an error', (_, hours, zones) => {
		const where = { zones, source: 'the phone number' };
		expect(() => plan('2026-12-01T09:00:00Z', NOW, hours, where)).toThrow(
			`'Sending Hours' never open in ${zones.join(' and ')}, by the phone number`,
		);
	});

	test('whatever is asked for and whenever, what goes out is within the hours', () => {
		const times = fc.integer({
			min: ms('2026-10-25T00:00Z'),
			max: ms('2027-04-01T00:00Z'),
		});
		fc.assert(
			fc.property(times, fc.option(times), fc.nat(86_400_000), (now, date, later) => {
				const desired = date === null ? NOW : at(new Date(date).toISOString());
				const { body, isStale } = planWithinHours(n8n, DAYTIME, NEW_YORK)(desired, now);
				if (isStale(now + later)) return;
				const goesOutAt = body.status === 'outbox' ? now + later : ms(String(body.date_scheduled));
				expect(isOpen(DAYTIME, NEW_YORK.zones, goesOutAt)).toBe(true);
				expect(isOpen(DAYTIME, NEW_YORK.zones, goesOutAt + 59_000)).toBe(true);
				expect(goesOutAt).toBeGreaterThanOrEqual(now + later);
				if (date !== null) expect(goesOutAt).toBeGreaterThanOrEqual(date);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('how long a plan by Sending Hours holds', () => {
	test.each<[string, string, IDataObject, string, string]>([
		[
			'what goes out now, until a minute before the hours end',
			'2026-12-02T01:58:00Z',
			NOW,
			'2026-12-02T01:58:59Z',
			'2026-12-02T01:59:00Z',
		],
		[
			'what is scheduled, until five seconds before its time',
			'2026-12-01T18:00:00Z',
			at('2026-12-01T18:01:00Z'),
			'2026-12-01T18:00:55.000Z',
			'2026-12-01T18:00:55.001Z',
		],
		[
			'what was moved, until five seconds before its time',
			'2026-12-02T03:00:00Z',
			NOW,
			'2026-12-02T12:59:55.000Z',
			'2026-12-02T12:59:55.001Z',
		],
	])('%s', (_, now, desired, holds, tooLate) => {
		const { isStale } = plan(now, desired);
		expect([isStale(ms(holds)), isStale(ms(tooLate))]).toEqual([false, true]);
	});
});

describe('without Sending Hours', () => {
	const asAsked = (now: string, desired: IDataObject) => planAsAsked(n8n)(desired, ms(now));

	test('a text goes out now whenever that is', () => {
		const planned = asAsked('2026-12-01T03:00:00Z', NOW);
		expect(planned).toMatchObject({ body: NOW, at: ms('2026-12-01T03:00:00Z') });
		expect(planned.isStale(ms('2027-12-01T03:00:00Z'))).toBe(false);
	});

	test('a time that passes while the text waits is an error, since Close would send it at once', () => {
		const desired = at('2026-12-01T10:00:00Z');
		const planned = asAsked('2026-12-01T09:59:59Z', desired);
		expect(planned).toMatchObject({ body: desired, at: ms('2026-12-01T10:00:00Z') });
		expect(planned.isStale(ms('2026-12-01T09:59:59.999Z'))).toBe(false);
		expect(planned.isStale(ms('2026-12-01T10:00:00Z'))).toBe(true);
		expect(() => asAsked('2026-12-01T10:00:00Z', desired)).toThrow(
			'Not sent: the time to send at, 2026-12-01T11:00:00+01:00, passed while this waited',
		);
	});
});
