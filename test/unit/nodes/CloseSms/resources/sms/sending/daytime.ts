import {
	DAYS,
	type SendingHours,
} from '../../../../../../../nodes/CloseSms/validation/sendingHours';

/** From 8:00 to 21:00 on every day, where the person is; outside of them a text is scheduled. */
export const DAYTIME: SendingHours = {
	from: 8 * 60,
	to: 21 * 60,
	days: [...DAYS],
	zone: 'recipient',
	outside: 'schedule',
};
