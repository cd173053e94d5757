import type { IDataObject } from 'n8n-workflow';
import { parseCloseId } from '../../../shared/closeId';
import type { SmsActivity } from '../../../shared/closeTypes';
import { getTime } from '../../../shared/exchangedText';
import { inZone } from '../../../shared/time';

/** Whose texts are wanted, by what the user chose under 'Person'; a number is read by itself. */
export interface PersonById {
	kind: 'contact' | 'lead' | 'sms';
	id: string;
}

/**
 * Reads a 'Person' that is given by an ID.
 *
 * @param mode of the resource locator
 * @param value an ID, or the address of a page of Close that has it; an entry of the list of people
 * @returns undefined when the value is not of its mode's kind
 */
export function parsePersonId(mode: unknown, value: unknown): PersonById | undefined {
	const kind = mode === 'list' ? 'contact' : mode;
	if (kind !== 'contact' && kind !== 'lead' && kind !== 'sms') return undefined;
	// The list of people has "<contact>|<number>".
	const given = mode === 'list' && typeof value === 'string' ? value.split('|')[0] : value;
	const reading = parseCloseId(given, kind);
	return 'id' in reading ? { kind, id: reading.id } : undefined;
}

/** The fields of an activity that a conversation is made of. */
export const CONVERSATION_FIELDS = [
	'activity_at',
	'contact_id',
	'date_created',
	'date_sent',
	'direction',
	'remote_phone',
	'status',
];

/** Texts in the order in which they were said, the oldest first; of one moment, in the order of their creation. */
export const sortByTime = <T extends { activity: SmsActivity }>(newestFirst: T[]): T[] =>
	[...newestFirst].reverse().sort((one, other) => getTime(one.activity) - getTime(other.activity));

/** A text as an AI model reads it. */
interface ChatMessage extends IDataObject {
	/** `user` is the person who is texted. */
	role: 'user' | 'assistant';
	text: string;
	/** ISO 8601. */
	time: string;
}

/** The files of an MMS, a line each: a message without words would be empty. */
const describeAttachments = (attachments: unknown): string[] =>
	(Array.isArray(attachments) ? attachments : []).map(
		({ filename, content_type: type }: IDataObject) => `[Attachment: ${String(filename ?? type)}]`,
	);

/** @param zone IANA name of the zone of the times */
export const toMessage = (activity: SmsActivity, zone: string): ChatMessage => ({
	role: activity.direction === 'inbound' ? 'user' : 'assistant',
	text: [activity.text ?? '', ...describeAttachments(activity.attachments)]
		.filter(Boolean)
		.join('\n'),
	time: inZone(new Date(getTime(activity)), zone) ?? activity.date_created,
});
