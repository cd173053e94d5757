import type { SimulatorCredential } from '../dev/simulator/credential';

/** The texts to edit, or, to send, the people. */
export interface Work {
	credential: SimulatorCredential;
	items: Array<{ id: string; text: string; phone?: string; contactId?: string }>;
	/** Each is an execution of its own, so many milliseconds after the one before. */
	apartMs?: number;
}
