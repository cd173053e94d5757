import { invalidFields, invalidRequest, type FieldErrors } from '../http/errors';
import { readTime } from '../http/dates';
import { countryOf } from '../crm/phoneFormat';
import type { PhoneNumber, SmsActivity, SmsStatus, RequestedAttachment } from '../types';
import type { AccountState } from '../account/accountState';

/** What a request may say about a text. */
export interface SmsInput {
	activity_at?: string | null;
	attachments?: RequestedAttachment[] | null;
	contact_id?: string | null;
	date_created?: string | null;
	date_scheduled?: string | null;
	direction?: 'inbound' | 'outbound' | null;
	lead_id?: string | null;
	local_phone?: string | null;
	organization_id?: string | null;
	remote_phone?: string | null;
	send_in?: number;
	source?: 'Close.io' | 'External' | null;
	status?: SmsStatus;
	template_id?: string | null;
	text?: string | null;
	user_id?: string | null;
}

/** Throws when the errors are any. */
function throwAny(errors: FieldErrors): void {
	if (Object.keys(errors).length > 0) throw invalidFields(errors);
}

/** Every id must be one of the account's; a contact must belong to the lead. @throws ErrorResponse 400 */
export function checkReferences(
	input: SmsInput,
	whole: Pick<SmsActivity, 'lead_id' | 'contact_id'>,
	state: AccountState,
): void {
	const errors: FieldErrors = {};
	if (input.lead_id && !state.leads.has(input.lead_id)) errors.lead_id = 'Invalid lead id.';
	if (input.user_id && !state.users.has(input.user_id)) errors.user_id = 'Invalid user id.';
	if (input.template_id && !state.templates.has(input.template_id))
		errors.template_id = 'Invalid template id.';
	if (input.organization_id && input.organization_id !== state.account.organization.id)
		errors.organization_id = 'Invalid organization id.';
	const contact = whole.contact_id ? state.contacts.get(whole.contact_id) : undefined;
	if (input.contact_id && !contact) errors.contact_id = 'Invalid contact id.';
	else if (contact && whole.lead_id && !errors.lead_id && contact.lead_id !== whole.lead_id)
		errors.contact_id = 'The contact does not belong to the lead.';
	throwAny(errors);
}

/** What has no meaning together is refused. @throws ErrorResponse 400 */
export function checkCombination(input: SmsInput): void {
	if (input.status === 'error') throw invalidFields({ status: 'Not a valid choice.' });
	if (input.text && input.template_id)
		throw invalidRequest('Provide either text or template_id, not both.');
	if (input.date_scheduled && input.status !== 'scheduled')
		throw invalidFields({ date_scheduled: 'Only allowed with status "scheduled".' });
	if (input.send_in !== undefined && input.status !== 'outbox')
		throw invalidFields({ send_in: 'Only allowed with status "outbox".' });
}

/** Characters that a text can have in Close's own app; whether the API takes more is a doubt. */
const MAX_LENGTH = 1000;

/** @throws ErrorResponse 400 for words that are too many */
export function checkLength({ text }: Pick<SmsActivity, 'text'>, { doubts }: AccountState): void {
	if (doubts.longText === 'refuse' && [...(text ?? '')].length > MAX_LENGTH)
		throw invalidFields({ text: `Must be at most ${MAX_LENGTH} characters long.` });
}

/** When a scheduled text is to go out, in milliseconds. @throws ErrorResponse 400 for none or one that is over */
export function scheduleTime(
	input: SmsInput,
	now: number,
	offsetHours: number,
	mayBePast: boolean,
): number {
	if (!input.date_scheduled) throw invalidFields({ date_scheduled: 'This field is required.' });
	const due = readTime(input.date_scheduled, offsetHours) as number;
	if (due <= now && !mayBePast)
		throw invalidFields({ date_scheduled: 'The date must be in the future.' });
	return due;
}

function senderError(
	number: PhoneNumber | undefined,
	remotePhone: string | null,
	hasMedia: boolean,
): string | undefined {
	if (!number || number.type !== 'internal')
		return 'Must be a Phone Number of type "internal" of your organization.';
	if (!number.sms_enabled) return 'This number cannot send SMS.';
	const country = countryOf(remotePhone);
	if (remotePhone && !number.supports_sms_to_countries.includes(country ?? ''))
		return `This number cannot send SMS to ${country ?? 'this country'}.`;
	if (hasMedia && !(number.mms_enabled && number.supports_mms_to_countries.includes(country ?? '')))
		return 'This number cannot send MMS.';
	return undefined;
}

function recipientError(remotePhone: string | null, state: AccountState): string | undefined {
	if (!remotePhone) return 'This field is required.';
	const { blockedPhones, doubts } = state;
	if (blockedPhones.has(remotePhone) && doubts.blockedRecipient === 'refuse')
		return 'Outbound SMS to this number is blocked.';
	return undefined;
}

/** Whether Close would let it go to a phone. @throws ErrorResponse 400 */
export function checkSendable(activity: SmsActivity, state: AccountState): void {
	const errors: FieldErrors = {};
	const number = state.phoneNumbers.get(activity.local_phone ?? '');
	const sender = activity.local_phone
		? senderError(number, activity.remote_phone, (activity.attachments ?? []).length > 0)
		: 'This field is required.';
	if (sender) errors.local_phone = sender;
	const recipient = recipientError(activity.remote_phone, state);
	if (recipient) errors.remote_phone = recipient;
	if (!activity.text?.trim() && !activity.attachments?.length)
		errors.text = 'This field is required.';
	if (activity.direction === 'inbound') errors.direction = 'Only an outbound SMS can be sent.';
	if (activity.source === 'External') errors.source = 'An External SMS can only be logged.';
	throwAny(errors);
}
