import { readSettings } from '../../../../dev/contract/commandLine';

const KEY = { CLOSE_API_KEY: ' api_x.y ' };

test('by default: Close, nobody is texted, a question', () => {
	expect(readSettings([], KEY)).toEqual({
		apiKey: 'api_x.y',
		baseUrl: 'https://api.close.com/api/v1',
		isSimulator: false,
		isConfirmed: false,
		textMe: undefined,
		webhook: undefined,
		mayExceedLimit: false,
		report: 'close-contract-report.md',
		record: 'close-contract-recording',
		maxTexts: 3,
		organization: undefined,
		accessToken: undefined,
	});
});

test.each([
	[['--text-me', '+14155550177'], { textMe: '+14155550177' }],
	[['--webhook', 'https://x.example'], { webhook: { url: 'https://x.example', port: 5679 } }],
	[
		['--webhook', 'https://x.example', '--port', '80'],
		{ webhook: { url: 'https://x.example', port: 80 } },
	],
	[['--base-url', 'http://localhost:4010/api/v1'], { isSimulator: true }],
	[['--base-url', 'http://[::1]:4010/api/v1'], { isSimulator: true }],
	[['--no-record'], { record: undefined }],
	[['--max-texts', '5'], { maxTexts: 5 }],
	[['--yes', '--exceed-limit'], { isConfirmed: true, mayExceedLimit: true }],
])('%j', (args, settings) => {
	expect(readSettings(args, KEY)).toMatchObject(settings);
});

test('help needs no key', () => expect(readSettings(['--help'], {})).toBeUndefined());

test.each([
	[['--text-me', '4155550177'], /--text-me must be a number in E\.164/],
	[['--text-me', '+1 415 555 0177'], /--text-me must be a number in E\.164/],
	[['--text-me', ''], /--text-me must be a number in E\.164/],
	[['--webhook', 'example'], /--webhook is no URL/],
	[['--webhook', 'ftp://example'], /--webhook must begin with/],
	[['--webhook', 'https://x.example', '--port', 'x'], /--port is no port/],
	[['--port', '70000'], /--port is no port/],
	[['--base-url', 'https://example.com/api/v1'], /on this machine/],
	// The key would go to another host.
	[['--base-url', 'http://127.0.0.1.example.com/'], /on this machine/],
	[['--base-url', 'http://localhost@example.com/'], /on this machine/],
	[['--base-url', 'https://api.close.com.example/api/v1'], /on this machine/],
	[['--base-url', 'close'], /--base-url is no URL/],
	[['--max-texts', '7'], /--max-texts must be a number from 1 to 6/],
	[['--max-texts', '0'], /--max-texts must be a number from 1 to 6/],
	[['--text'], /--text/],
	[['yes'], /yes/],
])('%j is refused', (args, message) => {
	expect(() => readSettings(args, KEY)).toThrow(message);
});

test.each([{}, { CLOSE_API_KEY: '' }, { CLOSE_API_KEY: ' ' }])('%j is refused', (environment) => {
	expect(() => readSettings([], environment)).toThrow(/Set CLOSE_API_KEY/);
});
