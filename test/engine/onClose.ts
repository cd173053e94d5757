import type { INodeParameters } from 'n8n-workflow';
import { close } from '../simulator/fresh';
import { runNode, type NodeRun, type RunOptions } from './runNode';

export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
export const byNumber = (value: string) => ({ __rl: true, mode: 'number', value });

export const ERROR_MODES = [
	'stopWorkflow',
	'continueRegularOutput',
	'continueErrorOutput',
] as const;

/** A fresh simulated Close for each test of a file, and the SMS resource running against it. */
export function onClose() {
	return {
		get close() {
			return close;
		},
		/** Runs one operation of the resource SMS Activity. */
		run: async (
			operation: string,
			parameters: INodeParameters,
			options: Partial<RunOptions> = {},
		): Promise<NodeRun> =>
			await runNode({
				credential: {
					authentication: 'basic',
					apiKey: close.account.apiKey,
					baseUrl: close.baseUrl,
				},
				parameters: { authentication: 'apiKey', resource: 'sms', operation, ...parameters },
				...options,
			}),
		/** What arrived at Close, in order. */
		wire: () =>
			close.requests.map(({ method, path, query, body }) => ({ method, path, query, body })),
	};
}

/** What came out for each input item in any of the error modes: the message of its error, or undefined. */
export const messages = ({ outputs, error }: NodeRun) =>
	error ? [error.message] : outputs.flat().map(({ json }) => json.error as string | undefined);

/** All that a person reads of what went wrong, in any of the error modes; empty when nothing did. */
export const said = ({ outputs, error }: NodeRun) =>
	error
		? `${error.message} ${error.description ?? ''}`
		: outputs
				.flat()
				.map(({ json }) => json.error ?? '')
				.join(' ')
				.trim();
