import type { INodeParameters } from 'n8n-workflow';
import { CONTACT_ID, sendTo, type setUpSms } from './setUpSms';

/** The number on the card of `CONTACT_ID`. */
export const MOBILE = '+14155550101';

/** The parameters of Send to somebody who is on a card: picked from the list, or given as a contact. */
export const sendByCard = (
	mode: 'list' | 'contact',
	value: string,
	more: INodeParameters = {},
): INodeParameters => ({
	...sendTo(MOBILE, 'Hi'),
	to: { __rl: true, mode, value },
	additionalFields: {},
	...more,
});

/** Options that have the number searched for. */
export const LOOKING_UP: Array<[string, INodeParameters]> = [
	['Check Opt-Out', { checkOptOut: true }],
	['Skip If Texted Within', { skipIfTextedWithin: 60 }],
	['Skip If Texted Anything Within', { skipIfTextedAnythingWithin: 60 }],
	['Skip Numbers That Failed', { skipNumbersThatFailed: true }],
];

/** What a field of a response may be in place of what it should be. */
export const MISSHAPEN = ['missing', 'null', 'number', 'object'] as const;

/** The card of `CONTACT_ID`, and what came of a text to it. */
export const setUpCard = (on: ReturnType<typeof setUpSms>) => ({
	/** From now on the card has these numbers. */
	has: (...phones: unknown[]) =>
		on.close.somebody.changesContact(CONTACT_ID, { phones: phones as never }),
	/** The next read of the card shows this field in another shape. */
	misshapes: (at: string, as: (typeof MISSHAPEN)[number], times = 1) =>
		on.close.faults.order({
			kind: 'altered',
			match: { method: 'GET', path: '^/contact/' },
			misshape: { at, as },
			times,
		}),
	/** What was changed at Close, or was to be. */
	writes: () =>
		on.wire().filter(({ method, path }) => method !== 'GET' && !path.includes('search')),
	/** How the card was read. */
	reads: () => on.wire().filter(({ path }) => path.startsWith('/contact/')),
});
