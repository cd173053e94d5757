import { speedUpTime, wait } from '../../../dev/platform';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { backIn, CATCH_UP, CAUGHT_UP, hearFrom, HOUR, MINUTE, texts } from './setUpCatchUp';
import { setUpTrigger } from './setUpTrigger';

speedUpTime(60);
const trigger = setUpTrigger();
const hear = hearFrom(trigger);
const caughtUp = async () =>
	await waitUntil(async () => trigger.n8n.log.some((line) => CAUGHT_UP.test(line)), 1_200_000);
test.each([-120, -10, 10, 120])(
	"Catch Up starts for what it missed although n8n's clock was %d min ahead when the workflow was unpublished, and is right now",
	async (minutes) => {
		const workflow = await backIn(5 * HOUR, async () => await trigger.active(CATCH_UP));
		// Only n8n's clock is wrong for a while.
		trigger.close.clock.differ(-minutes * MINUTE);
		await backIn(-minutes * MINUTE, async () => await trigger.n8n.deactivate(workflow));
		trigger.close.clock.differ(minutes * MINUTE);
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['missed']);
	},
);

describe.each([-240, -20, -4, 4, 20, 240])(
	"Catch Up when Close's clock is %d min ahead of n8n's",
	(minutes) => {
		beforeEach(() => trigger.close.clock.differ(minutes * MINUTE));
		const longAtWork = async () =>
			await backIn(5 * HOUR, async () => await trigger.active(CATCH_UP));

		test('starts for what n8n accepted while it was starting', async () => {
			const workflow = await longAtWork();
			trigger.n8n.isMigrating = true;
			hear('one');
			await trigger.deliver();
			trigger.n8n.isMigrating = false;
			await trigger.n8n.restart();
			await caughtUp();
			expect(texts(workflow)).toEqual(['one']);
		});

		test('starts for what it missed while it was unpublished', async () => {
			const workflow = await longAtWork();
			await trigger.n8n.deactivate(workflow);
			hear('one');
			await trigger.n8n.activate(workflow);
			await caughtUp();
			expect(texts(workflow)).toEqual(['one']);
		});

		test('does not start for what was before it was published for the first time', async () => {
			await backIn(2 * MINUTE, async () => hear('before'));
			const workflow = await trigger.active(CATCH_UP);
			await wait(MINUTE);
			await trigger.n8n.deactivate(workflow);
			hear('one');
			await trigger.n8n.activate(workflow);
			await caughtUp();
			expect(texts(workflow)).toEqual(['one']);
		});
	},
);
