import type { AxiosInstance } from 'axios';

import { clientOf } from '../../dev/simulator/client';
import { startSimulator, type Simulator } from '../../dev/simulator';

/** The simulated Close of a test file: started before its tests, fresh for each of them, ended after the last. */
export let close: Simulator;
/** A client with its key. */
export let api: AxiosInstance;

beforeAll(async () => {
	close = await startSimulator();
	api = clientOf(close);
});
beforeEach(() => close.reset());
afterAll(async () => await close.stop());
