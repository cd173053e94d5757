/** Country prefixes of the account's small world; the first that fits wins. */
const COUNTRIES: Array<[RegExp, string]> = [
	[/^\+1(204|236|250|403|416|437|438|514|587|604|613|647|778|780|819|902|905)/, 'CA'],
	[/^\+1/, 'US'],
	[/^\+27/, 'ZA'],
	[/^\+32/, 'BE'],
	[/^\+33/, 'FR'],
	[/^\+44/, 'GB'],
	[/^\+45/, 'DK'],
	[/^\+49/, 'DE'],
	[/^\+61/, 'AU'],
	[/^\+972/, 'IL'],
];

/** Whether Close would take it: `+`, country code, 7 to 15 digits in all; ten after +1. */
export const isE164 = (phone: string): boolean =>
	phone.startsWith('+1') ? /^\+1[2-9]\d{9}$/.test(phone) : /^\+[2-9]\d{6,14}$/.test(phone);

export function countryOf(phone: string | null): string | null {
	if (phone === null) return null;
	return COUNTRIES.find(([prefix]) => prefix.test(phone))?.[1] ?? null;
}

/** `+14155550100` as Close shows it: `+1 415-555-0100`. */
export function formatPhone(phone: string | null): string | null {
	if (phone === null) return null;
	if (phone.startsWith('+1')) return phone.replace(/^\+1(\d{3})(\d{3})(\d+)$/, '+1 $1-$2-$3');
	return phone.replace(/^\+(\d\d)(\d{4})(\d+)$/, '+$1 $2 $3');
}
