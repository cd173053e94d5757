import type { IWebhookFunctions } from 'n8n-workflow';
import { closeClock } from '../../shared/closeClock';
import { getMaxAge } from '../options';
import { getRememberedSubscription } from '../rememberedSubscriptions';
import { getStaticData } from '../staticData';
import { adoptSubscription } from './adoptSubscription';
import { getNamedSubscription, verifyDelivery, type Delivery } from './verifyDelivery';

const isNotSigned = ({ rejection }: Delivery) => rejection?.status === 401;

/**
 * Verifies a request with the subscriptions that are known to be this trigger's. If Close signed it for another one, and
 * Close shows that one to be for this address, it is this trigger's too: n8n lost track of it.
 */
export async function verifyRequest(context: IWebhookFunctions): Promise<Delivery> {
	const request = { headers: context.getHeaderData(), body: context.getRequestObject().rawBody };
	const limit = { maxAge: getMaxAge(context) * 60, now: closeClock.now() };
	const verify = (subscriptionId: unknown, signatureKey: unknown) =>
		verifyDelivery(request, { subscriptionId, signatureKey, ...limit });
	const stored = getStaticData(context);
	const delivery = verify(stored.subscriptionId, stored.signatureKey);
	const address = context.getNodeWebhookUrl('default');
	if (!isNotSigned(delivery) || context.getMode() === 'manual' || !address) return delivery;
	const remembered = getRememberedSubscription(address);
	const second = remembered ? verify(remembered.id, remembered.signatureKey) : delivery;
	const named = isNotSigned(second) && getNamedSubscription(request, limit);
	if (!named) return second;
	const adopted = await adoptSubscription(context, {
		id: named,
		address,
		isItsOwn: (signatureKey) => !isNotSigned(verify(named, signatureKey)),
	});
	return adopted ? verify(adopted.id, adopted.signatureKey) : second;
}
