import fastify from 'fastify';
import type { IDataObject } from 'n8n-workflow';

/** A request that arrived, as far as tests look at it. */
interface Received {
	path: string;
	query: unknown;
	body: IDataObject;
}

/**
 * A server on loopback in place of another company's: it answers each path with what `answers` has for it, and keeps what
 * arrived.
 */
export const startLocalServer = async (answers: Record<string, IDataObject>) => {
	const received: Received[] = [];
	const app = fastify({ forceCloseConnections: true });
	for (const [path, answer] of Object.entries(answers))
		app.all<{ Body: IDataObject }>(path, ({ query, body }) => {
			received.push({ path, query, body });
			return answer;
		});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { url, received, stop: async () => await app.close() };
};
