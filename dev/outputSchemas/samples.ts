import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { byId, byNumber } from '../locators';
import { runNode } from '../engine/runNode';
import { startSimulator, type Simulator } from '../simulator';
import { simulatorCredential } from '../simulator/credential';
import type { SmsActivity } from '../simulator/types';

/** Every field that Close may leave empty has a value in this text; in others they are empty. */
const fullText = ({ account }: Simulator): Partial<SmsActivity> => {
	const { contacts, phoneNumbers, templates, users } = account;
	return {
		lead_id: contacts.maria.lead_id,
		contact_id: contacts.maria.id,
		user_id: users.ada.id,
		users: [users.ada.id],
		created_by: users.ada.id,
		local_phone: phoneNumbers.main.number,
		remote_phone: contacts.maria.phones[0].phone,
		text: 'See you tomorrow.',
		template_id: templates.thanks.id,
		date_scheduled: '2036-03-03T17:00:00.000000+00:00',
		date_sent: '2026-02-02T16:20:02.000000+00:00',
		caller_id_mode: 'auto',
		caller_id_reason: 'context',
		cost: '1',
		error_message: '30006 landline or unreachable carrier',
		sequence_id: 'seq_reminders',
		sequence_name: 'Reminders',
		sequence_subscription_id: 'sub_maria',
		agent_config_id: 'agentconf_booking',
		agent_action_reason: 'The person asked for a time.',
		attachments: [
			{
				url: 'https://app.close.com/go/sms/acti_full/media/media_roof/',
				filename: 'roof.jpg',
				size: 52_311,
				content_type: 'image/jpeg',
				media_id: 'media_roof',
				thumbnail_url: 'https://app.close.com/go/sms/acti_full/media/media_roof/thumbnail/',
			},
		],
	};
};

const LATER = '2036-03-03T09:00:00Z';

/** A run of each operation. Its output is what Close responds, whole: what the operation gives by default. */
const RUNS: Record<string, Record<string, (close: Simulator) => INodeParameters>> = {
	sms: {
		cancel: (close) => ({
			smsId: byId(close.addSms({ status: 'scheduled', date_scheduled: LATER }).id),
		}),
		create: ({ account }) => ({
			mode: 'draft',
			remotePhone: account.contacts.maria.phones[0].phone,
			text: 'Hi Maria',
		}),
		delete: (close) => ({ smsId: byId(close.addSms().id) }),
		get: (close) => ({ smsId: byId(close.addSms(fullText(close)).id) }),
		getAll: (close) => {
			close.addSms(fullText(close));
			return { returnAll: true };
		},
		getConversation: (close) => {
			close.addSms({ ...fullText(close), status: 'sent' });
			return { person: { __rl: true, mode: 'contact', value: close.account.contacts.maria.id } };
		},
		schedule: (close) => ({ smsId: byId(sendable(close)), sendAt: LATER }),
		send: ({ account }) => ({
			to: byNumber(account.contacts.maria.phones[0].phone),
			from: byNumber(account.phoneNumbers.main.number),
			message: 'Hi Maria',
			additionalFields: { contactId: byId(account.contacts.maria.id) },
		}),
		sendDraft: (close) => ({ smsId: byId(sendable(close)) }),
		update: (close) => ({ smsId: byId(sendable(close)), updateFields: { text: 'Hi again' } }),
	},
	smsTemplate: {
		create: () => ({ name: 'Thanks', text: 'Thank you!' }),
		delete: ({ account }) => ({ templateId: byId(account.templates.thanks.id) }),
		get: ({ account }) => ({ templateId: byId(account.templates.thanks.id) }),
		getAll: () => ({ returnAll: true }),
		update: ({ account }) => ({
			templateId: byId(account.templates.thanks.id),
			templateFields: { name: 'Thanks a lot' },
		}),
	},
};

const sendable = (close: Simulator) =>
	close.addSms({
		remote_phone: close.account.contacts.maria.phones[0].phone,
		local_phone: close.account.phoneNumbers.main.number,
		text: 'Hi Maria',
	}).id;

export interface Sample {
	resource: string;
	operation: string;
	/** The output items. */
	items: IDataObject[];
}

/**
 * Runs each operation in n8n's own engine against a simulated Close.
 *
 * @throws Error if an operation gives no output, as when it has been renamed
 */
export async function getSamples(): Promise<Sample[]> {
	const close = await startSimulator();
	try {
		const samples: Sample[] = [];
		for (const [resource, operations] of Object.entries(RUNS))
			for (const [operation, toParameters] of Object.entries(operations)) {
				close.reset();
				const parameters = {
					authentication: 'apiKey',
					resource,
					operation,
					...toParameters(close),
				};
				const { json, error } = await runNode({
					credential: simulatorCredential(close),
					parameters,
				});
				if (error ?? json.length === 0)
					throw new Error(`${resource}: ${operation} gave no output: ${error?.message}`);
				samples.push({ resource, operation, items: json });
			}
		return samples;
	} finally {
		await close.stop();
	}
}
