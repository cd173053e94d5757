import { startN8n } from '../../dev/n8n/n8n';
import { process } from '../../dev/platform';
import { share } from './shared';

/** jest's globalSetup of the end-to-end tests: one n8n for all of them. */
const setup = async () => {
	const n8n = await startN8n();
	share(n8n);
	process.env.CLOSE_SMS_E2E = JSON.stringify({
		url: n8n.url,
		cookie: n8n.cookie,
		logFile: n8n.logFile,
		...n8n.login,
	});
};

export default setup;
