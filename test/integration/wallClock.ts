import { replaceNow } from '../../dev/platform';

/**
 * Sets the time of day for the node and the simulated Close of a test file; it goes on from there. Timers stay real.
 * To be called where tests are defined.
 */
export function setUpWallClock() {
	const RealDate = Date;
	let offset = 0;
	let later: { isReached: () => boolean; iso: string } | undefined;
	const set = (iso: string) => {
		offset = RealDate.parse(iso) - RealDate.now();
	};
	const now = () => {
		const { isReached = () => false, iso } = later ?? {};
		if (iso && isReached()) {
			later = undefined;
			set(iso);
		}
		return RealDate.now() + offset;
	};
	let putBack: () => void;
	beforeAll(() => {
		putBack = replaceNow(now);
	});
	afterEach(() => {
		offset = 0;
		later = undefined;
	});
	afterAll(() => putBack());
	return {
		/** From now on it is this time. */
		itIs: set,
		/** It is this time as soon as something has happened. */
		itWillBe: (iso: string, isReached: () => boolean) => void (later = { isReached, iso }),
	};
}
