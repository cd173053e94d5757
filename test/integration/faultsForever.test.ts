import { startSimulator } from '../../dev/simulator';
import {
	CASES,
	FAULTS,
	inEachMode,
	isCarriedOut,
	isRefusal,
	OPERATIONS,
	phoneOf,
	prepare,
	sendsNow,
	injectFault,
} from './faultTable';
import { errorOf } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

test.concurrent.each(CASES)(
	'%s, every time, in %s: the error says what is so, and nobody is texted twice',
	async (fault, name) => {
		const operation = OPERATIONS[name];
		const lost = operation.isPost
			? 'A draft may have been left in Close, and nobody was texted'
			: { text: 'This SMS may have been sent', write: 'This may have been done', read: '' }[
					operation.effect
				];
		// The list shows that it was created, and what is like it cannot be read.
		const isFound = operation.isPost === true && isCarriedOut(fault);
		const isBusy = !lost || (isRefusal(fault, operation) && !isFound);
		const what = isBusy ? 'Close was busy or out of reach' : lost;
		await inEachMode(async (close, onError) => {
			const { texts, run } = prepare(close, operation, { onError });
			injectFault(close, operation, fault, texts[1].id, 99);
			// The read-back fails too.
			const path = operation.isPost || operation.faultAt.after ? 'acti_' : texts[1].id;
			if (operation.effect !== 'read')
				close.faults.order({
					...FAULTS[fault],
					times: 99,
					after: operation.readsBefore ?? 0,
					match: { method: 'GET', path },
				});
			const { error, outputs } = await run(fault, { maxRetries: 1 });
			const message = error?.message ?? outputs.flat().map(errorOf).find(Boolean)?.message;
			await close.clock.advance(1000);

			// A delete needs nothing from the response, and the repeat of one that was done gets 404.
			if (operation.effect === 'write' && !message)
				expect([name, close.sms(texts[1].id)]).toEqual(['delete', undefined]);
			else expect(message).toMatch(new RegExp(`^${what} \\[item 1\\]: `));
			expect(close.timesTexted(phoneOf(0))).toBe(sendsNow(operation) ? 1 : 0);
			expect(close.timesTexted(phoneOf(1))).toBeLessThanOrEqual(sendsNow(operation) ? 1 : 0);
			if (!error) expect(outputs.flat().length).toBe(3);
		});
	},
);

test('a host that is out of reach: nothing was sent, and it says so', async () => {
	const close = await startSimulator();
	const { run } = prepare(close, OPERATIONS['update: send'], {});
	await close.stop();
	const { error } = await run('', { maxRetries: 1 });

	expect(error?.message).toBe('Close was busy or out of reach [item 0]: ECONNREFUSED');
	expect(error?.description).toMatch(/^Check the network between n8n and Close/);
});
