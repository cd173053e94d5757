import getPort from 'get-port';

/** Below the ports that systems use for outgoing connections: one of those could be taken before the program listens. */
const FIRST = 15_000;
const LAST = 30_000;
const TRIES = 10;

const anyPort = () => FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** @throws Error when something listens on this port of loopback already */
export const requireFreePort = async (port: number | undefined) => {
	if (port === undefined || (await getPort({ port, host: '127.0.0.1' })) === port) return;
	throw new Error(
		`Port ${port} is taken by another program. Give another one with --port, or none for a free one.`,
	);
};

/** A free port of this machine for a program that may take half a minute until it listens. */
export const freePort = async () => await getPort({ port: Array.from({ length: TRIES }, anyPort) });
