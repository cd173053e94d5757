import type { INodePropertyMode } from 'n8n-workflow';
import { PHONE_HINT } from '../../../../shared/phoneNumber';

const mode = (
	displayName: string,
	name: string,
	more: Omit<INodePropertyMode, 'displayName' | 'name'>,
): INodePropertyMode => ({ displayName, name, ...more });

/** The mode of a resource locator that picks from a list. */
export const listMode = (searchListMethod: string) =>
	mode('From List', 'list', {
		type: 'list',
		typeOptions: {
			searchListMethod,
			searchable: true,
			slowLoadNotice: {
				message: 'Close is slow to answer. You can also switch from the list to an ID or a number.',
				timeout: 8_000,
			},
		},
	});

/** A mode of a resource locator in which a person writes. */
export const textMode = (displayName: string, name: string, example: string, hint?: string) =>
	mode(displayName, name, { type: 'string', placeholder: `e.g. ${example}`, hint });

export const numberMode = (example: string) => textMode('Number', 'number', example, PHONE_HINT);
