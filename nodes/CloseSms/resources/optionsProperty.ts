import type { INodeProperties } from 'n8n-workflow';
import { OPTIONS } from '../validation/nodeOptions';
import type { OptionScope } from '../validation/option';
import { valuesOf, type Operation } from './operation';
import { sms } from './sms';

const IS_IN_SCOPE: Record<Exclude<OptionScope, 'all'>, (operation: Operation) => boolean> = {
	returnsSms: ({ returnsSms }) => returnsSms === true,
	hasWords: ({ takesWords, texts }) => takesWords === true || texts !== undefined,
	takesNumbers: ({ takesNumbers }) => takesNumbers === true,
	takesWords: ({ takesWords }) => takesWords === true,
	texts: ({ texts }) => texts !== undefined,
	textsAnew: ({ texts }) => texts === 'new',
};

const showFor = (scope: OptionScope): Pick<INodeProperties, 'displayOptions'> =>
	scope === 'all'
		? {}
		: {
				displayOptions: {
					show: {
						'/resource': [sms.value],
						'/operation': valuesOf(sms.operations, IS_IN_SCOPE[scope]),
					},
				},
			};

export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	default: {},
	placeholder: 'Add Option',
	options: Object.entries(OPTIONS).map(([name, { field, scope }]) => ({
		...field,
		name,
		...showFor(scope),
	})),
};
