import type { INodeParameters, INodeType } from 'n8n-workflow';
import type { RunOptions } from '../dev/engine/runNode';
import { byId, byNumber } from '../dev/locators';
import { axiosLoop } from './axiosLoop';
import type { Work } from './work';

/** Who does the work, with which settings. */
export type Contestant =
	| { kind: 'closeSms'; maxConcurrency?: number }
	/** A new text to each person. */
	| { kind: 'send'; isContactGiven: boolean; options: INodeParameters }
	/** Without a batch it sends all at once. */
	| { kind: 'httpRequest'; batch?: { batchSize: number; batchInterval: number } }
	| { kind: 'axios'; concurrency: number };

/** n8n's name of it; n8n allows it to use the credentials of other nodes by this name only. */
const HTTP_REQUEST = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.5 };

async function httpRequestNode(): Promise<INodeType> {
	// Comes with n8n, not with this package's own dependencies.
	const file: string = 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node';
	const { HttpRequest } = (await import(file)) as {
		HttpRequest: new () => { nodeVersions: Record<number, INodeType> };
	};
	return new HttpRequest().nodeVersions[HTTP_REQUEST.typeVersion];
}

const closeSms = (maxConcurrency?: number): Partial<RunOptions> => ({
	parameters: {
		authentication: 'apiKey',
		resource: 'sms',
		operation: 'update',
		smsId: byId('={{ $json.id }}'),
		updateFields: { text: '={{ $json.text }}' },
		options: maxConcurrency ? { maxConcurrency } : {},
	},
});

const send = (isContactGiven: boolean, options: INodeParameters): Partial<RunOptions> => ({
	parameters: {
		authentication: 'apiKey',
		resource: 'sms',
		operation: 'send',
		to: byNumber('={{ $json.phone }}'),
		from: byNumber('+14155550100'),
		message: '={{ $json.text }}',
		additionalFields: isContactGiven ? { contactId: byId('={{ $json.contactId }}') } : {},
		options,
	},
});

const httpRequest = async (
	baseUrl: string,
	batch?: { batchSize: number; batchInterval: number },
): Promise<Partial<RunOptions>> => ({
	instead: { node: await httpRequestNode(), ...HTTP_REQUEST },
	parameters: {
		method: 'PUT',
		url: `=${baseUrl}/activity/sms/{{ $json.id }}/`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'closeSmsApi',
		sendBody: true,
		contentType: 'json',
		specifyBody: 'keypair',
		bodyParameters: { parameters: [{ name: 'text', value: '={{ $json.text }}' }] },
		options: batch ? { batching: { batch } } : {},
	},
});

async function setUp(contestant: Contestant, work: Work): Promise<Partial<RunOptions>> {
	switch (contestant.kind) {
		case 'closeSms':
			return closeSms(contestant.maxConcurrency);
		case 'send':
			return send(contestant.isContactGiven, contestant.options);
		case 'httpRequest':
			return await httpRequest(work.credential.baseUrl, contestant.batch);
		case 'axios':
			return {
				instead: {
					node: axiosLoop(work, contestant.concurrency),
					type: 'bench.axios',
					typeVersion: 1,
				},
			};
	}
}

/** How a contestant runs in n8n-core; after a failed item it continues with the next. */
export const runOptions = async (contestant: Contestant, work: Work): Promise<RunOptions> => ({
	parameters: {},
	credential: work.credential,
	items: work.items,
	node: { onError: 'continueRegularOutput' },
	...(await setUp(contestant, work)),
});
