import { process, say } from '../platform';
import { startSimulator } from './index';

/** `--port 4010`, else the environment's PORT, else a free one. */
function wantedPort(): number {
	const flag = process.argv.indexOf('--port');
	return Number(flag > 0 ? process.argv[flag + 1] : (process.env.PORT ?? 0));
}

async function main(): Promise<void> {
	const close = await startSimulator({ port: wantedPort() });
	say(`A simulated Close is running; nobody is really texted. Stop it with Ctrl+C.
  Page          ${close.url}/
  Base URL      ${close.baseUrl}
  API key       ${close.account.apiKey}
  Bearer token  ${close.account.accessToken}`);
	const end = () => void close.stop().then(() => process.exit(0));
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

void main();
