import { createServer } from '../platform';

/** A delivery as it arrived. */
interface Received {
	headers: Record<string, string | string[] | undefined>;
	body: Buffer;
}

/** Where the deliveries of a run's own subscription arrive. */
export class Receiver {
	private constructor(
		readonly received: Received[],
		/** what Close is to call */
		readonly url: string,
		readonly stop: () => Promise<void>,
	) {}

	/**
	 * Listens on a port of loopback.
	 *
	 * @param toUrl gives the address at which Close reaches that port
	 * @param port 0 for a free one
	 * @param secret the last part of the path: whatever comes with another one is not for this run
	 */
	static async start(
		toUrl: (port: number) => string,
		port: number,
		secret: string,
	): Promise<Receiver> {
		const received: Received[] = [];
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const isOurs = request.url?.split('/').includes(secret) ?? false;
				if (isOurs) received.push({ headers: request.headers, body: Buffer.concat(chunks) });
				response.writeHead(isOurs ? 200 : 404).end();
			});
		});
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, '127.0.0.1', resolve);
		});
		const stop = async () =>
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		const { port: own } = server.address() as { port: number };
		return new Receiver(received, `${toUrl(own).replace(/\/$/, '')}/${secret}`, stop);
	}
}
