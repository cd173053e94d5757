import { parseStartArgs } from '../../../dev/startArgs';
import { thrownBy } from '../fakeContext';

test.each([
	[[], { help: false }],
	[['--help'], { help: true }],
	[['-h'], { help: true }],
	[['--port', '5678'], { help: false, port: 5678 }],
	[['--port=1'], { help: false, port: 1 }],
	[['--fresh'], { help: false, fresh: true }],
	[['--fresh', '--port', '2'], { help: false, fresh: true, port: 2 }],
	[['--n8n', '2.40', '--port', '65535'], { help: false, n8n: '2.40', port: 65_535 }],
	[['--n8n', 'http://127.0.0.1:5678/'], { help: false, ownN8n: 'http://127.0.0.1:5678' }],
	[
		['--n8n', 'https://n8n.example.com/app/', '--close-host', 'host.docker.internal'],
		{ help: false, ownN8n: 'https://n8n.example.com/app', closeHost: 'host.docker.internal' },
	],
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
	[['--n8n', 'newest'], /such as 2.41.1 or 2.40, or an address, .*, not "newest"/],
	[['--n8n', 'http://'], /not "http:\/\/"/],
	[['--n8n', 'http://127.0.0.1:5678', '--port', '5678'], /--port/],
	[['--n8n', 'http://127.0.0.1:5678', '--fresh'], /--fresh/],
	[['--n8n', '2.40', '--close-host', 'host.docker.internal'], /--close-host/],
	[['--close-host', 'host.docker.internal'], /--close-host/],
])('npm start -- %j is an error that names it', (args, message) => {
	expect(thrownBy(() => parseStartArgs(args)).message).toMatch(message);
});
