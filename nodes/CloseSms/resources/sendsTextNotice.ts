import type { INodeProperties } from 'n8n-workflow';

/**
 * Says that the settings text a person, unless 'Dry Run' is on. A value that an expression gives is not known yet, so then it
 * is said too.
 *
 * @param settings the values of parameters with which a person is texted, in n8n's `displayOptions`
 */
export const sendsTextNotice = (
	name: string,
	settings: Record<string, string[]> = {},
): INodeProperties => ({
	displayName:
		'Texts a real person. To see first who would get what, add Dry Run under Options: then nothing is sent.',
	name,
	type: 'notice',
	default: '',
	displayOptions: { show: settings, hide: { '/options.dryRun': [true] } },
});
