import axios, { type AxiosInstance } from 'axios';

import type { Simulator } from './index';

/** A plain HTTP client for the simulator that takes every status as an answer. */
export const clientOf = (close: Simulator, apiKey = close.account.apiKey): AxiosInstance =>
	axios.create({
		baseURL: close.baseUrl,
		auth: { username: apiKey, password: '' },
		proxy: false,
		validateStatus: () => true,
	});
