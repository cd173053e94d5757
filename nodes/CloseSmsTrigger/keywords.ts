import type { IDataObject } from 'n8n-workflow';
import { getTime, isExchanged } from '../shared/exchangedText';
import { isSamePhoneNumber } from '../shared/phoneNumber';

/**
 * What a text means as a whole to the carriers in the US: they stop all texts from a number to a person who sends an opt-out
 * word to it, and let them through again after an opt-in word (Twilio: "Support for opt-out keywords"). `yes` opts in only
 * after an opt-out; otherwise it is a plain answer.
 */
export type Keyword = 'optOut' | 'optIn' | 'yes';

/** One or more opt-out words without a space between them; "opt out" is from 47 CFR 64.1200(a)(10). */
const OPT_OUT_WORDS = /^(?:stop(?:all)?|unsubscribe|cancel|end|quit|revoke|optout)+$/;
const TWO_WORDS = /\b(stop) (all)\b|\b(opt) (out)\b/g;
const SPELLED_OUT = /^\p{L}(?: \p{L})+$/u;

const OPT_IN_WORDS: ReadonlyMap<string, Keyword> = new Map([
	['start', 'optIn'],
	['unstop', 'optIn'],
	['yes', 'yes'],
]);

/** Characters that nobody sees, such as a zero-width space and the marks around a number that was copied from a phone. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}\u034f\u115f\u1160\u3164]/gu;
const HYPHEN_IN_WORD = /(?<=\p{L})[\p{Pd}\u2212](?=\p{L})/gu;
/** Punctuation, and symbols such as emoji with their skin tones. */
const DECORATION = /[\p{P}\p{S}\p{Emoji_Modifier}\u20e3\s]+/gu;

/**
 * Whether a text is only opt-out words: in any case, once or more, with hyphens, punctuation and emoji. Who writes
 * "STOP!!!" or "Opt-out 👎" wants no answer either.
 */
function isOptOut(text: string): boolean {
	const plain = text
		.toLowerCase()
		.replace(HYPHEN_IN_WORD, '')
		.replace(DECORATION, ' ')
		.trim()
		.replace(TWO_WORDS, (words) => words.replace(' ', ''));
	const words = SPELLED_OUT.test(plain) ? [plain.replace(/ /g, '')] : plain.split(' ');
	return words.every((word) => OPT_OUT_WORDS.test(word));
}

/**
 * Reads a text that is a keyword as a whole. Around an opt-in word only blanks and full stops may stand, since carriers
 * take nothing else for one.
 */
export function parseKeyword(text: unknown): Keyword | undefined {
	if (typeof text !== 'string') return undefined;
	const visible = text.normalize('NFKC').replace(INVISIBLE, '');
	if (isOptOut(visible)) return 'optOut';
	const [, word = ''] = /^[\s.]*([a-z]+)[\s.]*$/i.exec(visible) ?? [];
	return OPT_IN_WORDS.get(word.toLowerCase());
}

/**
 * Whether a person who wrote "yes" had opted out of SMS from this number of ours: their last keyword before it is an
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
				isExchanged(one) &&
				getTime(one) <= getTime(answer) &&
				(one.direction !== 'inbound' || ['optOut', 'optIn'].includes(parseKeyword(one.text) ?? '')),
		)
		.sort((one, other) => getTime(other) - getTime(one));
	return latest?.direction === 'inbound' && parseKeyword(latest.text) === 'optOut';
}
