import type { IExecuteSingleFunctions } from 'n8n-workflow';

/** Options of how requests go out, with the defaults of their fields. */
export const TRANSPORT_DEFAULTS = {
	/** Items under way at once. */
	maxConcurrency: 20,
	/** Tries after the first, for one request. */
	maxRetries: 8,
	/** Seconds. */
	giveUpAfter: 300,
};

/** What the user set; an expression that gives no number gives the default. */
export function getTransportOptions(
	context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>,
): typeof TRANSPORT_DEFAULTS {
	const given = context.getNodeParameter('options', {}) as Record<string, unknown>;
	const read = (name: keyof typeof TRANSPORT_DEFAULTS, least: number) => {
		const value = Number(given[name] ?? TRANSPORT_DEFAULTS[name]);
		return Math.max(least, Number.isNaN(value) ? TRANSPORT_DEFAULTS[name] : value);
	};
	return {
		maxConcurrency: read('maxConcurrency', 1),
		maxRetries: read('maxRetries', 0),
		giveUpAfter: read('giveUpAfter', 0),
	};
}
