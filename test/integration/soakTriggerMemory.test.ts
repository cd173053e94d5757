import { growthPerRun, MAX_MS, RUNS } from './heapGrowth';
import { eventOf, setUpTrigger } from './trigger/setUpTrigger';

const trigger = setUpTrigger();

/** What may be left of one delivery, whose event has ten times as much. */
const MAX_BYTES = 1000;
const TEXT = 'Hello '.repeat(1700);

test(
	`${RUNS} deliveries that n8n could not start leave nothing behind`,
	async () => {
		const workflow = await trigger.active({ events: ['received'], output: 'raw' });
		trigger.n8n.breakdown = true;
		const deliver = async (n: number) => {
			const data = { id: `acti_${n}`, direction: 'inbound', status: 'inbox', text: TEXT };
			expect(await trigger.deliverEvent(workflow, eventOf(`ev_${n}`, { data }))).toBe(500);
		};
		expect(await growthPerRun(RUNS, deliver, async () => {})).toBeLessThan(MAX_BYTES);
	},
	MAX_MS,
);
