import { createServer } from '../../dev/platform';
import type { Simulator } from '../../dev/simulator';

type Listener = NonNullable<Parameters<typeof createServer>[1]>;

/**
 * A store of files to which Close sends the next nine uploads.
 *
 * @param fields of the form that Close asks for
 * @returns a function that stops it
 */
export async function startFileStore(
	close: Simulator,
	answer: Listener,
	fields: Record<string, string | number> = {},
): Promise<() => void> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const body = {
		upload: { url: `http://127.0.0.1:${port}/bucket`, fields },
		download: { url: 'https://app.close.com/go/file/temporary/x/' },
	};
	close.faults.order({ kind: 'status', status: 200, body, match: { path: 'files' }, times: 9 });
	return () => server.close();
}
