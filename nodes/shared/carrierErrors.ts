import type { IDataObject } from 'n8n-workflow';

interface CarrierError {
	/** Why the text did not reach the phone. */
	reason: string;
	nextStep: string;
}

/**
 * What the carriers' numbers mean: 30003 to 30008 as Close's help lists them ("How do I know if an SMS message fails to
 * send"), 21610 and 30034 from Twilio, which carries Close's texts. That `error_message` has the number is not documented.
 */
const CARRIER_ERRORS: Record<number, CarrierError> = {
	21610: {
		reason: 'The person has opted out of SMS from this number.',
		nextStep:
			'Do not text them from another number. Only they can undo it, by texting START to yours.',
	},
	30003: {
		reason: 'The phone cannot be reached: it may be off, out of range, or not accept SMS.',
		nextStep: 'Try again later, or call.',
	},
	30004: {
		reason: 'The SMS was blocked on its way to the phone.',
		nextStep: 'The person or their carrier may block SMS. Contact them another way.',
	},
	30005: {
		reason: 'The carrier does not know this number, or it is no longer in service.',
		nextStep: 'Check the number, and correct it in Close.',
	},
	30006: {
		reason: 'The number is a landline, or its carrier cannot be reached.',
		nextStep: 'Text a mobile number of this person, or call.',
	},
	30007: {
		reason: 'The carrier filtered it out as unwanted.',
		nextStep:
			'Change the words (links, capitals and offers are often filtered), say who you are, and look at your A2P 10DLC registration in Close.',
	},
	30008: {
		reason: 'The carrier gave no reason.',
		nextStep: 'Try again later. If it fails again, text another number or call.',
	},
	30034: {
		reason:
			'The number it was sent from is not registered for SMS to the United States (A2P 10DLC).',
		nextStep: 'Register it in Close, under Settings > Phone; until then none of its SMS arrive.',
	},
};

interface FailureInfo extends IDataObject {
	/** The carrier's number; null when none is named. */
	error_code: number | null;
	/** In plain words; null when the number is not known to us. */
	error_reason: string | null;
	error_next_step: string | null;
}

/** A number that stands alone, and not in a phone number or an ID. */
const CODE = /(?<![\w+-])\d{5}(?![\w-])/g;

/** After which words any number is a code. */
const NAMED_CODE = /\b(?:error|code)\W{0,3}(\d{5})(?!\w)/i;

/**
 * What a text's `error_message` means.
 *
 * @returns undefined for a text without one
 */
export function explainFailure(errorMessage: unknown): FailureInfo | undefined {
	if (typeof errorMessage !== 'string' || errorMessage.trim() === '') return undefined;
	const known = errorMessage
		.match(CODE)
		?.map(Number)
		.find((code) => code in CARRIER_ERRORS);
	const named = NAMED_CODE.exec(errorMessage)?.[1];
	const code = known ?? (named ? Number(named) : null);
	const error = code === null ? undefined : CARRIER_ERRORS[code];
	return {
		error_code: code,
		error_reason: error?.reason ?? null,
		error_next_step: error?.nextStep ?? null,
	};
}
