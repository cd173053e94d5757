import { skipWaits } from '../dev/platform';

/** For a test file that is about what is sent and told, not about how long it takes. To be called where tests are defined. */
export function setUpSkippedWaits() {
	// At once: concurrent tests begin before `beforeAll`.
	const putBack = skipWaits();
	afterAll(putBack);
}
