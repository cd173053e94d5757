import type { INodeProperties } from 'n8n-workflow';
import { setPathId } from '../../validation/ids';
import { smsFields } from '../sms/fields/fields';

/** The template that an operation is about. */
export const templateId: INodeProperties = {
	...smsFields.templateId,
	description: 'The SMS template',
	required: true,
	routing: undefined,
};

/** Puts its ID into the path. */
export const setTemplateId = setPathId('templateId', 'Template', 'template');
