import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/**
 * A part of the server with its own hooks. It has a name: for one that has none, fastify looks through everything that
 * was ever required, and under jest that takes most of the time of a start.
 */
export const part = (name: string, add: (app: FastifyInstance) => void): FastifyPluginCallback =>
	fastifyPlugin(
		(app, _, done) => {
			add(app);
			done();
		},
		{ name, encapsulate: true },
	);
