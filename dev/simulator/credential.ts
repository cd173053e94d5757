import type { Simulator } from './index';

/** The data of a credential `closeSmsApi` with which n8n works against a simulated Close. */
export const simulatorCredential = (
	{ account, baseUrl }: Pick<Simulator, 'account' | 'baseUrl'>,
	apiKey = account.apiKey,
) => ({ authentication: 'basic', apiKey, accessToken: '', baseUrl });

export type SimulatorCredential = ReturnType<typeof simulatorCredential>;
