import type { INodePropertyMode } from 'n8n-workflow';
import { PHONE_HINT } from '../../../../shared/phoneNumber';

/** The mode of a resource locator that picks from a list. */
export const listMode = (searchListMethod: string): INodePropertyMode => ({
	displayName: 'From List',
	name: 'list',
	type: 'list',
	typeOptions: { searchListMethod, searchable: true },
});

/** A mode of a resource locator in which a person writes. */
export const textMode = (
	displayName: string,
	name: string,
	example: string,
): INodePropertyMode => ({ displayName, name, type: 'string', placeholder: `e.g. ${example}` });

export const numberMode = (example: string): INodePropertyMode => ({
	...textMode('Number', 'number', example),
	hint: PHONE_HINT,
});
