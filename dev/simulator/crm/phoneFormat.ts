import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

import { AREA_CODES } from './areaCodes';

/** Reserved for fiction, so that nobody has them: no numbering plan has them as valid, and tests need them. */
const FICTION = /^\+(447700900\d{3}|336399800\d\d)$/;

/** Countries in one zone, beside those of +1. */
const ZONES: Record<string, string> = {
	BE: 'Europe/Brussels',
	DE: 'Europe/Berlin',
	DK: 'Europe/Copenhagen',
	FR: 'Europe/Paris',
	GB: 'Europe/London',
	IL: 'Asia/Jerusalem',
	ZA: 'Africa/Johannesburg',
};

/** The numbers read last: reading one takes longer than all else that the simulator does with an SMS. */
const known = new Map<string, PhoneNumber | undefined>();
/** Few, so that what measures memory sees nothing of them. */
const MAX_KNOWN = 200;

function read(phone: string): PhoneNumber | undefined {
	if (!known.has(phone)) {
		if (known.size === MAX_KNOWN) known.clear();
		known.set(phone, parsePhoneNumberFromString(phone));
	}
	return known.get(phone);
}

/** Whether Close would take it (INFERRED): in E.164, and valid in its country's numbering plan. */
export const isE164 = (phone: string): boolean => {
	const number = read(phone);
	return number?.number === phone && (number.isValid() || FICTION.test(phone));
};

/** ISO 3166; of a number that no country has, the first that its country code belongs to. */
export function countryOf(phone: string | null): string | null {
	const number = read(phone ?? '');
	return number?.country ?? number?.getPossibleCountries()[0] ?? null;
}

/** `+14155550100` as Close shows it: `+1 415-555-0100`. */
export function formatPhone(phone: string | null): string | null {
	const number = read(phone ?? '');
	if (!number) return phone;
	const written = number.formatInternational();
	// libphonenumber itself, which Close uses, has dashes where this port of it has spaces.
	return number.countryCallingCode === '1' ? written.replace(/(?<=^\+1 .*) /g, '-') : written;
}

/** `tz_ids` as Close would show them (INFERRED): the zones in which a number may be. None for numbers without a place. */
export function timeZonesOf(phone: string): string[] {
	const areaCode = /^\+1(\d{3})/.exec(phone)?.[1];
	if (areaCode === undefined) return [ZONES[countryOf(phone) ?? '']].filter(Boolean);
	const [zones] = Object.entries(AREA_CODES).find(([, codes]) => codes.includes(areaCode)) ?? [''];
	return zones.split(' ').filter(Boolean);
}
