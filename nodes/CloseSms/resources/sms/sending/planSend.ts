import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { inZone } from '../../../../shared/time';
import type { SendingHours } from '../../../validation/sendingHours';
import { validationError, type ItemContext } from '../../../../shared/errors/validationError';
import type { RecipientZones } from '../people/recipientZone';
import { findOpening, isOpen } from './openingHours';

/** How a text goes out: the change that Close is asked for. */
export interface SendPlan {
	body: IDataObject;
	/** That, and why, it goes out at another time than was asked for, or by which fallback it does not. */
	note?: string;
	/** When it reaches the phone, in milliseconds since 1970. */
	at: number;
	/** Whether it is too late to ask for it. @param now in milliseconds since 1970, by Close's clock */
	isStale: (now: number) => boolean;
}

/**
 * Decides how a text goes out.
 *
 * @param desired what was asked for: status `outbox`, or `scheduled` with `date_scheduled`
 * @param now in milliseconds since 1970, by Close's clock
 * @throws {ItemFailure} why it must not go out
 */
export type PlanSend = (desired: IDataObject, now: number) => SendPlan;

type Context = ItemContext & Pick<IExecutePaginationFunctions, 'getTimezone'>;

const MINUTE_MS = 60_000;

/** A text may reach the phone a moment after it goes out: in the last minute of the hours it is too late. */
const CLOSING_MARGIN_MS = MINUTE_MS;

/** What the hours move must lie ahead when the request reaches Close. */
const SCHEDULING_MARGIN_MS = 5_000;

const isForNow = ({ status }: IDataObject) => status === 'outbox';

const toTime = ({ date_scheduled: date }: IDataObject) => Date.parse(String(date));

/** A point in time as local time, in whole seconds. */
const formatLocal = (time: number, zone: string) =>
	inZone(new Date(Math.floor(time / 1000) * 1000), zone)!;

/** As it was asked for. A time to send at that passed while the text waited is no longer what was meant. */
export const planAsAsked =
	(context: Context): PlanSend =>
	(desired, now) => {
		if (isForNow(desired)) return { body: desired, at: now, isStale: () => false };
		const at = toTime(desired);
		if (at <= now)
			throw validationError(
				context,
				`Not sent: the time to send at, ${formatLocal(at, context.getTimezone())}, passed while this waited`,
				'Choose a later time and run this item again.',
			);
		return { body: desired, at, isStale: (later) => later >= at };
	};

const formatZones = ({ zones, source }: RecipientZones) => `${zones.join(' and ')}, by ${source}`;

/** Within 'Sending Hours', where it is known what time it is. */
export const planWithinHours =
	(context: Context, hours: SendingHours, where: RecipientZones): PlanSend =>
	(desired, now) => {
		const { zones } = where;
		const isNow = isForNow(desired);
		const isWithin = (time: number) =>
			isOpen(hours, zones, time) && isOpen(hours, zones, time + CLOSING_MARGIN_MS);
		const date = toTime(desired);
		// A time that has passed while the request waited: the text would go out at once.
		const isOverdue = !isNow && date < now + SCHEDULING_MARGIN_MS;
		const at = isNow ? now : date;
		if (!isOverdue && isWithin(at))
			return {
				body: desired,
				note: where.isByFallback
					? `Close does not name the person's time zone: 'Sending Hours' used ${formatZones(where)}.`
					: undefined,
				at,
				isStale: (later) => (isNow ? !isWithin(later) : date < later + SCHEDULING_MARGIN_MS),
			};
		const local = (time: number) => formatLocal(time, zones[0]);
		// In whole minutes, and late enough to be scheduled.
		const soonest = (Math.floor(now / MINUTE_MS) + 2) * MINUTE_MS;
		const earliest = isNow || isOverdue ? soonest : date;
		const opening = findOpening(hours, zones, { earliest, lasting: CLOSING_MARGIN_MS });
		if (opening === undefined)
			throw validationError(
				context,
				`'Sending Hours' never open in ${formatZones(where)}`,
				'In several time zones they must be open at the same time. Widen the hours or the days.',
			);
		const isOnlyOverdue = isOverdue && opening === earliest;
		if (hours.outside === 'stop' && !isOnlyOverdue)
			throw validationError(
				context,
				`Outside 'Sending Hours': ${isNow ? `it is ${local(at)}` : `the time to send at is ${local(at)}`} in ${formatZones(where)}`,
				`They open at ${local(opening)}. Run this item again then, or set 'Outside the Hours' to Schedule.`,
			);
		return {
			body: { status: 'scheduled', date_scheduled: local(opening) },
			note: `Moved by 'Sending Hours' from ${isNow ? `now (${local(at)})` : local(at)} to ${local(opening)} in ${formatZones(where)}.`,
			at: opening,
			isStale: (later) => opening < later + SCHEDULING_MARGIN_MS,
		};
	};
