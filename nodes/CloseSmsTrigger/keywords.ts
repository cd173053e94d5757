import type { IDataObject } from 'n8n-workflow';
import { getTime, isSaid } from '../shared/conversation';
import { isSamePhoneNumber } from '../shared/phoneNumber';

/**
 * What a text means as a whole to the carriers in the US: they stop all texts from a number to a person who sends an opt-out
 * word to it, and let them through again after an opt-in word (Twilio: "Support for opt-out keywords"). `yes` opts in only
 * after an opt-out; otherwise it is a plain answer.
 */
export type Keyword = 'optOut' | 'optIn' | 'yes';

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
	...['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'].map(
		(word): [string, Keyword] => [word, 'optOut'],
	),
	...['start', 'unstop'].map((word): [string, Keyword] => [word, 'optIn']),
	['yes', 'yes'],
]);

/**
 * Reads a text that is one of the words as a whole, in any case; blanks and full stops around it do not count. Around an
 * opt-out no punctuation does: who writes "STOP!" wants no answer either.
 */
export function parseKeyword(text: unknown): Keyword | undefined {
	if (typeof text !== 'string') return undefined;
	const [, before, word, after] = /^([\s\p{P}]*)([a-z]+)([\s\p{P}]*)$/iu.exec(text) ?? [];
	const keyword = KEYWORDS.get((word ?? '').toLowerCase());
	return keyword === 'optOut' || /^[\s.]*$/.test(`${before}${after}`) ? keyword : undefined;
}

/**
 * Whether a person who wrote "yes" had opted out of texts from this number of ours: their last keyword before it is an
 * opt-out, and nothing of ours reached them since. Otherwise "yes" may well answer a question.
 *
 * @param answer the SMS that says "yes"
 * @param texts SMS of the same lead or contact, in any order
 */
export function followsOptOut(answer: IDataObject, texts: IDataObject[]): boolean {
	const [latest] = texts
		.filter(
			(one) =>
				one.id !== answer.id &&
				isSamePhoneNumber(one.remote_phone, answer.remote_phone) &&
				isSamePhoneNumber(one.local_phone, answer.local_phone) &&
				isSaid(one) &&
				getTime(one) <= getTime(answer) &&
				(one.direction !== 'inbound' || ['optOut', 'optIn'].includes(parseKeyword(one.text) ?? '')),
		)
		.sort((one, other) => getTime(other) - getTime(one));
	return latest?.direction === 'inbound' && parseKeyword(latest.text) === 'optOut';
}
