import type { CloseClient, Exchange } from './closeClient';
import { finding, type Finding } from './finding';
import type { JsonObject } from './jsonObject';

/** Numbers that national authorities keep free for films and examples: nobody has them. By country of the sender. */
export const FICTIONAL_NUMBERS: Record<string, string> = {
	US: '+12025550143',
	CA: '+12025550143',
	PR: '+12025550143',
	GB: '+447700900461',
	AU: '+61491570156',
	FR: '+33639980042',
};

/** Where the expectations are tried. */
export interface Organization {
	id: string;
	name: string;
	userId: string;
	/** one of its numbers that can send SMS; undefined if it has none */
	sender?: string;
	/** why there is none */
	noSender?: Finding;
	/** a number of the same country that nobody has; undefined if none is known */
	fictionalNumber?: string;
}

/** Thrown before anything was made: the message says what is wrong and what to do. */
export class SetupError extends Error {}

const ADVICE: Record<number, string> = {
	401: 'Close does not know this key. Copy it again from Close: Settings, then Developer, then API Keys.',
	402: 'The plan of this Close organization does not allow it.',
	403: 'The user of this key lacks the permission for it: ask an admin of the Close organization.',
};

/** @throws {SetupError} unless Close said 200 */
function requireOk(answer: Exchange, what: string): JsonObject {
	const { status, body } = answer;
	if (status === 200 && typeof body === 'object' && body !== null) return body as JsonObject;
	if (status === 200) throw new SetupError(`${what}: the answer is not Close's. Nothing was made.`);
	throw new SetupError(
		`${what}: HTTP ${status}. ${ADVICE[status] ?? 'Try again later.'} Nothing was made.`,
	);
}

/** As Close refuses texts to a user without the permission: with 401, although it knows the key. */
const NO_PERMISSION =
	'Close knows this key, but its user may not see SMS: ask an admin of the Close organization. Nothing was made.';

interface PhoneNumber {
	number: string;
	type: string;
	country: string;
	sms_enabled: boolean;
}

interface Named {
	id: string;
	name: string;
}

/** Lists whose entries name the organization that the key works in. */
const EVIDENCE = ['/phone_number/', '/sms_template/', '/lead/', '/contact/'];

/** The organization of the first entry in a list. */
const organizationOf = ({ body }: Exchange): string | undefined => {
	const { data } = (body ?? {}) as { data?: JsonObject[] };
	const id = Array.isArray(data) ? data[0]?.organization_id : undefined;
	return typeof id === 'string' ? id : undefined;
};

/**
 * In which organization the key works: a key belongs to one, but its user may belong to several.
 *
 * @throws {SetupError} when that cannot be told
 */
async function findOwnOrganization(
	client: CloseClient,
	organizations: Named[],
	texts: Exchange,
	wanted: string | undefined,
): Promise<Named> {
	if (organizations.length === 0)
		throw new SetupError('This key belongs to no organization. Nothing was made.');
	let id = organizationOf(texts);
	for (const path of organizations.length > 1 ? EVIDENCE : [])
		id ??= organizationOf(await client.request({ method: 'GET', path, query: { _limit: 1 } }));
	id ??= organizations.length === 1 ? organizations[0].id : wanted;
	const names = organizations.map((one) => `"${one.name}" (${one.id})`).join(', ');
	if (id === undefined)
		throw new SetupError(
			`The user of this key belongs to several organizations, and Close does not say in which of them the key works: ${names}. Name it with --organization ID: whether it is that one is checked on the lead that is made. Nothing was made.`,
		);
	if (wanted !== undefined && id !== wanted)
		throw new SetupError(`This key does not work in ${wanted}, but in ${id}. Nothing was made.`);
	return organizations.find((one) => one.id === id) ?? { id, name: id };
}

/** The numbers that can send SMS, or why they are not known. */
async function findSender(
	client: CloseClient,
): Promise<Pick<Organization, 'sender' | 'noSender' | 'fictionalNumber'>> {
	const answer = await client.request({
		method: 'GET',
		path: '/phone_number/',
		query: { _limit: 100 },
	});
	const { data } = (answer.body ?? {}) as { data?: PhoneNumber[] };
	if (answer.status !== 200 || !Array.isArray(data))
		return {
			noSender: finding`Close does not list the numbers of the organization: HTTP ${answer.status}`,
		};
	const senders = data.filter(({ type, sms_enabled: canText }) => type === 'internal' && canText);
	const sender = senders.find(({ country }) => FICTIONAL_NUMBERS[country]) ?? senders[0];
	if (!sender) return { noSender: finding`the organization has no number that can send SMS` };
	return {
		sender: sender.number.replace(/[^+\d]/g, ''),
		fictionalNumber: FICTIONAL_NUMBERS[sender.country],
	};
}

/**
 * Reads, and only reads, what a run needs to know.
 *
 * @param wanted the ID of the organization that the person named
 * @throws {SetupError} when it cannot begin
 */
export async function readOrganization(
	client: CloseClient,
	wanted?: string,
): Promise<Organization> {
	const get = async (path: string, query?: Record<string, string | number>) =>
		await client.request({ method: 'GET', path, query });
	const me = requireOk(await get('/me/'), 'Close does not say whose key this is');
	const texts = await get('/activity/sms/', { _limit: 1 });
	if (texts.status === 401 || texts.status === 403) throw new SetupError(NO_PERMISSION);
	requireOk(texts, 'Close does not list its SMS');
	const organizations = (me.organizations ?? []) as unknown as Named[];
	const { id, name } = await findOwnOrganization(client, organizations, texts, wanted);
	return { id, name, userId: String(me.id), ...(await findSender(client)) };
}
