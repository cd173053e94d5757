import { example } from '../dev/n8n/examples';
import { requireFreePort } from '../dev/n8n/freePort';
import { startN8n, type N8n } from '../dev/n8n/n8n';
import { runUntilInterrupted, type Running } from '../dev/n8n/runUntilInterrupted';
import { process, say } from '../dev/platform';
import { parseStartArgs, START_HELP, type StartArgs } from '../dev/startArgs';
import { CLOSE_RATE_LIMIT, startSimulator, type Simulator } from '../dev/simulator';
import { startForOwnN8n } from './ownN8n';

const WEBHOOK_EXAMPLE = 'webhook-send-draft-now.json';
const SCHEDULE_EXAMPLE = 'schedule-todays-drafts.json';

/** The main job: n8n with this package in it, on loopback, working against a simulated Close or the real one. */
const main = async (args: StartArgs, running: Running) => {
	const { port, n8n: range, ownN8n: url, closeHost } = args;
	if (url) return await startForOwnN8n({ url, closeHost }, running);
	await requireFreePort(port);
	const apiKey = process.env.CLOSE_API_KEY;
	if (apiKey) say(REAL_CLOSE);
	const close = apiKey ? undefined : await startSimulator({ rateLimit: CLOSE_RATE_LIMIT });
	if (close) running.push(close);
	const n8n = await startN8n({
		version: range,
		env: port === undefined ? {} : { N8N_PORT: String(port) },
	});
	running.push(n8n);
	const { example: opened, lines } = apiKey
		? await withRealClose(n8n, apiKey)
		: await withSimulator(n8n, close!);
	const { email, password } = n8n.login;
	say(`
n8n ${n8n.version} with Close SMS is running.

  Example  ${n8n.editorUrl(opened)}
  Sign in  ${email}
           ${password}
  Editor   ${n8n.url}
${lines}
Ctrl-C ends it; nothing is kept.`);
};

const REAL_CLOSE = `
CLOSE_API_KEY is set: n8n will work with YOUR REAL CLOSE, where a text that is sent reaches a real person.
Unset it to work with a simulated Close, where nobody is texted.
`;

const withRealClose = async (n8n: N8n, apiKey: string) => {
	const data = { authentication: 'basic', apiKey, accessToken: '' };
	const closeSmsApi = await n8n.createCredential('closeSmsApi', 'Close (REAL)', data);
	const opened = await n8n.importWorkflow(await example(WEBHOOK_EXAMPLE), { closeSmsApi });
	await n8n.importWorkflow(await example(SCHEDULE_EXAMPLE), { closeSmsApi });
	const lines = `  Close    YOUR REAL ACCOUNT. Both example workflows are there, not published.
`;
	return { example: opened, lines };
};

const withSimulator = async (n8n: N8n, close: Simulator) => {
	const credentials = await n8n.addSimulatorCredential(close);
	addDraftsOfToday(close);
	await n8n.importWorkflow(await example(SCHEDULE_EXAMPLE), credentials);
	const opened = await n8n.importWorkflow(await example(WEBHOOK_EXAMPLE), credentials);
	await n8n.activate(opened);
	const lines = `  Close    ${close.url} (simulated: nobody is really texted)

Send a draft through n8n, and see the activity as Close has it then:

  curl ${n8n.webhookUrl('send-draft-now')} -d smsId=${close.account.texts.draft.id}
`;
	return { example: opened, lines };
};

/** Drafts for the schedule example. */
const addDraftsOfToday = (close: Simulator) => {
	const { contacts, phoneNumbers, users } = close.account;
	for (const { id, lead_id, name, phones } of [contacts.maria, contacts.sam]) {
		close.addSms({
			user_id: users.ada.id,
			contact_id: id,
			lead_id,
			local_phone: phoneNumbers.main.number,
			remote_phone: phones[0].phone,
			text: `Good morning ${name.split(' ')[0]}, Harbor Roofing here. Is tomorrow at 9 still fine?`,
		});
	}
};

const start = () => {
	try {
		const args = parseStartArgs(process.argv.slice(2));
		if (args.help) say(START_HELP);
		else runUntilInterrupted(async (running) => await main(args, running));
	} catch (error) {
		say(`${(error as Error).message}\n\n${START_HELP}`);
		process.exitCode = 1;
	}
};

start();
