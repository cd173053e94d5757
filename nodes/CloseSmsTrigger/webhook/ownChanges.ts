import type { IHookFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { readCredential } from '../../shared/authentication';
import { closeClock } from '../../shared/closeClock';
import { getTime, type CloseEvent } from '../closeEvent';
import { getStaticData } from '../staticData';
import { toTriggerKey } from '../triggerKey';

type Context = IHookFunctions | ITriggerFunctions | IWebhookFunctions;

/** The key or app of the credential, as Close names it in events. An access token that was entered by hand does not tell. */
async function getMakerId(context: Context): Promise<string | undefined> {
	const { clientId, keyId } = await readCredential(context);
	return clientId || keyId || undefined;
}

const MAX_MAKERS = 10;

/** Stores the key or app of the credential: after it was changed, Close may still report what the former one did. */
export async function noteMaker(context: IHookFunctions): Promise<void> {
	if (context.getMode() === 'manual') return;
	const stored = getStaticData(context);
	const makers = stored.makers ?? [];
	const id = await getMakerId(context);
	if (!id || makers.at(-1)?.id === id) return;
	const until = closeClock.now();
	const former = makers.filter((one) => one.id !== id).map((one) => ({ until, ...one }));
	stored.makers = [...former, { id }].slice(-MAX_MAKERS);
}

/** By trigger: its key or app, and since when this process knows it, in milliseconds since 1970. */
const present = new Map<string, { id?: string; since: number }>();

function getPresentSince(trigger: string, id: string | undefined): number {
	const known = present.get(trigger);
	if (known?.id === id && known) return known.since;
	const since = Date.now();
	present.set(trigger, { id, since });
	return since;
}

/** What was under way when the credential was changed ends with the former key. */
const GRACE_MS = 5 * 60_000;

/**
 * Whether the API key or the OAuth app of this credential made the change, or a former one while the credential had it: a
 * workflow that writes to Close could start itself over and over.
 */
export async function isOwnChange(
	context: IWebhookFunctions | ITriggerFunctions,
	change: Pick<CloseEvent, 'api_key_id' | 'oauth_client_id' | 'date_updated'>,
): Promise<boolean> {
	const ids = [change.api_key_id, change.oauth_client_id].filter(Boolean);
	if (ids.length === 0) return false;
	const id = await getMakerId(context);
	const since = getPresentSince(toTriggerKey(context), id);
	if (id && ids.includes(id)) return true;
	const former = getStaticData(context).makers?.find((one) => ids.includes(one.id));
	// A time that cannot be read is in doubt.
	return (
		former !== undefined &&
		!(getTime(change) > (former.until ?? closeClock.toCloseTime(since)) + GRACE_MS)
	);
}
