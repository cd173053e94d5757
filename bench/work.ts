import type { SimulatorCredential } from '../dev/simulator/credential';

/** The texts to edit. */
export interface Work {
	credential: SimulatorCredential;
	items: Array<{ id: string; text: string }>;
	/** Each is an execution of its own, so many milliseconds after the one before. */
	apartMs?: number;
}
