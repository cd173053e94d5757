import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { process, say } from '../../dev/platform';
import type { RandomFaults } from '../../dev/simulator';
import { errorOf, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';

const sms = setUpSms();
const { itIs, itWillBe } = setUpWallClock();
const ITEMS = 2000;
const FIVE_MINUTES = 300_000;
const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 32));

/** What strikes a tenth of all requests, also those that look what became of another. */
const KINDS: RandomFaults['kinds'] = [
	{ kind: 'status', status: 429, headers: { ratelimit: 'limit=9999, remaining=0, reset=0.02' } },
	{ kind: 'status', status: 500, applied: true },
	{ kind: 'status', status: 502 },
	{ kind: 'status', status: 503 },
	'resetBefore',
	'resetAfter',
	{ kind: 'html', status: 200, applied: true },
	{ kind: 'cutJson', framing: 'whole' },
	'emptyBody',
];

/** 8:00 to 21:00 in New York on these two days of winter time, in UTC. */
const isWithin = (at: Date) =>
	[1, 2, 3].some(
		(day) =>
			at.getTime() >= Date.parse(`2026-12-0${day}T13:00:00Z`) &&
			at.getTime() < Date.parse(`2026-12-0${day + 1}T02:00:00Z`),
	);

test(
	`${ITEMS} texts with Sending Hours and Wait Until Sent while a tenth of all requests fails, and the hours end in the middle (SOAK_SEED=${seed}): nobody is texted outside of them, nobody twice`,
	async () => {
		itIs('2026-12-02T01:30:00Z');
		const { newYork } = sms.close.account.contacts;
		const local_phone = sms.close.account.phoneNumbers.main.number;
		const items = Array.from({ length: ITEMS }, (_, n) => {
			const remote_phone = `+1212${5_000_000 + n}`;
			newYork.phones.push({ ...newYork.phones[0], phone: remote_phone });
			const draft = { text: `For ${n}`, remote_phone, local_phone, contact_id: newYork.id };
			return { id: sms.close.addSms(draft).id, remotePhone: remote_phone };
		});
		sms.close.faults.random({ seed, share: 0.1, kinds: KINDS });
		// When half of them are on their way it is 21:00:10 in New York.
		const isHalfSent = () => sms.close.texted.length >= ITEMS / 2;
		itWillBe('2026-12-02T02:00:10Z', isHalfSent);
		const { items: outputs, error } = await sms.run(
			'sendDraft',
			{
				smsId: byId('={{ $json.id }}'),
				options: {
					maxConcurrency: 50,
					maxRetries: 2,
					waitUntilSent: 5,
					sendingHours: { hours: {} },
				} as INodeParameters,
			},
			{ items, node: { onError: 'continueRegularOutput' } },
		);
		sms.close.clock.advance(2 * 86_400_000);

		expect(error).toBeUndefined();
		const tally: Record<string, number> = {};
		for (const { json } of outputs) {
			const what = errorOf({ json })?.message?.replace(/ \[.*/, '') ?? String(json.status);
			tally[what] = (tally[what] ?? 0) + 1;
		}
		const times = sms.close.texted.map(({ at }) => at);
		const moved = times.filter((at) => at >= new Date('2026-12-02T13:00:00Z')).length;
		say(
			`Soak, SOAK_SEED=${seed}: ${JSON.stringify({ ...tally, texted: times.length, moved, outside: times.filter((at) => !isWithin(at)).length })}`,
		);

		// What was admitted at 20:59 may reach the simulated phone a moment after the clock was set.
		const inFlight = times.filter(
			(at) => !isWithin(at) && at.getTime() < Date.parse('2026-12-02T02:00:20Z'),
		);
		expect(times.filter((at) => !isWithin(at)).length).toBe(inFlight.length);
		expect(inFlight.length).toBeLessThanOrEqual(50);
		const counts = items.map(({ remotePhone }) => sms.close.timesTexted(remotePhone));
		expect(Math.max(...counts)).toBe(1);
		outputs.forEach(({ json }, n) => {
			if (!json.error) expect(counts[n]).toBe(1);
			if (/^(Close refused|Close was busy)/.test(errorOf({ json })?.message ?? ''))
				expect(counts[n]).toBe(0);
		});
		expect(moved).toBeGreaterThan(ITEMS / 4);
		expect(times.length - moved).toBeGreaterThan(ITEMS / 4);
		expect(outputs).toHaveLength(ITEMS);
	},
	FIVE_MINUTES,
);
