/**
 * The carriers' errors that Close's help names (30003 to 30008) and some of Twilio's. That `error_message` carries the
 * number, and its wording, is INFERRED.
 */
export const CARRIER_ERRORS = {
	21211: "invalid 'To' phone number",
	21610: 'recipient has opted out',
	21614: "'To' number is not a valid mobile number",
	30003: 'unreachable destination handset',
	30004: 'message blocked',
	30005: 'unknown destination handset',
	30006: 'landline or unreachable carrier',
	30007: 'carrier filtered the message',
	30008: 'unknown error',
	30034: 'message from an unregistered number (A2P 10DLC)',
} as const;

export type CarrierError = keyof typeof CARRIER_ERRORS;

/** What Close says in `error_message`, e.g. `30006 landline or unreachable carrier`. */
export const carrierMessage = (code: CarrierError): string => `${code} ${CARRIER_ERRORS[code]}`;

export interface CarrierFailure {
	/** becomes `error_message` */
	message: string;
	/**
	 * 0: at once, so that the text goes from `outbox` to `error`. More: it is `sent` first, and `error` so many
	 * milliseconds (of simulated time) later. Either way nobody is texted.
	 */
	after: number;
}

/** What the carriers do not deliver, by the number it is for. */
export class Carrier {
	private readonly failures = new Map<string, CarrierFailure>();

	/** Forgets what was ordered; `unreachable` has the numbers that fail at once, with the message. */
	reset(unreachable: Record<string, string>): void {
		this.failures.clear();
		for (const [number, message] of Object.entries(unreachable))
			this.failures.set(number, { message, after: 0 });
	}

	/** From now on texts to this number fail with this error; `after` is 0 unless given. */
	fails(remotePhone: string, code: CarrierError, { after = 0 } = {}): void {
		this.failures.set(remotePhone, { message: carrierMessage(code), after });
	}

	/** Delivers to this number (again). */
	delivers(remotePhone: string): void {
		this.failures.delete(remotePhone);
	}

	failureFor(remotePhone: string): CarrierFailure | undefined {
		return this.failures.get(remotePhone);
	}
}
