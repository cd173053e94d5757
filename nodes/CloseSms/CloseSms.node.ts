import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { USER_AGENT } from '../shared/closeApiRequest';
import { authenticationProperty, CLOSE_BASE_URL, closeCredentials } from '../shared/authentication';
import { captureResponse } from './transport/run';
import { sendInOrder } from './transport/sendInOrder';
import * as listSearch from './listSearch';
import { optionsProperty } from './resources/options';
import { smsDescription } from './resources/sms';
import { smsHints } from './resources/sms/helpers/hints';
import { smsTemplateDescription } from './resources/smsTemplate';
import { keepWholeExpression } from '../shared/wholeExpression';

export class CloseSms implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close SMS',
		name: 'closeSms',
		icon: { light: 'file:../../icons/closeSms.svg', dark: 'file:../../icons/closeSms.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Edit, send, schedule and cancel SMS text messages in Close CRM',
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
					{ name: 'SMS Activity', value: 'sms' },
					{ name: 'SMS Template', value: 'smsTemplate' },
				],
				default: 'sms',
				routing: { send: { paginate: true }, output: { postReceive: [captureResponse] } },
			},
			...smsDescription,
			...smsTemplateDescription,
			optionsProperty,
			keepWholeExpression(optionsProperty),
		],
	};

	methods = { listSearch };
}
