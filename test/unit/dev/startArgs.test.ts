import { parseStartArgs } from '../../../dev/startArgs';
import { thrownBy } from '../fakeContext';

test.each([
	[[], { help: false }],
	[['--help'], { help: true }],
	[['-h'], { help: true }],
	[['--port', '5678'], { help: false, port: 5678 }],
	[['--port=1'], { help: false, port: 1 }],
	[['--n8n', '2.40', '--port', '65535'], { help: false, n8n: '2.40', port: 65_535 }],
])('npm start -- %j', (args, parsed) => {
	expect(parseStartArgs(args)).toEqual(parsed);
});

test.each([
	[['--prot', '5678'], /--prot/],
	[['5678'], /5678/],
	[['--port'], /--port/],
	[['--port', '0'], /1 to 65535, not "0"/],
	[['--port', '65536'], /not "65536"/],
	[['--port', '5678x'], /not "5678x"/],
	[['--n8n', 'newest'], /such as 2.41.1 or 2.40, not "newest"/],
])('npm start -- %j is an error that names it', (args, message) => {
	expect(thrownBy(() => parseStartArgs(args)).message).toMatch(message);
});
