import execa, { type ExecaChildProcess } from 'execa';
import type { Install } from '../dev/n8n/install';
import { fs, os, path, process, root } from '../dev/platform';
import type { Ask, Conditions, Observed, ObservedTexts } from './closeProcess';
import type { Contestant } from './contestants';
import type { Work } from './work';
import type { Cost, Job } from './nodeProcess';

const FOLDER = path.join(root, 'bench');

/** n8n's expression engines: today's default, and the one before. */
export type Engine = 'vm' | 'legacy';

const answerOf = async <T>(child: ExecaChildProcess): Promise<T> =>
	await new Promise<T>((resolve, reject) => {
		child.once('message', resolve);
		void child.then(({ exitCode, signal }) =>
			reject(new Error(`a process of the benchmark ended by itself (${exitCode ?? signal})`)),
		);
	});

async function ask<T>(child: ExecaChildProcess, message: object): Promise<T> {
	const answer = answerOf<T>(child);
	child.send!(message);
	return await answer;
}

const spawn = (file: string, nodePath: string, options: execa.NodeOptions = {}) =>
	execa.node(file, [], {
		nodePath,
		nodeOptions: [],
		stdout: 'ignore',
		stderr: 'inherit',
		reject: false,
		...options,
	});

/** The simulated Close, in a process of its own so that what it costs is not counted. */
export async function startClose() {
	const nodeOptions = ['--import', 'tsx'];
	const child = spawn(path.join(FOLDER, 'closeProcess.ts'), process.execPath, { nodeOptions });
	await answerOf(child);
	return {
		prepare: async (conditions: Conditions) =>
			await ask<Work>(child, { prepare: conditions } satisfies Ask),
		preparePeople: async (count: number, limit?: Conditions['limit']) =>
			await ask<Work>(child, { preparePeople: count, limit } satisfies Ask),
		seenOfTexts: async () => await ask<ObservedTexts>(child, { observeTexts: true } satisfies Ask),
		seen: async () => await ask<Observed>(child, { observe: true } satisfies Ask),
		stop: async () => {
			child.kill();
			await child;
		},
	};
}

/**
 * Compiles what is measured into a folder whose packages are those of an installed n8n: our node then runs on the same
 * Node.js and engine as the node that it is compared with.
 *
 * @returns path of the program, and how to remove it
 */
export async function compile(install: Install) {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-bench-'));
	const args = ['-p', path.join(FOLDER, 'tsconfig.json'), '--noCheck', '--outDir', folder];
	await execa('tsc', args, { cwd: root, preferLocal: true });
	const packages = path.join(path.dirname(install.n8n), '..', '..');
	await fs.symlink(packages, path.join(folder, 'node_modules'));
	return {
		program: path.join(folder, 'bench', 'nodeProcess.js'),
		remove: async () => await fs.rm(folder, { recursive: true }),
	};
}

/** A process with n8n's engine in it, for one contestant. */
export function startNode(program: string, { node }: Install, engine: Engine) {
	const child = spawn(program, node, { env: { N8N_EXPRESSION_ENGINE: engine } });
	return {
		run: async (contestant: Contestant, work: Work, isProfiled = false): Promise<Cost> => {
			const job: Job = { contestant, work, isProfiled };
			const { cost, error } = await ask<{ cost: Cost; error?: string }>(child, job);
			if (error) throw new Error(error);
			return cost;
		},
		stop: async () => {
			child.kill();
			await child;
		},
	};
}
