import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { getContacts, getLeads, getPhoneNumbers, getUsers } from '../CloseSms/listSearch';
import {
	authenticationProperty,
	closeCredentials,
	DOCUMENTATION_URL,
} from '../shared/authentication';
import { stopAsking } from './askAgain';
import { startCatchUp } from './catchUp/catchUp';
import { eventWords, ON_SMS, subscribedEvents } from './events';
import {
	ignoreOwnChangesProperty,
	triggerOptionsProperty,
	outputProperty,
	validateOptions,
} from './options';
import { toTriggerKey } from './triggerKey';
import { noteMaker } from './webhook/ownChanges';
import { handleWebhook } from './webhook/handleWebhook';
import { startOnce } from './execution/startOnce';
import { isSubscribed, subscribe, unsubscribe } from './subscription';
import type { DesiredSubscription } from './subscriptionDecision';
import {
	validateEventSelection,
	getEventSelection,
	eventSelectionProperties,
} from './eventSelection';
import { withWholeExpression } from '../shared/wholeExpression';

/** The address of this node; in test mode its test URL. */
const getOwnUrl = (context: IHookFunctions) => context.getNodeWebhookUrl('default') as string;

/** The subscription that the node needs with its present settings. */
const getDesiredSubscription = (context: IHookFunctions): DesiredSubscription => ({
	url: getOwnUrl(context),
	events: subscribedEvents(getEventSelection(context)),
});

/** The chosen events, such as "On SMS received or sent"; nothing while they are an expression. */
const inWords: Pick<INodeTypeDescription, 'subtitle'> = {
	subtitle: `={{ ((words, events) => Array.isArray(events) && events.length > 0 ? "${ON_SMS}" + events.map((event) => words[event] ?? event).join(", ").replace(/, ([^,]*)$/, " or $1") : "")(${JSON.stringify(eventWords)}, $rawParameter.events) }}`,
};

export class CloseSmsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Close SMS Trigger',
		name: 'closeSmsTrigger',
		icon: { light: 'file:../../icons/closeSms.svg', dark: 'file:../../icons/closeSms.dark.svg' },
		group: ['trigger'],
		version: 1,
		// For the linter, which wants a literal; `...inWords` has the real one.
		subtitle: '={{ $parameter["events"].join(", ") }}',
		...inWords,
		// n8n shows this for the one entry that the trigger and the action node have in its search.
		description:
			'Starts the workflow when an SMS in Close CRM is received or sent, fails or changes; its actions send and schedule SMS',
		eventTriggerDescription:
			'Do in Close what you chose under Events: for Received, text your Close number',
		activationMessage: 'The workflow now runs at each of the chosen SMS events in Close.',
		documentationUrl: DOCUMENTATION_URL,
		builderHint: {
			searchHint:
				'Starts a workflow from an SMS in Close CRM. For answers of people choose "received"; words such as STOP come as "optedOut".',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-close-sms.closeSms',
					relationHint:
						'Answers the person with Send, or reads what was said with Get Conversation',
				},
			],
		},
		triggerPanel: {
			header: 'Listen for an SMS in Close',
			executionsHelp: {
				inactive:
					'<b>To try it</b>, press the button above, then do in Close what you chose under Events: for Received, text your Close number from a phone. n8n must be reachable from the internet. <br /><br /><b>To have it run</b>, publish the workflow.',
				active:
					"<b>To try it</b>, press the button above, then do in Close what you chose under Events: for Received, text your Close number from a phone. <br /><br />The workflow is published and also runs at each of these events by itself; <a data-key='executions'>its executions</a> show them.",
			},
			activationHint:
				'Once the workflow is published, it runs at each of the chosen SMS events in Close.',
		},
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
			...withWholeExpression(triggerOptionsProperty),
		],
	};

	methods = { listSearch: { getContacts, getLeads, getPhoneNumbers, getUsers } };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				validateEventSelection(this);
				validateOptions(this);
				const exists = await isSubscribed(this, getDesiredSubscription(this));
				if (exists) await noteMaker(this);
				return exists;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await subscribe(this, getDesiredSubscription(this));
				await noteMaker(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await unsubscribe(this, getOwnUrl(this));
			},
		},
	};

	/**
	 * Catches up on what was missed. n8n 2.41 checks subscriptions when it starts only for nodes that have this function,
	 * those of other nodes only when a workflow is published: one that was paused while n8n was down would stay paused.
	 */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const stopCatchUp = startCatchUp(this);
		return {
			closeFunction: async () => {
				stopCatchUp();
				stopAsking(toTriggerKey(this));
			},
		};
	}

	/** Passes on what `webhook` received, once for each event. Without it, n8n would wait for `trigger` in test mode. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await startOnce(this)];
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook(this);
	}
}
