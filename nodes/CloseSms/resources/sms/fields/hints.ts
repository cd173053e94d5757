import type { NodeHint } from 'n8n-workflow';
import { FILE_TTL_HOURS, FILES_EXPIRE } from '../../withUploads';

/**
 * What the editor shows beside a node that schedules a text for later than Close keeps its files (Close: "Files").
 * Everything but `operation` and `collection` is an expression.
 *
 * @param isLater whether the text is scheduled
 * @param collection the parameter that holds 'Attachments'
 * @param date when the text goes out
 */
export const fileExpiryHint = ({
	operation,
	isLater,
	collection,
	date,
}: Record<'operation' | 'isLater' | 'collection' | 'date', string>): NodeHint => ({
	message: `${FILES_EXPIRE} Schedule it sooner, or attach files by a URL that lasts.`,
	type: 'warning',
	displayCondition: `={{ ${[
		'$parameter["resource"] === "sms"',
		`$parameter["operation"] === "${operation}"`,
		isLater,
		`($parameter["${collection}"]?.attachments?.attachment ?? []).some((one) => one.source !== "url")`,
		`DateTime.fromISO(${date}) > $now.plus({ hours: ${FILE_TTL_HOURS} })`,
	].join(' && ')} }}`,
});
