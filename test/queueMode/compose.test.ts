import execa from 'execa';

import { fs, os, path, root } from '../../dev/platform';

const FOLDER = path.join(root, 'deploy');

/** Docker's own command, or the older one that Debian has. */
const COMPOSE = ['docker compose', 'docker-compose'];

/** Has Docker Compose read a file of deploy/ with an environment file; says what it makes of it. */
const config = async (file: string, envFile: string, ...more: string[]) => {
	for (const command of COMPOSE) {
		const [program, ...words] = command.split(' ');
		const there = await execa(program, [...words, 'version'], { reject: false });
		if (there.failed) continue;
		const args = ['--file', path.join(FOLDER, file), '--env-file', envFile, 'config'];
		return await execa(program, [...words, ...args, ...more], { reject: false });
	}
	throw new Error(`None of ${COMPOSE.join(', ')} is there.`);
};

const QUEUE_MODE = 'compose.yaml';

const EXAMPLE = path.join(FOLDER, '.env.example');

/** Path of the example with its secrets filled in. */
const filledIn = async () => {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-compose-'));
	const text = await fs.readFile(EXAMPLE, 'utf8');
	const file = path.join(folder, '.env');
	await fs.writeFile(file, text.replace(/^(\w+)=$/gm, '$1=secret'));
	return { file, remove: async () => await fs.rm(folder, { recursive: true }) };
};

test('deploy/compose.yaml is valid with the example filled in, and has every part of queue mode', async () => {
	const { file, remove } = await filledIn();
	const { stdout } = await config(QUEUE_MODE, file, '--services');
	const { failed } = await config(QUEUE_MODE, file, '--quiet');
	await remove();

	expect(failed).toBe(false);
	expect(stdout.split('\n').sort()).toEqual(['main', 'postgres', 'redis', 'webhook', 'worker']);
});

test('an execution of a worker that died is not run again by n8n 1, which would text people again', async () => {
	const { file, remove } = await filledIn();
	const { stdout } = await config(QUEUE_MODE, file);
	await remove();

	// Main, the webhook process and the workers.
	expect(stdout.match(/QUEUE_WORKER_MAX_STALLED_COUNT: ['"]0['"]/g)).toHaveLength(3);
});

test('it does not start without secrets', async () => {
	const { failed, stderr } = await config(QUEUE_MODE, EXAMPLE, '--quiet');

	expect(failed).toBe(true);
	expect(stderr).toMatch(/REDIS_PASSWORD|POSTGRES_PASSWORD|N8N_ENCRYPTION_KEY/);
});

test('deploy/try.yaml needs nothing but a version of n8n', async () => {
	const { file, remove } = await filledIn();
	const { stdout } = await config('try.yaml', file, '--services');
	await remove();

	expect(stdout).toBe('n8n');
});
