import fc from 'fast-check';
import { backoffDelay } from '../../nodes/shared/delay';

test('the back-off grows, has jitter and stays below half a minute', () => {
	fc.assert(
		fc.property(fc.nat(60), (attempt) => {
			const wait = backoffDelay(attempt);
			expect(wait).toBeGreaterThanOrEqual(Math.min(30_000, 500 * 2 ** attempt) / 2);
			expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt));
		}),
	);
});
