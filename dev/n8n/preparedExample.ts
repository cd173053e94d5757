import type { INodeParameters } from 'n8n-workflow';

import { byNumber } from '../locators';
import type { Simulator } from '../simulator';
import { example } from './examples';

const CLOSE = 'https://api.close.com/api/v1';

const isUnset = (locator: INodeParameters[string]) =>
	(locator as { value?: unknown } | undefined)?.value === '';

/**
 * An example as whoever uses it sets it up for this Close: with its number under From, and HTTP requests to it.
 */
export const preparedExample = async (file: string, close: Simulator) => {
	const workflow = await example(file);
	for (const { type, parameters } of workflow.nodes) {
		if (type.startsWith('n8n-nodes-close-sms.') && isUnset(parameters.from))
			parameters.from = byNumber(close.account.phoneNumbers.main.number);
		if (type === 'n8n-nodes-base.httpRequest')
			parameters.url = String(parameters.url).replace(CLOSE, close.baseUrl);
	}
	return workflow;
};
