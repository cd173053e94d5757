import axios from 'axios';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import type { Work } from './work';

/** What a developer would write in a minute: `concurrency` requests at once, no retries, no respect for the rate limit. */
export const axiosLoop = (
	{ credential: { baseUrl, apiKey } }: Work,
	concurrency: number,
): INodeType => ({
	description: {
		displayName: 'Axios Loop',
		name: 'axiosLoop',
		group: ['output'],
		version: 1,
		description: '',
		defaults: { name: 'Axios Loop' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	async execute(this: IExecuteFunctions) {
		const items = this.getInputData();
		const results: INodeExecutionData[] = [];
		let next = 0;
		const loop = async () => {
			while (next < items.length) {
				const item = next++;
				const { id, text } = items[item].json;
				results[item] = await axios
					.put(
						`${baseUrl}/activity/sms/${String(id)}/`,
						{ text },
						{ auth: { username: apiKey, password: '' } },
					)
					.then(({ data }) => ({ json: data, pairedItem: { item } }))
					.catch((error: Error) => ({ json: { error: error.message }, pairedItem: { item } }));
			}
		};
		await Promise.all(Array.from({ length: concurrency }, loop));
		return [results];
	},
});
