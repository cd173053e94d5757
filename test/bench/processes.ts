import execa, { type ExecaChildProcess } from 'execa';
import type { Install } from '../../playground/install';
import { fs, os, path, process, root } from '../platform';
import type { Ask, Conditions, Seen } from './closeProcess';
import type { Contestant, Work } from './contestants';
import type { Cost } from './nodeProcess';

const FOLDER = path.join(root, 'test', 'bench');

const answerOf = async <T>(child: ExecaChildProcess): Promise<T> =>
	await new Promise<T>((resolve, reject) => {
		child.once('message', resolve);
		void child.then(() => reject(new Error('a process of the benchmark ended by itself')));
	});

async function ask<T>(child: ExecaChildProcess, message: object): Promise<T> {
	const answer = answerOf<T>(child);
	child.send!(message);
	return await answer;
}

const spawn = (file: string, nodePath: string, nodeOptions: string[]) =>
	execa.node(file, [], {
		nodePath,
		nodeOptions,
		stdout: 'ignore',
		stderr: 'inherit',
		reject: false,
	});

/** The simulated Close, in a process of its own so that what it costs is not counted. */
export async function startClose() {
	const child = spawn(path.join(FOLDER, 'closeProcess.ts'), process.execPath, [
		'--import',
		'tsx',
	]);
	await answerOf(child);
	return {
		prepare: async (conditions: Conditions) =>
			await ask<Work>(child, { prepare: conditions } satisfies Ask),
		seen: async () => await ask<Seen>(child, { seen: true } satisfies Ask),
		stop: () => void child.kill(),
	};
}

/**
 * Compiles what is measured to where it finds the packages of an installed n8n as its own: the node runs in that n8n's
 * Node with that n8n's engine, as the node that it is compared with does.
 *
 * @returns path of the program
 */
export async function compile(install: Install): Promise<string> {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-bench-'));
	const config = path.join(FOLDER, 'tsconfig.json');
	await execa('tsc', ['-p', config, '--noCheck', '--outDir', folder], {
		cwd: root,
		preferLocal: true,
	});
	const packages = path.join(path.dirname(install.n8n), '..', '..');
	await fs.symlink(packages, path.join(folder, 'node_modules'));
	return path.join(folder, 'test', 'bench', 'nodeProcess.js');
}

/** A process with n8n's engine in it, for one contestant. */
export function startNode(program: string, { node }: Install) {
	const child = spawn(program, node, ['--expose-gc']);
	return {
		run: async (contestant: Contestant, work: Work): Promise<Cost> => {
			const { cost, error } = await ask<{ cost: Cost; error?: string }>(child, {
				contestant,
				work,
			});
			if (error) throw new Error(error);
			return cost;
		},
		stop: () => void child.kill(),
	};
}
