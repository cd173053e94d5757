import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { ItemFailure, type TextFact } from '../../../../shared/errors/itemFailure';
import { isTimeZone } from '../../../validation/localTime';
import { inZone } from '../../../../shared/time';
import {
	OutdatedError,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
	type Send,
} from '../../../transport/request/operationHandler';
import type { SendingHours } from '../../../validation/sendingHours';
import { validationError, type ItemContext } from '../../../validation/validationError';
import { findContactsByNumber, getContact, getLead, waitForPeople } from '../people/lookUp';
import {
	findPhones,
	getRecipientZones,
	isBlocked,
	type Recipient,
	type RecipientZones,
} from '../people/recipientZone';
import { findOpening, isOpen } from './openingHours';

type Context = ItemContext & Pick<IExecutePaginationFunctions, 'getTimezone'>;

/** Whom a text goes to, by its fields in Close. */
export interface Addressee {
	remotePhone?: unknown;
	contactId?: unknown;
	leadId?: unknown;
}

/** How a text goes out: the change that Close is asked for. */
export interface Plan {
	body: IDataObject;
	/** That, and why, it goes out at another time than was asked for. */
	note?: string;
	/** Whether it is still right to ask for it. */
	isCurrent: () => boolean;
}

/**
 * Decides how a text goes out, at this moment; the failure says why it must not.
 *
 * @param desired what was asked for: status `outbox`, or `scheduled` with `date_scheduled`
 */
type SendRules = (desired: IDataObject) => Plan | ItemFailure;

const MINUTE_MS = 60_000;

/** A text that goes out now may reach the phone a moment later: in the last minute of the hours it is too late. */
const CLOSING_MARGIN_MS = MINUTE_MS;

/** What is to be scheduled must lie ahead when the request reaches Close. */
const SCHEDULING_MARGIN_MS = 5_000;

const NEVER_OUTDATED = () => true;

export const noRules: SendRules = (body) => ({ body, isCurrent: NEVER_OUTDATED });

const formatZones = ({ zones, source }: RecipientZones) => `${zones.join(' and ')}, by ${source}`;

const isGoingOutNow = ({ status }: IDataObject) => status === 'outbox';

/** Whether a text that goes out at this time is within the hours. */
const isWithin = (hours: SendingHours, zones: string[], at: number, isNow: boolean): boolean =>
	isOpen(hours, zones, at) && (!isNow || isOpen(hours, zones, at + CLOSING_MARGIN_MS));

/** The rules of 'Sending Hours' where it is known what time it is. */
const hoursRules =
	(context: Context, hours: SendingHours, where: RecipientZones): SendRules =>
	(desired) => {
		const { zones } = where;
		const isNow = isGoingOutNow(desired);
		const now = Date.now();
		const date = Date.parse(String(desired.date_scheduled));
		// A time that has passed while the request waited: the text would go out at once.
		const isOverdue = !isNow && date < now + SCHEDULING_MARGIN_MS;
		const at = isNow ? now : date;
		if (!isOverdue && isWithin(hours, zones, at, isNow))
			return {
				body: desired,
				isCurrent: () =>
					isNow
						? isWithin(hours, zones, Date.now(), true)
						: date >= Date.now() + SCHEDULING_MARGIN_MS,
			};
		const local = (time: number) => inZone(new Date(Math.floor(time / 1000) * 1000), zones[0])!;
		// In whole minutes, and late enough to be scheduled.
		const earliest = isNow || isOverdue ? (Math.floor(now / MINUTE_MS) + 2) * MINUTE_MS : date;
		const opening = findOpening(hours, zones, earliest);
		if (opening === undefined)
			return validationError(
				context,
				`'Sending Hours' never open in ${formatZones(where)}`,
				'In several time zones they must be open at the same time. Widen the hours or the days.',
			);
		const asked = isNow ? `now (${local(at)})` : local(at);
		const isOnlyOverdue = isOverdue && opening === earliest;
		if (hours.outside === 'stop' && !isOnlyOverdue)
			return validationError(
				context,
				`Outside 'Sending Hours': ${isNow ? `it is ${local(at)}` : `the time to send at is ${local(at)}`} in ${formatZones(where)}`,
				`They open at ${local(opening)}. Run this item again then, or set 'Outside the Hours' to Schedule.`,
			);
		const body = { status: 'scheduled', date_scheduled: local(opening) };
		return {
			body,
			note: `Moved by 'Sending Hours' from ${asked} to ${local(opening)} in ${formatZones(where)}.`,
			isCurrent: () => opening >= Date.now() + SCHEDULING_MARGIN_MS,
		};
	};

/** Those whom a text may go to, or why Close does not say. */
async function findRecipient(
	context: HandlerContext,
	remotePhone: string,
	{ contactId, leadId }: Addressee,
): Promise<Recipient & { rejection?: string }> {
	const contact =
		typeof contactId === 'string' && contactId !== ''
			? await getContact(context, contactId)
			: undefined;
	const chosen = contact ? [contact] : [];
	const recipient = { remotePhone, contacts: chosen, addressZones: [] };
	// Of the contact that a dry run would read nothing is known.
	const isAssumed = contact !== undefined && context.item.options.dryRun;
	if (isAssumed || findPhones(recipient).length > 0) {
		await waitForPeople(context);
		return recipient;
	}
	const lookup = await findContactsByNumber(context, remotePhone);
	if ('rejection' in lookup) return { ...recipient, rejection: lookup.rejection };
	const inLead = lookup.contacts.filter(({ lead_id: lead }) => lead && lead === leadId);
	const found = inLead.length > 0 ? inLead : lookup.contacts;
	return { ...recipient, contacts: [...chosen, ...found] };
}

/** The zones of the addresses of the lead, else of the contacts' leads. */
async function readAddressZones(
	context: HandlerContext,
	{ contacts }: Recipient,
	{ leadId }: Addressee,
): Promise<string[][]> {
	const ids = leadId ? [leadId] : contacts.map(({ lead_id: lead }) => lead);
	const leads = [];
	for (const id of new Set(ids)) if (id) leads.push(await getLead(context, String(id)));
	return leads.flatMap(({ addresses }) =>
		(addresses ?? []).map(({ tz_ids: zones }) => zones ?? []),
	);
}

/** @throws {ItemFailure} when Close says that the number must not be texted, or does not say whether it may */
function requireUnblocked(
	context: Context,
	recipient: Recipient & { rejection?: string },
	isAsked: boolean,
): void {
	const { remotePhone, rejection } = recipient;
	if (isBlocked(recipient))
		throw validationError(
			context,
			`${remotePhone} must not be texted: Close has blocked texts to this number`,
			'Usually the person has opted out by texting STOP. Only they can undo that, by texting START.',
		);
	if (isAsked && rejection !== undefined)
		throw validationError(
			context,
			`It is not known whether ${remotePhone} may be texted: ${rejection}`,
			"In doubt nobody is texted. Give the contact, so that Close need not be searched, or remove 'Check Opt-Out'.",
		);
}

/** @throws {ItemFailure} when nobody knows what time it is where the person is */
async function requireZones(
	context: HandlerContext,
	recipient: Recipient & { rejection?: string },
	{ addressee, fallback }: { addressee: Addressee; fallback?: string },
): Promise<RecipientZones> {
	const known =
		getRecipientZones(recipient) ??
		getRecipientZones(
			{ ...recipient, addressZones: await readAddressZones(context, recipient, addressee) },
			fallback,
		);
	if (known) return known;
	const why = recipient.rejection
		? recipient.rejection
		: recipient.contacts.length === 0
			? 'no contact in Close has this number'
			: "neither the contact, nor the number, nor the lead's address in Close says it";
	throw validationError(
		context.n8n,
		`The time zone of ${recipient.remotePhone} is not known: ${why}`,
		"Set the contact's time zone in Close, or give a 'Fallback Time Zone' in 'Sending Hours'.",
	);
}

/** What a dry run takes for what it does not read. */
const assumedRules =
	(hours?: SendingHours): SendRules =>
	(body) => ({
		body,
		note: hours
			? "The person would be looked up; this assumes that they may be texted, and that the time is within 'Sending Hours' where they are."
			: 'The person would be looked up; this assumes that they may be texted.',
		isCurrent: NEVER_OUTDATED,
	});

/**
 * Reads what decides whether, and when, a person may be texted: 'Check Opt-Out' and 'Sending Hours'. Without these
 * options nothing is read.
 *
 * @throws {ItemFailure} when the person must not be texted, or their time zone is not known
 */
export async function readSendRules(
	context: HandlerContext,
	addressee: Addressee,
): Promise<SendRules> {
	const { n8n, item } = context;
	const { checkOptOut, sendingHours: hours, dryRun } = item.options;
	// Close itself refuses a text to nobody.
	const remotePhone = String(addressee.remotePhone ?? '');
	const needsZone = hours?.zone === 'recipient';
	if (!(checkOptOut || hours) || (remotePhone === '' && !dryRun)) return noRules;
	const isRead = (checkOptOut || needsZone) && remotePhone !== '';
	const recipient = isRead ? await findRecipient(context, remotePhone, addressee) : undefined;
	if (recipient && !dryRun) requireUnblocked(n8n, recipient, checkOptOut);
	if (!hours) return dryRun ? assumedRules() : noRules;
	if (hours.zone === 'named')
		return hoursRules(n8n, hours, { zones: [hours.timezone!], source: "'Time Zone'" });
	if (hours.zone === 'workflow') {
		const zone = n8n.getTimezone();
		if (isTimeZone(zone))
			return hoursRules(n8n, hours, { zones: [zone], source: "the workflow's settings" });
		throw validationError(n8n, `The workflow's time zone ${zone} is not known`);
	}
	if (dryRun) return assumedRules(hours);
	const { fallbackTimezone: fallback } = hours;
	const zones = await requireZones(context, recipient!, { addressee, fallback });
	return hoursRules(n8n, hours, zones);
}

/** @throws {ItemFailure} when a text must not go out */
export function requirePlan(rules: SendRules, desired: IDataObject, text?: TextFact): Plan {
	const plan = rules(desired);
	if (plan instanceof ItemFailure) throw plan.with({ text });
	return plan;
}

/** How a text is let go out by rules. */
interface SendByRules {
	/** Makes the request that has the plan's body. */
	toRequest: (plan: Plan) => RoutingRequest;
	send: Send;
	/** What becomes of the text when it must not go out any more. */
	text?: TextFact;
}

/**
 * Sends the request that lets a text go out, as the rules have it at the moment of sending: a run may wait long for
 * Close, and the hours may end meanwhile.
 *
 * @throws {ItemFailure} when it must not go out; whatever `send` throws
 */
export async function sendByRules(
	rules: SendRules,
	desired: IDataObject,
	{ toRequest, send, text }: SendByRules,
): Promise<{ response: CloseResponse; plan: Plan }> {
	for (;;) {
		const plan = requirePlan(rules, desired, text);
		const { body, note, isCurrent } = plan;
		const assumed = note ? { body, note } : undefined;
		const response = await send({ ...toRequest(plan), isCurrent, assumed }).catch(
			(error: Error) => {
				if (error instanceof OutdatedError) return undefined;
				throw error;
			},
		);
		if (response) return { response, plan };
	}
}
