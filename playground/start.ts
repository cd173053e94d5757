import getPort from 'get-port';

import { example } from '../dev/n8n/examples';
import { requireFreePort } from '../dev/n8n/freePort';
import { ensureN8n } from '../dev/n8n/install';
import { openKeptData, type KeptData } from '../dev/n8n/keptData';
import { bringExample, type KeptExample } from '../dev/n8n/keptExamples';
import { startN8n, type N8n } from '../dev/n8n/n8n';
import { runUntilInterrupted, type Running } from '../dev/n8n/runUntilInterrupted';
import { process, say } from '../dev/platform';
import { parseStartArgs, START_HELP, type StartArgs } from '../dev/startArgs';
import { CLOSE_RATE_LIMIT, startSimulator, type Simulator } from '../dev/simulator';
import { simulatorCredential } from '../dev/simulator/credential';
import { startForOwnN8n } from './ownN8n';

const WEBHOOK_EXAMPLE = 'webhook-send-draft-now.json';
const SCHEDULE_EXAMPLE = 'schedule-todays-drafts.json';
const CREDENTIAL = 'Close (simulator)';

/** The main job: n8n with this package in it, on loopback, working against a simulated Close or the real one. */
const main = async (args: StartArgs, running: Running) => {
	const { port, fresh, n8n: range, ownN8n: url, closeHost } = args;
	if (url) return await startForOwnN8n({ url, closeHost }, running);
	await requireFreePort(port);
	const apiKey = process.env.CLOSE_API_KEY;
	if (apiKey) say(REAL_CLOSE);
	const { version } = await ensureN8n(range);
	// A real key is not kept on the disk.
	const kept = apiKey ? undefined : await openKeptData(version, { fresh });
	if (kept) running.push(kept);
	else if (!apiKey) say('Another npm start is running: what you make in this one is not kept.');
	const close = apiKey ? undefined : await startClose(kept);
	if (close) running.push(close);
	const n8n = await startN8n({
		version: range,
		env: port === undefined ? {} : { N8N_PORT: String(port) },
		kept,
	});
	running.push(n8n);
	const { example: opened, lines } = apiKey
		? await withRealClose(n8n, apiKey)
		: await withSimulator(n8n, close!, kept);
	const { email, password } = n8n.login;
	say(`
n8n ${n8n.version} with Close SMS is running.

  Example  ${n8n.editorUrl(opened)}
  Sign in  ${email}
           ${password}
  Editor   ${n8n.url}
${lines}
Ctrl-C ends it. ${kept ? 'What you make in n8n is kept for the next start; npm start -- --fresh starts over.' : 'Nothing is kept.'}`);
};

const REAL_CLOSE = `
CLOSE_API_KEY is set: n8n will work with YOUR REAL CLOSE, where an SMS that is sent reaches a real person.
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

/** The simulated Close, where the last start had it: a credential in n8n names its address. */
const startClose = async (kept?: KeptData) => {
	const port = await getPort({ port: kept?.known.closePort, host: '127.0.0.1' });
	await kept?.remember({ closePort: port });
	return await startSimulator({ rateLimit: CLOSE_RATE_LIMIT, port });
};

/** The credential for the simulated Close: that of the last start, unless it was deleted. */
const bringCredential = async (n8n: N8n, close: Simulator, kept?: KeptData) => {
	const { credential } = kept?.known ?? {};
	const data = simulatorCredential(close);
	if (credential && (await n8n.updateCredential(credential, 'closeSmsApi', CREDENTIAL, data)))
		return credential;
	const created = await n8n.createCredential('closeSmsApi', CREDENTIAL, data);
	await kept?.remember({ credential: created });
	return created;
};

/** Has the examples in n8n; those of the last start are as their files are now, unless the person has changed them. */
const bringExamples = async (n8n: N8n, close: Simulator, kept?: KeptData) => {
	const closeSmsApi = await bringCredential(n8n, close, kept);
	const former = kept?.known.example;
	if (former) {
		// It has the same webhook.
		await n8n.deactivate(former).catch(() => undefined);
		await kept.remember({ example: undefined });
		say(
			'The example workflows of an older version are still in n8n, unpublished, beside the new ones.',
		);
	}
	const brought: Record<string, KeptExample> = {};
	for (const file of [SCHEDULE_EXAMPLE, WEBHOOK_EXAMPLE])
		brought[file] = await bringExample(
			n8n,
			file,
			{ closeSmsApi },
			{
				kept: kept?.known.examples?.[file],
				tell: (name) =>
					say(
						`The example "${name}" has changed since you changed it in n8n. Yours is kept; the new one is examples/${file}, or npm start -- --fresh.`,
					),
			},
		);
	await kept?.remember({ examples: brought });
	return brought[WEBHOOK_EXAMPLE].id;
};

const withSimulator = async (n8n: N8n, close: Simulator, kept?: KeptData) => {
	addDraftsOfToday(close);
	const opened = await bringExamples(n8n, close, kept);
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
