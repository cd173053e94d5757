import type { CloseClient, Exchange } from './closeClient';
import type { JsonObject } from './jsonObject';

/** Numbers that national authorities keep free for films and examples: nobody has them. By country of the sender. */
const FICTIONAL_NUMBERS: Record<string, string> = {
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
	/** a number of the same country that nobody has; undefined if none is known */
	fictionalNumber?: string;
}

/** Thrown before anything was made: the message says what is wrong and what to do. */
export class SetupError extends Error {}

const refusal: Record<number, string> = {
	401: 'Close does not know this key. Copy it again from Close: Settings, then Developer, then API Keys.',
	402: 'The plan of this Close organization does not allow it.',
	403: 'The user of this key lacks the permission for it: ask an admin of the Close organization.',
};

/** @throws {SetupError} unless Close said 200 */
function requireOk(answer: Exchange, what: string): JsonObject {
	const { status, body } = answer;
	if (status === 200 && typeof body === 'object' && body !== null) return body as JsonObject;
	if (status === 200) throw new SetupError(`${what}: the answer is not Close's.`);
	throw new SetupError(
		`${what}: HTTP ${status}. ${refusal[status] ?? 'Try again later.'} Nothing was made.`,
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

/** Reads, and only reads, what a run needs to know. @throws {SetupError} when it cannot begin */
export async function readOrganization(client: CloseClient): Promise<Organization> {
	const get = async (path: string, query?: Record<string, string | number>) =>
		await client.request({ method: 'GET', path, query });
	const me = requireOk(await get('/me/'), 'Close does not say whose key this is');
	const [organization] = (me.organizations ?? []) as Array<{ id: string; name: string }>;
	if (!organization) throw new SetupError('This key belongs to no organization. Nothing was made.');
	const texts = await get('/activity/sms/', { _limit: 1 });
	if (texts.status === 401 || texts.status === 403) throw new SetupError(NO_PERMISSION);
	requireOk(texts, 'Close does not list its SMS');
	const numbers = requireOk(await get('/phone_number/', { _limit: 100 }), 'Close lists no numbers');
	const senders = ((numbers.data ?? []) as PhoneNumber[]).filter(
		({ type, sms_enabled: canText }) => type === 'internal' && canText,
	);
	const sender = senders.find(({ country }) => FICTIONAL_NUMBERS[country]) ?? senders[0];
	return {
		id: organization.id,
		name: organization.name,
		userId: String(me.id),
		sender: sender?.number,
		fictionalNumber: sender && FICTIONAL_NUMBERS[sender.country],
	};
}
