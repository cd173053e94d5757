/** Clocks that differ by less count as equal: a response is on its way for a while, and names whole seconds. */
const MAX_OFFSET_MS = 30_000;

/** Close's clock: n8n may run on a machine whose clock is wrong, and Close dates each response. */
export class CloseClock {
	private offsetMs = 0;

	/** @param time when Close sent a response, in milliseconds since 1970; NaN when it does not say */
	record(time: number): void {
		const offset = time - Date.now();
		if (!Number.isNaN(offset)) this.offsetMs = Math.abs(offset) > MAX_OFFSET_MS ? offset : 0;
	}

	/** @returns milliseconds since 1970; by our own clock until a response has told of another */
	now = (): number => Date.now() + this.offsetMs;
}
