/** Clocks that differ by less count as equal: a response is on its way for a while, and names whole seconds. */
const MAX_OFFSET_MS = 30_000;

/** Close's clock: n8n may run on a machine whose clock is wrong, and Close dates each response. */
export class CloseClock {
	private offsetMs = 0;

	/**
	 * @param time when Close sent a response, in milliseconds since 1970; NaN when it does not say
	 * @param sentAt when the request was sent, by our own clock: a response that was long on its way says nothing
	 */
	record(time: number, sentAt = Date.now()): void {
		const offset = time - Date.now();
		if (Number.isNaN(offset)) return;
		const isWrong = offset > MAX_OFFSET_MS || time - sentAt < -MAX_OFFSET_MS;
		this.offsetMs = isWrong ? offset : 0;
	}

	/** @returns milliseconds since 1970; by our own clock until a response has told of another */
	now = (): number => Date.now() + this.offsetMs;

	/** @returns the same moment by our own clock; both in milliseconds since 1970 */
	toOwnTime = (time: number): number => time - this.offsetMs;

	/** The way back. */
	toCloseTime = (time: number): number => time + this.offsetMs;
}

/** As this process knows it from requests outside runs. */
export const closeClock = new CloseClock();
