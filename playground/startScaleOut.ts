import { example } from '../dev/n8n/examples';
import { startQueueMode } from '../dev/n8n/queueMode';
import { runUntilInterrupted } from '../dev/n8n/runUntilInterrupted';
import { say } from '../dev/platform';
import { CLOSE_RATE_LIMIT, startSimulator } from '../dev/simulator';

runUntilInterrupted(async (running) => {
	const close = await startSimulator({ rateLimit: CLOSE_RATE_LIMIT });
	running.push(close);
	const n8n = await startQueueMode();
	running.push(n8n);
	const credentials = await n8n.addSimulatorCredential(close);
	const workflow = await example('webhook-send-draft-now.json');
	await n8n.activate(await n8n.importWorkflow(workflow, credentials));
	say(`
n8n ${n8n.version} in queue mode with Close SMS is running.

  Editor      ${n8n.url}
  Sign in     ${n8n.login.email}
              ${n8n.login.password}
  Webhooks    ${n8n.webhook.url} (production addresses only)
${n8n.workers.map(({ pid }, index) => `  Worker ${index + 1}    process ${pid}`).join('\n')}
  Redis       127.0.0.1:${n8n.redisPort} (the queue)
  PostgreSQL  127.0.0.1:${n8n.postgresPort} (workflows, credentials, executions)
  Close       ${close.url} (simulated: nobody is really texted)

Send a draft through the webhook process and a worker:

  curl ${n8n.webhookUrl('send-draft-now')} -d smsId=${close.account.texts.draft.id}

See what n8n does when a worker dies (docs/scale-out.md says what to expect):

  kill -KILL ${n8n.workers[0].pid}

Ctrl-C ends it; nothing is kept.`);
});
