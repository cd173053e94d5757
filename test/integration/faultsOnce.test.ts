import {
	CASES,
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
	'%s, once, in %s: done exactly once, or the error says that it may have been',
	async (fault, name) => {
		const operation = OPERATIONS[name];
		// A create whose response got lost is looked for. One that is not there is not made again: it may come yet.
		const isLost =
			operation.isPost === true && !isRefusal(fault, operation) && !isCarriedOut(fault);
		await inEachMode(async (close, onError) => {
			const { texts, run } = prepare(close, operation, { onError });
			injectFault(close, operation, fault, texts[1].id);
			const { error, outputs } = await run(fault);
			const message = error?.message ?? outputs.flat().map(errorOf).find(Boolean)?.message;
			const items = outputs.flat().filter(({ json }) => !json.error);
			await close.clock.advance(1000);
			const texted = [0, 1, 2].map((n) => close.timesTexted(phoneOf(n)));
			const isDone = (n: number) => !isLost || n === 0 || (n === 2 && onError !== 'stopWorkflow');

			if (isLost)
				expect(message).toMatch(
					/^A draft may have been left in Close, and nobody was texted \[item 1\]: /,
				);
			else expect(message).toBeUndefined();
			if (!error)
				expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
					[0, 1, 2].filter(isDone).map((item) => ({ item })),
				);
			for (const { json } of items) expect(json).toMatchObject(operation.expected);
			expect(texted).toEqual([0, 1, 2].map((n) => (sendsNow(operation) && isDone(n) ? 1 : 0)));
		});
	},
);
