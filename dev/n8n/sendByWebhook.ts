import axios from 'axios';

import type { CredentialIds, N8nClient } from './n8nClient';
import { updateByWebhook } from './workflows';
import type { Simulator, SmsActivity } from '../simulator';

const WEBHOOK = 'send-draft-now';

/** Adds a draft to each of `people` different numbers. */
export const addDrafts = (people: number, close: Simulator): SmsActivity[] =>
	Array.from({ length: people }, (_, index) =>
		close.addSms({
			remote_phone: `+1212${5_550_000 + index}`,
			local_phone: close.account.phoneNumbers.main.number,
			text: `Your appointment number is ${index}.`,
		}),
	);

/** Activates a workflow that sends the draft it is called with; returns its id. */
export const activateSendWorkflow = async (n8n: N8nClient, credentials: CredentialIds) => {
	const workflow = updateByWebhook(WEBHOOK, { status: 'outbox' });
	const id = await n8n.importWorkflow(workflow, credentials);
	await n8n.activate(id);
	return id;
};

/** Asks n8n to send a draft; returns the HTTP status of its response, which comes when the workflow has ended. */
export const sendByWebhook = async (n8n: N8nClient, { id: smsId }: SmsActivity) =>
	(await axios.post(n8n.webhookUrl(WEBHOOK), { smsId }, { validateStatus: () => true })).status;

/** Calls for each draft, `atOnce` at once; returns the statuses in the order of the drafts. */
export const sendAllByWebhook = async (n8n: N8nClient, drafts: SmsActivity[], atOnce: number) => {
	const statuses: number[] = [];
	const waiting = drafts.entries();
	const caller = async () => {
		for (const [index, draft] of waiting) statuses[index] = await sendByWebhook(n8n, draft);
	};
	await Promise.all(Array.from({ length: atOnce }, caller));
	return statuses;
};
