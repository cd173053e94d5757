import { isBlank } from './fieldValues';
import type { Problem } from './phoneNumber';
import { showValue } from './showValue';

/** What has an ID in Close: the prefix of its IDs (Close's OpenAPI, examples) and what people call it. */
const toKind = (prefix: string, name: string) => ({
	prefix,
	name,
	id: new RegExp(`^(${prefix}_[A-Za-z0-9]+)$`),
	address: new RegExp(`^https?://\\S*?(${prefix}_[A-Za-z0-9]+)(?:[/?#&]\\S*)?$`),
});

const KINDS = {
	contact: toKind('cont', 'a contact'),
	lead: toKind('lead', 'a lead'),
	sms: toKind('acti', 'an SMS'),
	template: toKind('smstmpl', 'an SMS template'),
	user: toKind('user', 'a user'),
};

export type IdKind = keyof typeof KINDS;

/** Blanks and characters that nobody sees, which come along when an ID is copied. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * Reads an ID of Close: as it is, or out of the address of a page of Close that has it. Nothing else could stand in a
 * path, or in a field, of Close.
 *
 * @param value which an expression may have given
 */
export function parseCloseId(value: unknown, kind: IdKind): { id: string } | Problem {
	const { prefix, name, ...patterns } = KINDS[kind];
	const next = `Give the ID of ${name}, such as ${prefix}_…, or the address of a page of Close that has it.`;
	if (isBlank(value)) return { problem: 'is empty', next };
	const text = typeof value === 'string' ? value.replace(AROUND, '') : '';
	const [, id] = patterns.id.exec(text) ?? patterns.address.exec(text) ?? [];
	if (id !== undefined) return { id };
	const other = Object.values(KINDS).find((one) => text.startsWith(`${one.prefix}_`));
	const problem = /^https?:/.test(text)
		? `is an address without the ID of ${name}`
		: other && other.prefix !== prefix
			? `is the ID of ${other.name}, not of ${name}`
			: `is not the ID of ${name}`;
	return { problem: `${problem}: ${showValue(value)}`, next };
}
