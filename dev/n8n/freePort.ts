import getPort from 'get-port';

/** Below the ports that systems use for outgoing connections: one of those could be taken before the program listens. */
const FIRST = 15_000;
const LAST = 30_000;
const TRIES = 10;

const anyPort = () => FIRST + Math.floor(Math.random() * (LAST - FIRST));

/** A free port of this machine for a program that may take half a minute until it listens. */
export const freePort = async () => await getPort({ port: Array.from({ length: TRIES }, anyPort) });
