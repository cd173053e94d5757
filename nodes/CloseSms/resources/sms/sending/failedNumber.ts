import { explainFailureForGood } from '../../../../shared/carrierErrors';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { isSamePhoneNumber } from '../../../../shared/phoneNumber';

/** The last text to a number, when no text can ever reach it. */
export interface FailedForGood {
	text: SmsActivity;
	/** Why, in a sentence. */
	reason: string;
}

/** When a text went out, came in or failed, in milliseconds since 1970; -Infinity where Close shows no time. */
function getTime({ status, date_sent: sent, date_updated: updated, ...text }: SmsActivity): number {
	// A draft is created, and a text may be scheduled, long before it fails; it may be changed long after.
	const dates = status === 'error' ? [sent, updated] : [sent];
	const known = [...dates, text.activity_at, text.date_scheduled, text.date_created]
		.map((date) => Date.parse(String(date)))
		.find((time) => !Number.isNaN(time));
	return known ?? -Infinity;
}

/**
 * Whether a number is known to be one that no text can reach: the last text to it failed for good, and since then none has
 * reached it and none has come from it. Only what Close shows clearly to be of this number counts.
 */
export function findFailedForGood(
	texts: SmsActivity[],
	remotePhone: unknown,
): FailedForGood | undefined {
	const [last] = texts
		.filter(({ remote_phone: phone }) => isSamePhoneNumber(phone, remotePhone))
		.filter(({ status }) => status === 'sent' || status === 'error' || status === 'inbox')
		.sort((one, other) => getTime(other) - getTime(one));
	if (last?.status !== 'error') return undefined;
	const reason = explainFailureForGood(last.error_message);
	return reason === undefined ? undefined : { text: last, reason };
}
