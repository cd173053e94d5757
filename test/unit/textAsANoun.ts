/** "Texts a real person", "to text", "texted": what one does. */
const AS_A_VERB = new RegExp(
	[
		`\\b(texts?|texting) (a|another|anybody|at|back|each other|everybody|nobody|numbers|one|only|(real )?people|somebody|START|STOP|the|them|this|those|YES|you|your)\\b`,
		`\\b(can|cannot|may|must|never|to|would|you|it|who|Close) texts?\\b`,
	].join('|'),
	'gi',
);
/** Code, an expression, a field of Close in quotation marks, and what Close's own label is in single ones. */
const OF_CLOSE = /`[^`]*`|\{\{.*?\}\}|"text"|'Text'|_Text_|^ *Text *$|\S+\.json/g;

/** Whether words call an SMS, or what it says, a text. It is an SMS and its message; "text" is only what one does. */
export const hasTextAsANoun = (words: string): boolean =>
	/\btexts?\b|\b(SMS|text) messages?\b/i.test(words.replace(OF_CLOSE, '').replace(AS_A_VERB, ''));
