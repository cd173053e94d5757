import { parseArgs, process, say } from '../platform';
import { parseDoubts } from './faults/doubts';
import { CLOSE_RATE_LIMIT, startSimulator } from './index';

/** `--port 4010` (else the environment's PORT, else a free one), `--doubts unknownKeys=drop,…` (see doubts.ts). */
const { values } = parseArgs({
	options: { port: { type: 'string' }, doubts: { type: 'string' } },
});

async function main(): Promise<void> {
	const close = await startSimulator({
		rateLimit: CLOSE_RATE_LIMIT,
		port: Number(values.port ?? process.env.PORT ?? 0),
		doubts: values.doubts === undefined ? undefined : parseDoubts(values.doubts),
	});
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
