import type { INodeProperties } from 'n8n-workflow';
import { addMessageInfoOption } from '../../output/messageInfo';
import {
	checkOptOutOption,
	sendingHoursOption,
	skipIfTextedWithinOption,
	waitUntilSentOption,
} from './sendOptions';
import { valuesOf, type Operation } from '../operation';
import { sms } from '../sms';
import { unknownRecipientOption } from '../sms/sending/withRecipient';

/** Shows an option for the SMS operations that fit. */
const showFor = (
	isWanted: (operation: Operation) => unknown,
	option: INodeProperties,
): INodeProperties => ({
	...option,
	displayOptions: {
		show: { '/resource': [sms.value], '/operation': valuesOf(sms.operations, isWanted) },
	},
});

const texts = ({ texts: kind }: Operation) => kind;
const textsAnew = ({ texts: kind }: Operation) => kind === 'new';

/** The options of every operation; `validation/nodeOptions.ts` reads them. */
export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	default: {},
	placeholder: 'Add Option',
	options: [
		showFor(({ returnsSms }) => returnsSms, addMessageInfoOption),
		showFor(texts, checkOptOutOption),
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description:
				'Whether to return the requests to Close, under "requests", instead of sending them. "_note" says what they assume about texts that would be looked up first.',
		},
		{
			displayName: 'Give Up After (Seconds)',
			name: 'giveUpAfter',
			type: 'number',
			default: 300,
			typeOptions: { minValue: 1 },
			description:
				'How long a request may wait for Close, all its retries included, before its item fails',
		},
		showFor(textsAnew, unknownRecipientOption),
		{
			displayName: 'Max Concurrency',
			name: 'maxConcurrency',
			type: 'number',
			default: 20,
			typeOptions: { minValue: 1, maxValue: 50 },
			description:
				'How many items may be in progress at once. The node starts with two and speeds up as long as Close responds well.',
		},
		{
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			default: 8,
			typeOptions: { minValue: 0 },
			description:
				'How often a request may be tried again when Close is busy or out of reach. A request that can text a person is repeated only after the text was looked up.',
		},
		showFor(texts, sendingHoursOption),
		showFor(textsAnew, skipIfTextedWithinOption),
		showFor(texts, waitUntilSentOption),
	],
};
