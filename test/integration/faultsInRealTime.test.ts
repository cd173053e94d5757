import { inEachMode, injectFault, OPERATIONS, phoneOf, prepare, sendsNow } from './faultTable';

test.concurrent.each(Object.keys(OPERATIONS))(
	'503, once, in %s, with the real waits between two tries: done exactly once, half a second later',
	async (name) => {
		const operation = OPERATIONS[name];
		await inEachMode(async (close, onError) => {
			const { texts, run } = prepare(close, operation, { onError });
			injectFault(close, operation, '503', texts[1].id);
			const { error, outputs } = await run('503');
			close.clock.advance(1000);
			const failed = close.requests.findIndex(({ status }) => status === 503);
			const [first, second] = close.requests.slice(failed);

			expect(error).toBeUndefined();
			expect(outputs.flat().filter(({ json }) => json.error)).toEqual([]);
			// Half of the first back-off at the least, see `backoffDelay`; the clocks differ by a millisecond or two.
			expect(second.at - first.at).toBeGreaterThan(240);
			if (sendsNow(operation))
				expect([0, 1, 2].map((n) => close.timesTexted(phoneOf(n)))).toEqual([1, 1, 1]);
		});
	},
);
