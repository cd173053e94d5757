import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { getLeads, getPhoneNumbers, getUsers } from '../CloseSms/listSearch';
import { authenticationProperty, closeCredentials } from '../shared/authentication';
import { subscribedEvents } from './events';
import { ignoreOwnChangesProperty, optionsProperty, outputProperty } from './options';
import { handleWebhook } from './webhook/handleWebhook';
import { isSubscribed, subscribe, unsubscribe, type DesiredSubscription } from './subscription';
import {
	validateEventSelection,
	getEventSelection,
	eventSelectionProperties,
} from './eventSelection';

/** The subscription that the node needs as it is set up now, in test mode for the test URL. */
const getDesiredSubscription = (context: IHookFunctions): DesiredSubscription => ({
	url: context.getNodeWebhookUrl('default') as string,
	events: subscribedEvents(getEventSelection(context)),
});

export class CloseSmsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close SMS Trigger',
		name: 'closeSmsTrigger',
		icon: { light: 'file:../../icons/closeSms.svg', dark: 'file:../../icons/closeSms.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when an SMS in Close CRM is received, sent, fails or changes',
		eventTriggerDescription: 'Waiting for an SMS event from Close',
		activationMessage: 'The workflow now runs at each of the chosen SMS events in Close.',
		defaults: { name: 'Close SMS Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: closeCredentials,
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Empty: what `webhook` returns.
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [
			authenticationProperty,
			...eventSelectionProperties,
			ignoreOwnChangesProperty,
			outputProperty,
			optionsProperty,
		],
	};

	methods = { listSearch: { getLeads, getPhoneNumbers, getUsers } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				validateEventSelection(this, getEventSelection(this));
				return await isSubscribed(this, getDesiredSubscription(this));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await subscribe(this, getDesiredSubscription(this));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const fault = await unsubscribe(this);
				if (fault)
					this.logger.error(`Close did not remove the webhook subscription: ${fault.reason}`);
				return fault === undefined;
			},
		},
	};

	/**
	 * Has nothing to start, but n8n calls it whenever it starts, and looks at the subscription of such a node then.
	 * n8n 2.41 looks at those of others only when a workflow is published: one that was paused while n8n was down, or whose
	 * address has changed, would stay so.
	 */
	async trigger(): Promise<ITriggerResponse> {
		return {};
	}

	/** Hands on what `webhook` found; without it, n8n would wait for `trigger` in test mode. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook(this);
	}
}
