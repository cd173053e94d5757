import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { ErrorFields } from '../../nodes/shared/errors/toNodeError';
import { byId, byNumber } from '../../dev/locators';
import { wait } from '../../dev/platform';
import { runNode, type NodeRun, type RunOptions } from '../../dev/engine/runNode';
import { simulatorCredential } from '../../dev/simulator/credential';
import type { Simulator } from '../../dev/simulator';
import { close } from '../simulator/fixture';
import { withOwnSimulator } from '../simulator/ownSimulator';

/** What a node may do on an error, by n8n's names. */
export const ERROR_MODES = [
	'stopWorkflow',
	'continueRegularOutput',
	'continueErrorOutput',
] as const;

/**
 * How many items a long run has, by what happens on an error: a thousand, and a hundred in the modes that differ from that
 * only in what becomes of an item that failed.
 */
export const LONG_RUN: Record<(typeof ERROR_MODES)[number], number> = {
	stopWorkflow: 1000,
	continueRegularOutput: 100,
	continueErrorOutput: 100,
};

/** The draft of the simulated account. */
export const DRAFT_ID = 'acti_draft00000000000000000';

/** A contact of the simulated account. */
export const CONTACT_ID = 'cont_maria00000000000000000';

/** A fresh simulated Close for each test of a file, and the resource SMS running against it. */
export function setUpSms() {
	// Each test is an account of its own: what the process remembers of one is none of another's business.
	let account = 0;
	beforeEach(() => {
		account++;
		close.addApiKey();
		close.addAddress();
	});
	const run = async (
		operation: string,
		parameters: INodeParameters,
		options: Partial<RunOptions> = {},
	): Promise<NodeRun> =>
		await runNode({
			credential: simulatorCredential(close),
			parameters: { authentication: 'apiKey', resource: 'sms', operation, ...parameters },
			...options,
			node: {
				...(!options.credentials && {
					credentials: { closeSmsApi: { id: String(account), name: 'Close' } },
				}),
				...options.node,
			},
		});
	return {
		get close() {
			return close;
		},
		/** Runs one operation of the resource SMS. */
		run,
		/** Starts a run. A run can be canceled; `within` is an error when it has not ended by then. */
		start: (operation: string, parameters: INodeParameters, options: Partial<RunOptions> = {}) => {
			let cancel!: () => void;
			const onStart = (execution: { cancel(): void }) => (cancel = () => execution.cancel());
			const running = run(operation, parameters, { ...options, onStart });
			return {
				run: running,
				cancel: () => cancel(),
				within: async (ms: number): Promise<NodeRun> => {
					const ended = await Promise.race([running, wait(ms, undefined, { ref: false })]);
					if (ended) return ended;
					cancel();
					throw new Error(`The run did not end within ${ms} ms`);
				},
			};
		},
		/** What arrived at Close, in order. */
		wire: () =>
			close.requests.map(({ method, path, query, body }) => ({ method, path, query, body })),
		/** Drafts to as many people, each with a number of its own. */
		drafts: (count: number) =>
			Array.from({ length: count }, (_, n) => {
				const remotePhone = `+1415555${String(1000 + n)}`;
				const draft = { text: `For ${n}`, remote_phone: remotePhone, local_phone: '+14155550100' };
				return { n, id: close.addSms(draft).id, remotePhone };
			}),
		/** Lets every text in the outbox reach its phone. */
		deliver: () => close.clock.advance(60_000),
		/** Lets time pass until a minute after this date. */
		advancePast: (date: string) =>
			close.clock.advance(Date.parse(date) + 60_000 - close.clock.now().getTime()),
	};
}

/** Runs operations on a Close of their own, so that tests that have to wait can wait at once. */
export async function onItsOwn(
	act: (
		close: Simulator,
		run: (operation: string, parameters: INodeParameters) => Promise<NodeRun>,
	) => Promise<void>,
): Promise<void> {
	await withOwnSimulator(
		async (own) =>
			await act(
				own,
				async (operation, parameters) =>
					await runNode({
						credential: simulatorCredential(own),
						parameters: { authentication: 'apiKey', resource: 'sms', operation, ...parameters },
					}),
			),
	);
}

/** The parameters of Send for a text from the account's own number. */
export const sendTo = (
	phone: string,
	message: string,
	more: INodeParameters = {},
): INodeParameters => ({
	to: byNumber(phone),
	from: byNumber('+14155550100'),
	message,
	// Given, it is not looked up: `recipient.test.ts` has that.
	additionalFields: { contactId: byId(CONTACT_ID) },
	...more,
});

/** The parameters of Send for a text that is to go out later. */
export const at = (sendAt: string): INodeParameters => ({ when: 'at', sendAt });

/** A request about one SMS, as `wire` shows it. */
export const smsRequest = (method: string, id: unknown, body?: IDataObject) => ({
	method,
	path: `/activity/sms/${String(id)}/`,
	query: {},
	body,
});
export const getRequest = (id: string) => smsRequest('GET', id);
export const putRequest = (id: string, body: IDataObject) => smsRequest('PUT', id, body);

/** The fields of what went wrong with an item, in the "Continue" modes; n8n's own errors are only a message. */
export const errorOf = ({
	json: { error },
}: Pick<INodeExecutionData, 'json'>): Partial<ErrorFields> | undefined =>
	typeof error === 'string' ? { message: error } : (error as ErrorFields | undefined);

/**
 * What came out for each input item in any of the error modes: what happened, as the message of its error says it, without
 * full stop and advice; or undefined.
 */
export const messages = ({ outputs, error }: NodeRun) =>
	(error ? [error.message] : outputs.flat().map((item) => errorOf(item)?.message)).map((one) =>
		one?.replace(/\.$/, ''),
	);

/** All that a person reads of what went wrong, in any of the error modes; empty when nothing did. */
export const said = ({ outputs, error }: NodeRun) =>
	error
		? `${error.message} ${error.description ?? ''}`
		: outputs
				.flat()
				.map(errorOf)
				.map((one) => `${one?.message ?? ''} ${one?.whatToDo ?? ''}`)
				.join(' ')
				.trim();
