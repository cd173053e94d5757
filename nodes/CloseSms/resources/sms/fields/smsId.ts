import type { INodeProperties } from 'n8n-workflow';
import { setPathId } from '../../../validation/ids';
import { listMode, textMode } from './locatorModes';

/** The SMS activity that an operation is about. */
export const smsId: INodeProperties = {
	displayName: 'SMS',
	name: 'smsId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The SMS activity. The list shows drafts and scheduled SMS first.',
	modes: [
		listMode('getSmsActivities'),
		textMode('By ID', 'id', 'acti_…'),
		{
			...textMode('By URL', 'url', 'https://app.close.com/lead/lead_…/#activity=acti_…'),
			extractValue: { type: 'regex', regex: 'https?://[^\\s]*?(acti_[A-Za-z0-9]+)' },
		},
	],
};

/** Puts its ID into the path. */
export const setSmsId = setPathId('smsId', 'SMS', 'sms');
