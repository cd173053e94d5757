import type { IDataObject } from 'n8n-workflow';

interface CarrierError {
	/** Why the text did not reach the phone. */
	reason: string;
	advice: string;
	/** No text can ever reach this number. */
	isForGood?: true;
}

const CHECK_NUMBER = 'Check the number, and correct it in Close.';
const USE_MOBILE = 'Text a mobile number of this person, or call.';
const TRY_LATER = 'Try again later.';

/**
 * What the numbers of Twilio and Plivo mean, the carriers of Close's texts (Close: "Phone Numbers", `carrier`). 30003 to
 * 30008 as Close's help lists them ("How do I know if an SMS message fails to send"), the other numbers of five digits as
 * Twilio does (twilio.com/docs/api/errors), the shorter ones as Plivo does (plivo.com/docs/messaging/troubleshooting,
 * "Error codes"). In July 2024 Twilio took 21265, 21268 and 21635 out of 21211 and 21614 (its changelog), so all five are
 * for good. That `error_message` has the number is not documented.
 */
const CARRIER_ERRORS: Record<number, CarrierError> = {
	10: {
		reason: 'The carrier called the message invalid.',
		advice: 'Change the words or the files, and try again.',
	},
	20: { reason: "The carrier's network had a fault.", advice: TRY_LATER },
	30: {
		reason: 'The carrier filtered it out as unwanted.',
		advice:
			'Change the words (links, capitals and offers are often filtered), and say who you are.',
	},
	40: {
		reason: 'The number it was sent from cannot text.',
		advice: 'Send from another number of yours that can text.',
	},
	50: {
		reason: 'The number it was sent to is not one that can be texted.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	60: {
		reason: 'The carrier took it for a loop: two programs that answer each other.',
		advice: 'Look whether a program answers at the other end, and stop texting it.',
	},
	70: {
		reason: 'The number is not in service.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	80: {
		reason: 'The phone cannot be reached at the moment: it may be off or out of range.',
		advice: 'Try again later, or call.',
	},
	90: { reason: 'The carrier found no route to the phone.', advice: 'Try again later, or call.' },
	100: {
		reason: 'The carrier does not allow this message.',
		advice: 'Contact the person another way, or ask the support of Close.',
	},
	110: { reason: 'The message is too long.', advice: 'Shorten it.' },
	200: {
		reason: 'The person has opted out of SMS from this number.',
		advice:
			'Do not text them from another number. Only they can undo it, by texting START to yours.',
	},
	201: {
		reason: 'A toll-free number of the US cannot text numbers of Canada.',
		advice: 'Send from a number of yours that is not toll-free.',
	},
	1000: { reason: 'The carrier gave no reason.', advice: TRY_LATER },
	11751: {
		reason: 'The files are larger than the carrier takes.',
		advice: 'Send smaller files, of 5 MB together at most, or a link.',
	},
	21211: {
		reason: 'The number it was sent to is not a valid phone number.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	21265: {
		reason: 'The number is a short code, which cannot be texted.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	21268: {
		reason: 'The number is that of a premium or information service, which cannot be texted.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	21408: {
		reason: 'SMS to the country of this number are not allowed.',
		advice:
			'Send from a number of the same country, if you have one in Close; it sends no SMS abroad.',
	},
	21606: {
		reason: 'The number it was sent from cannot text this number.',
		advice: 'Send from another number of yours that can text, of the same country.',
	},
	21610: {
		reason: 'The person has opted out of SMS from this number.',
		advice:
			'Do not text them from another number. Only they can undo it, by texting START to yours.',
	},
	21612: {
		reason: 'An SMS from this number of yours cannot reach the number it was sent to.',
		advice: 'Send from another number of yours, of the same country.',
	},
	21614: {
		reason: 'The number is not a mobile number: probably a landline, or not valid.',
		advice: USE_MOBILE,
		isForGood: true,
	},
	21617: { reason: 'The message is too long.', advice: 'Shorten it.' },
	21635: {
		reason: 'The number is a landline.',
		advice: USE_MOBILE,
		isForGood: true,
	},
	30001: {
		reason: 'Too many SMS were waiting to go out from this number.',
		advice: 'Try again later, with fewer at a time.',
	},
	30002: {
		reason: 'The account with the carrier was suspended while this waited.',
		advice: 'Ask the support of Close.',
	},
	30003: {
		reason: 'The phone cannot be reached: it may be off, out of range, or not accept SMS.',
		advice: 'Try again later, or call.',
	},
	30004: {
		reason: 'The SMS was blocked on its way to the phone.',
		advice: 'The person or their carrier may block SMS. Contact them another way.',
	},
	30005: {
		reason: 'The carrier does not know this number, or it is no longer in service.',
		advice: CHECK_NUMBER,
		isForGood: true,
	},
	30006: {
		reason: 'The number is a landline, or its carrier cannot be reached.',
		advice: USE_MOBILE,
		isForGood: true,
	},
	30007: {
		reason: 'The carrier filtered it out as unwanted.',
		advice:
			'Change the words (links, capitals and offers are often filtered), say who you are, and look at your A2P 10DLC registration in Close.',
	},
	30008: {
		reason: 'The carrier gave no reason.',
		advice: 'Try again later. If it fails again, text another number or call.',
	},
	30011: {
		reason: 'The phone cannot be sent files.',
		advice: 'Send the words alone, with a link to the file.',
	},
	30022: {
		reason: 'SMS went out faster than your A2P 10DLC registration allows.',
		advice: 'Send fewer at a time.',
	},
	30023: {
		reason: 'Your A2P 10DLC registration allows no more SMS to this carrier today.',
		advice: 'Try again tomorrow, or raise your registration in Close.',
	},
	30032: {
		reason: 'The toll-free number it was sent from is not verified yet.',
		advice: 'Verify it in Close, under Settings > Phone, or send from another number.',
	},
	30034: {
		reason:
			'The number it was sent from is not registered for SMS to the United States (A2P 10DLC).',
		advice: 'Register it in Close, under Settings > Phone; until then none of its SMS arrive.',
	},
};

interface FailureInfo extends IDataObject {
	/** The carrier's number; null when none is named. */
	error_code: number | null;
	/** In plain words; null when the number is not known to us. */
	error_reason: string | null;
	error_next_step: string | null;
}

/** A number that stands alone, and not in a phone number or an ID: one of Twilio's. */
const CODE = /(?<![\w+-])\d{5}(?![\w-])/g;

/** Words after which any number of five digits is a code. */
const NAMED_CODE = /(?<![a-z])(?:error|code)\W{0,3}(\d{5})(?!\w)/i;

/** A number this short is one of Plivo's only after these words, or where it stands alone. */
const SHORT_CODE = /(?<![a-z])(?:error|code)\W{0,3}(\d{2,4})(?!\w)|^\W*(\d{2,4})\W*$/i;

/** The number of what went wrong, whether known to us or not; null when none is named. */
function findCode(errorMessage: string): number | null {
	const known = errorMessage
		.match(CODE)
		?.map(Number)
		.find((code) => code in CARRIER_ERRORS);
	if (known !== undefined) return known;
	const named = NAMED_CODE.exec(errorMessage)?.[1];
	if (named !== undefined) return Number(named);
	const [, ofWords, alone] = SHORT_CODE.exec(errorMessage) ?? [];
	const short = Number(ofWords ?? alone);
	return short in CARRIER_ERRORS ? short : null;
}

/**
 * What a text's `error_message` means.
 *
 * @returns undefined for a text without one
 */
export function explainFailure(errorMessage: unknown): FailureInfo | undefined {
	if (typeof errorMessage !== 'string' || errorMessage.trim() === '') return undefined;
	const code = findCode(errorMessage);
	const error = code === null ? undefined : CARRIER_ERRORS[code];
	return {
		error_code: code,
		error_reason: error?.reason ?? null,
		error_next_step: error?.advice ?? null,
	};
}

/**
 * Why no text can ever reach a number, by the `error_message` of one that failed.
 *
 * @returns a sentence; undefined where the message says no such thing
 */
export function explainFailureForGood(errorMessage: unknown): string | undefined {
	const code = typeof errorMessage === 'string' ? findCode(errorMessage) : null;
	const error = code === null ? undefined : CARRIER_ERRORS[code];
	return error?.isForGood && error.reason;
}
