import { shared } from './shared';

/** jest's globalTeardown of the end-to-end tests. */
const teardown = async () => await shared()?.stop();

export default teardown;
