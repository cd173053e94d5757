import { splitExpression } from '../../../../../nodes/CloseSms/validation/expressionParts';

/** Words as they are, code in angle quotes. */
const show = (raw: string) => {
	const { literals, codes } = splitExpression(raw);
	return literals
		.map((words, index) => (index === 0 ? words : `«${codes[index - 1].trim()}»${words}`))
		.join('');
};

test.each([
	['=Hi {{ $json.name }}!', 'Hi «$json.name»!'],
	['=Hi Ann', 'Hi Ann'],
	["={{ 'Hi ' + $json.name + '!' }}", 'Hi «$json.name»!'],
	['={{ "Hi " + $json.name }}, {{ $json.b }}', 'Hi «$json.name», «$json.b»'],
	["={{ $json.name + ', hello' }}", '«$json.name», hello'],
	['={{ `Hi ${$json.name}, ${ $json.at }!` }}', 'Hi «$json.name», «$json.at»!'],
	['={{ `Hi ${$json.a}` + $json.b }}', 'Hi «$json.a»«$json.b»'],
	["={{ 'It\\'s ' + $json.a + '\\n' }}", "It's «$json.a»\n"],
	["={{ 'Hi' + ($json.a || '') }}", "Hi«$json.a || ''»"],
	["={{ 'Hi ' + $json.a?.b['x + y'] }}", "Hi «$json.a?.b['x + y']»"],
	["={{ 'Hi ' + $('A + B').item.json.a }}", "Hi «$('A + B').item.json.a»"],
	["={{ 'Sum ' + $json.a * 2 }}", 'Sum «$json.a * 2»'],
	[
		"={{ 'Each ' + $json.a / 2 + ', all ' + ($json.b / $json.c) }}",
		'Each «$json.a / 2», all «$json.b / $json.c»',
	],
	["={{ `Hi ${$json['First Name']}!` }}", "Hi «$json['First Name']»!"],
	["={{ `Hi ${$json.a}${$json.b ? ' (VIP)' : ''}` }}", "Hi «$json.a»«$json.b ? ' (VIP)' : ''»"],
	["={{ 'a' }}", 'a'],
	["={{ 'Hi ' + ['a', 'b'].join(', ') }}", 'Hi a, b'],
	["={{ [$json.first, $json.last].join(' ') }}", '«$json.first» «$json.last»'],
	["={{ [ 'Hi ' + $json.name, `${$json.at}!`, ].join('\\n') }}", 'Hi «$json.name»\n«$json.at»!'],
	['={{ [$json.a, $json.b].join() }}', '«$json.a»,«$json.b»'],
	["={{ 'Hi ' + [$json.a, $json['b, c']].join('') + '!' }}", "Hi «$json.a»«$json['b, c']»!"],
	["={{ `Hi ${[$json.a, $json.b].join(' ')}!` }}", 'Hi «$json.a» «$json.b»!'],
	["={{ 'Hi ' + ($json.a + ', ' + $json.b) }}", 'Hi «$json.a», «$json.b»'],
	["={{ [($json.a || ''), f($json.b, 1)].join('-') }}", "«$json.a || ''»-«f($json.b, 1)»"],
	[
		"={{ 'Hi ' + $json.a.replace(/['`\\/[]]/g, '') + 'x' }}",
		"Hi «$json.a.replace(/['`\\/[]]/g, '')»x",
	],
	[
		"={{ 'Hi ' + $json.a / 2 + $json.b.replace(/[/'?]/, '') }}",
		"Hi «$json.a / 2»«$json.b.replace(/[/'?]/, '')»",
	],
	["={{ 'Hi ' /* + 'x' */ + $json.a // it's\n + '!' }}", 'Hi «$json.a»!'],
	["={{ 'https://example.com/' + $json.a + '/*' }}", 'https://example.com/«$json.a»/*'],
])('%s is %s', (raw, parts) => {
	expect(show(raw)).toBe(parts);
});

test.each([
	['a choice', "'Hi ' + $json.a || 'there'"],
	['a choice in the middle', "$json.a ? 'Hi ' + $json.a : ''"],
	['a sum', '$json.a + $json.b'],
	['a sum before a text', "$json.a + 1 + ' left'"],
	['a difference', "'Hi ' + $json.a - 1"],
	['a sign', "'Hi ' + +$json.a"],
	['a quotation mark without another', "'Hi ' + $json.a + \"x"],
	['brackets that do not match', "'Hi ' + $json.a)"],
	['an escape by number', "'\\u0048i ' + $json.a"],
	['a template in a template', '`Hi ${ `a ${$json.a}` }`'],
	['a text with a brace in a template', "`Hi ${$json['{a}']}`"],
	['a list that is filtered', "[$json.a, $json.b].filter(Boolean).join(' ')"],
	['a list that is trimmed', "[$json.a, $json.b].join(' ').trim()"],
	['an entry of a list', "[$json.a, $json.b][0].join(' ')"],
	['a list that takes in another', "[$json.a, ...$json.b].join(' ')"],
	['a list with a hole', "[$json.a, , $json.b].join(' ')"],
	['an empty list', "[].join(' ')"],
	['a list that is joined by a value', '[$json.a, $json.b].join($json.c)'],
	['a slash behind a brace', "'Hi ' + {} / 2 + $json.b"],
	['a comparison', "'Hi ' + $json.a == 'Hi '"],
	['a list', "'Hi ' + $json.a, 'x'"],
	['an assignment', "x = 'Hi ' + $json.a"],
	['a function', "() => 'Hi ' + $json.a"],
])('%s stays one piece of code', (_, code) => {
	expect(splitExpression(`={{ ${code} }}`)).toEqual({ literals: ['', ''], codes: [` ${code} `] });
});
