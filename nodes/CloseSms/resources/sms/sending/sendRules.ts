import type { Contact } from '../../../../shared/contactSearch';
import { isRequestFailure } from '../../../../shared/errors/itemFailure';
import { isId } from '../../../../shared/fieldValues';
import { isLivedInZone } from '../../../validation/localTime';
import { getSkipOptions } from '../../../validation/nodeOptions';
import type { ItemContext } from '../../../../shared/errors/validationError';
import { validationError } from '../../../../shared/errors/validationError';
import type { HandlerContext } from '../../../transport/request/operationHandler';
import type { SendingHours } from '../../../validation/sendingHours';
import { findOptOut } from '../people/chooseNumber';
import { findContactsByNumber, getContact, getLead, peekContactsByNumber } from '../people/lookUp';
import {
	findUnknownBlock,
	hasNumber,
	getRecipientZones,
	isBlocked,
	listLeadsToRead,
	type RecipientRecords,
	type RecipientZones,
} from '../people/recipientZone';
import { planAsAsked, planWithinHours, type PlanSend } from './planSend';

/** Whom a text goes to, by its fields in Close. */
export interface Addressee {
	remotePhone?: unknown;
	contactId?: unknown;
	leadId?: unknown;
	/** The contact from whose card the number was picked, perhaps long ago. */
	pickedContactId?: unknown;
}

type Recipient = Omit<RecipientRecords, 'leads'>;

/** Everybody who has the number, and the contact that was given; or why Close does not say. */
async function findRecipient(
	context: HandlerContext,
	{ contactId, leadId, ...addressee }: Addressee,
	since: number,
): Promise<Recipient | { rejection: string }> {
	const remotePhone = String(addressee.remotePhone);
	const lookup = await findContactsByNumber(context, remotePhone, since);
	if ('rejection' in lookup) return lookup;
	const { contacts } = lookup;
	const recipient = { remotePhone, contacts, leadId: isId(leadId) ? leadId : undefined };
	// A dry run assumes that it is the one who was found.
	const isMissing = isId(contactId) && !contacts.some(({ id }) => id === contactId);
	if (!isMissing || context.item.options.dryRun) return recipient;
	return { ...recipient, contacts: [await getContact(context, contactId, since), ...contacts] };
}

const blockedError = (n8n: ItemContext, remotePhone: string) =>
	validationError(
		n8n,
		`${remotePhone} must not be texted: Close has blocked SMS to this number`,
		'Usually the person has opted out by texting STOP. Only they can undo that, by texting START.',
	);

/** @throws {ItemFailure} when the number is blocked, or, if that is to be checked, when it is not known whether it is */
function requireUnblocked(n8n: ItemContext, recipient: Recipient, isAsked: boolean): void {
	if (isBlocked(recipient)) throw blockedError(n8n, recipient.remotePhone);
	const unknown = isAsked ? findUnknownBlock(recipient) : undefined;
	if (unknown !== undefined) throw unknownBlockError(n8n, recipient.remotePhone, unknown);
}

const unknownBlockError = (n8n: ItemContext, remotePhone: string, reason: string) =>
	validationError(
		n8n,
		`It is not known whether ${remotePhone} may be texted: ${reason}`,
		"In doubt nobody is texted. Look the number up in Close, or remove 'Check Opt-Out'.",
	);

const unknownPersonError = (n8n: ItemContext) =>
	validationError(
		n8n,
		'It is not known whom this SMS goes to: Close shows no number of the person',
		'In doubt nobody is texted. Look at the SMS in Close.',
	);

const unknownZoneError = (n8n: ItemContext, remotePhone: string, reason: string) =>
	validationError(
		n8n,
		`The time zone of ${remotePhone} is not known: ${reason}`,
		"Set the contact's time zone in Close (such as America/New_York), or give a 'Fallback Time Zone' in 'Sending Hours' for those of whom Close names none.",
	);

/** @throws {ItemFailure} when nobody knows what time it is where the person is */
async function requireZones(
	context: HandlerContext,
	recipient: Recipient,
	{ since, fallback }: { since: number; fallback?: string },
): Promise<RecipientZones> {
	const leads = new Map();
	for (const id of listLeadsToRead(recipient)) leads.set(id, await getLead(context, id, since));
	const found = getRecipientZones({ ...recipient, leads }, fallback);
	if ('zones' in found) return found;
	throw unknownZoneError(context.n8n, recipient.remotePhone, found.unknown);
}

const pickedError = ({ n8n, item }: HandlerContext, what: string) =>
	validationError(
		n8n,
		what,
		item.chosen
			? 'In doubt nobody is texted. Look at the contact in Close, then run this again: a number is chosen anew.'
			: "In doubt nobody is texted. Choose the person again in 'To'.",
	);

/**
 * Reads the contact from whose card the number was picked: it may have another number by now, and somebody else this one.
 *
 * @returns the contact; none when the number was not picked
 * @throws {ItemFailure} when the contact does not have the number any more, or it is not known whether it does; when its
 * number was chosen and it has opted out at another; as any request
 */
async function readPicked(
	context: HandlerContext,
	{ pickedContactId: id, ...addressee }: Addressee,
	since: number,
): Promise<Contact[]> {
	const { item } = context;
	if (!isId(id)) return [];
	const remotePhone = String(addressee.remotePhone);
	// What is searched anyway shows the contact too.
	if (getSkipOptions(item.options).length > 0)
		await findContactsByNumber(context, remotePhone, since);
	const note = 'The contact would be read first; this assumes that it still has the number.';
	const contact = await getContact(context, id, since, note).catch((error: unknown) => {
		if (isRequestFailure(error) && error.facts.httpCode === '404')
			throw pickedError(
				context,
				`Close has no contact ${id} anymore, from whose card the number in 'To' is`,
			);
		throw error;
	});
	if (item.options.dryRun) return [];
	const isTheirs = hasNumber(contact, remotePhone);
	const optOut = item.chosen && findOptOut(contact);
	if (optOut) throw validationError(context.n8n, optOut.problem, optOut.next);
	if (isTheirs) return [contact];
	const name = contact.display_name ? `${contact.display_name} (${id})` : id;
	throw pickedError(
		context,
		isTheirs === undefined
			? `It is not known whether ${name} still has the number ${remotePhone}: Close does not show it`
			: `${name} no longer has the number ${remotePhone} in Close`,
	);
}

/** What a dry run takes for what it does not read. */
const assumePlan =
	(plan: PlanSend, hours?: SendingHours): PlanSend =>
	(desired, now) => ({
		...plan(desired, now),
		note: hours
			? "The person would be looked up; this assumes that they have the number and may be texted, and that the time is within 'Sending Hours' where they are."
			: 'The person would be looked up; this assumes that they have the number and may be texted.',
	});

/**
 * Where 'Sending Hours' do not depend on the person.
 *
 * @returns undefined where they do
 * @throws {ItemFailure} when the workflow's time zone is none that people live in
 */
function getGivenZones(
	{ n8n }: HandlerContext,
	{ zone, timezone }: SendingHours,
): RecipientZones | undefined {
	if (zone === 'named') return { zones: [timezone!], source: "'Time Zone'" };
	if (zone === 'recipient') return undefined;
	const workflowZone = n8n.getTimezone();
	if (isLivedInZone(workflowZone))
		return { zones: [workflowZone], source: "the workflow's settings" };
	throw validationError(
		n8n,
		`The workflow's time zone ${workflowZone} is not known, or has no daylight saving time`,
		'Choose one in Workflow Settings that names a place, such as America/New_York.',
	);
}

/**
 * Reads what decides whether, and when, a person may be texted: 'Check Opt-Out' and 'Sending Hours'. Without these
 * options nothing is read but the contact from whose card a number was picked; a number that is seen to be blocked in what
 * was read anyway is not texted.
 *
 * @param since when it must have been read at the earliest, by `monotonicNow`
 * @throws {ItemFailure} when the person must not be texted, or what is to be known is not known; as any request
 */
export async function readSendRules(
	context: HandlerContext,
	addressee: Addressee,
	since: number,
): Promise<PlanSend> {
	const { n8n, item } = context;
	const { checkOptOut, sendingHours: hours, dryRun } = item.options;
	const asAsked = planAsAsked(n8n);
	const remotePhone = typeof addressee.remotePhone === 'string' ? addressee.remotePhone : '';
	const zones = hours && getGivenZones(context, hours);
	const plan = hours && zones ? planWithinHours(n8n, hours, zones) : asAsked;
	const needsZone = hours !== undefined && !zones;
	if (remotePhone === '') {
		// It may have one that Close does not show.
		if (!dryRun) throw unknownPersonError(n8n);
		return checkOptOut || needsZone ? assumePlan(plan, hours) : plan;
	}
	if (!checkOptOut && !needsZone) {
		const picked = await readPicked(context, addressee, since);
		const known = {
			remotePhone,
			contacts: [...peekContactsByNumber(context, remotePhone), ...picked],
		};
		if (!dryRun && isBlocked(known)) throw blockedError(n8n, remotePhone);
		return plan;
	}
	const recipient = await findRecipient(context, addressee, since);
	if (dryRun) return assumePlan(plan, needsZone ? hours : undefined);
	if ('rejection' in recipient)
		throw checkOptOut
			? unknownBlockError(n8n, remotePhone, recipient.rejection)
			: unknownZoneError(n8n, remotePhone, recipient.rejection);
	await readPicked(context, addressee, since);
	requireUnblocked(n8n, recipient, checkOptOut);
	if (!needsZone) return plan;
	const { fallbackTimezone: fallback } = hours;
	return planWithinHours(n8n, hours, await requireZones(context, recipient, { since, fallback }));
}
