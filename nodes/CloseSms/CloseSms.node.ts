import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { USER_AGENT } from '../shared/closeApiRequest';
import { authenticationProperty, CLOSE_BASE_URL, closeCredentials } from '../shared/authentication';
import { captureResponse } from './transport/run/run';
import { sendInOrder } from './transport/run/sendInOrder';
import {
	getContacts,
	getLeads,
	getPeople,
	getPhoneNumbers,
	getSmsActivities,
	getTemplates,
	getUsers,
} from './listSearch';
import { optionsProperty } from './resources/options';
import { smsDescription } from './resources/sms';
import { smsHints } from './resources/sms/fields/hints';
import { smsTemplateDescription } from './resources/smsTemplate';
import { withWholeExpression } from '../shared/wholeExpression';

export class CloseSms implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close SMS',
		name: 'closeSms',
		icon: { light: 'file:../../icons/closeSms.svg', dark: 'file:../../icons/closeSms.dark.svg' },
		group: ['output'],
		version: 1,
		// In words, so that on the canvas a node that texts a person is not taken for one that drafts. What an expression will
		// give is not known there: then the operation alone is named. The linter wants a literal.
		subtitle:
			'={{ ($rawParameter.options?.dryRun === true ? "Dry run: " : "") + ((words, operation, setting) => $rawParameter.resource === "smsTemplate" ? (operation === "getAll" ? "Get many templates" : operation.charAt(0).toUpperCase() + operation.slice(1) + " a template") : (words[operation + "/" + setting] ?? words[operation]))({ cancel: "Cancel a text", create: "Create a draft or a record", "create/draft": "Create a draft", "create/logReceived": "Log a received text", "create/logSent": "Log a sent text", delete: "Delete a text", get: "Get a text", getAll: "Get many texts", getConversation: "Get a conversation", schedule: "Schedule a draft", send: "Send a new text", "send/at": "Send a new text at a time", "send/now": "Send a new text now", sendDraft: "Send a draft now", update: "Update a text", "update/draft": "Set back to a draft", "update/inbox": "Log as received", "update/outbox": "Update and send now", "update/scheduled": "Update and send later", "update/sent": "Log as sent" }, $rawParameter.operation ?? "update", $rawParameter.mode ?? $rawParameter.when ?? $rawParameter.updateFields?.status) }}',
		description: 'Send, schedule, edit and cancel SMS text messages in Close CRM',
		defaults: { name: 'Close SMS' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: closeCredentials,
		hints: smsHints,
		requestDefaults: {
			// Not an expression, which the engine would evaluate twice for each item: `sendInOrder` puts in the credential's.
			baseURL: CLOSE_BASE_URL,
			// Close shows the User-Agent next to the key, as "Last used".
			headers: { Accept: 'application/json', 'User-Agent': USER_AGENT },
			// A redirect can turn a PUT into a GET.
			disableFollowRedirect: true,
		},
		requestOperations: { pagination: sendInOrder() },
		properties: [
			authenticationProperty,
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'SMS', value: 'sms' },
					{ name: 'SMS Template', value: 'smsTemplate' },
				],
				default: 'sms',
				routing: { send: { paginate: true }, output: { postReceive: [captureResponse] } },
			},
			...smsDescription,
			...smsTemplateDescription,
			...withWholeExpression(optionsProperty),
		],
	};

	methods = {
		listSearch: {
			getContacts,
			getLeads,
			getPeople,
			getPhoneNumbers,
			getSmsActivities,
			getTemplates,
			getUsers,
		},
	};
}
