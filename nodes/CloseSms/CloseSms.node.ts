import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { USER_AGENT } from '../shared/closeApiRequest';
import {
	authenticationProperty,
	CLOSE_BASE_URL,
	closeCredentials,
	DOCUMENTATION_URL,
} from '../shared/authentication';
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
import { toAdditionalFields } from './resources/additionalFields';
import { optionsProperty } from './resources/optionsProperty';
import { toOutputProperties, toProperties, toSubtitle } from './resources/operation';
import { sms } from './resources/sms';
import { smsTemplate } from './resources/smsTemplate';
import { withWholeExpression } from '../shared/wholeExpression';

const inWords: Pick<INodeTypeDescription, 'subtitle'> = {
	subtitle: toSubtitle([sms, smsTemplate]),
};

export class CloseSms implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close SMS',
		name: 'closeSms',
		icon: { light: 'file:../../icons/closeSms.svg', dark: 'file:../../icons/closeSms.dark.svg' },
		group: ['output'],
		version: 1,
		// For the linter, which wants a literal; `...inWords` has the real one.
		subtitle: '={{ $parameter["operation"] }}',
		...inWords,
		description: 'Send, schedule, edit and cancel SMS in Close CRM',
		documentationUrl: DOCUMENTATION_URL,
		builderHint: {
			searchHint:
				'Texts people from Close CRM. "send" texts a real person with a new message; "create" with the mode "draft" texts nobody and lets a person approve it in Close. Turn on options.dryRun while you build.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-close-sms.closeSmsTrigger',
					relationHint: 'Starts a workflow when a person texts back, or when an SMS fails',
				},
				{
					nodeType: 'n8n-nodes-base.wait',
					relationHint: 'Waits for a reply, which Get Conversation then reads',
				},
			],
		},
		defaults: { name: 'Close SMS' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: closeCredentials,
		hints: [
			...sms.operations.flatMap(({ hints = [] }) => hints),
			{
				message: "'Dry Run' is on: the node says who would get what, and sends nothing.",
				type: 'info',
				displayCondition: '={{ $parameter["options"]?.dryRun === true }}',
			},
		],
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
				routing: { send: { paginate: true } },
			},
			...toProperties(sms),
			...toProperties(smsTemplate),
			...toAdditionalFields([sms, smsTemplate]),
			...toOutputProperties(sms),
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
