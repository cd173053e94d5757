import { path, performance } from '../platform';
import { runJest } from './jest';
import type { Judge } from './judges';
import type { Mutant } from './mutants';
import { AT_ONCE, fileTimeLimit, HIT_FACTOR, MUTANT_TIME_LIMIT } from './settings';

export interface Verdict {
	mutant: Mutant;
	noticed: boolean;
	/** Which test noticed it, or why none did. */
	reason: string;
	seconds: number;
}

/** Tries one mutant on the test files that reach it, until a test fails. */
async function tryMutant(
	sandbox: string,
	mutant: Mutant,
	judges: Judge[],
	projects: string[],
): Promise<Verdict> {
	const start = performance.now();
	const seconds = () => (performance.now() - start) / 1000;
	const verdict = (noticed: boolean, reason: string): Verdict => ({
		mutant,
		noticed,
		reason,
		seconds: seconds(),
	});
	const reaching = judges.filter(({ reached }) => mutant.id in reached);
	if (reaching.length === 0) return verdict(false, 'no test reaches it');
	for (const judge of reaching) {
		if (seconds() > MUTANT_TIME_LIMIT) return verdict(false, 'not noticed within the time limit');
		const { exitCode, timedOut, stdout } = await runJest(
			sandbox,
			[
				...['--selectProjects', ...projects],
				'--runInBand',
				...['--reporters', path.join(sandbox, 'dev/mutation/firstFailure.js')],
				...['--runTestsByPath', judge.file],
			],
			{
				env: {
					__STRYKER_ACTIVE_MUTANT__: mutant.id,
					HIT_LIMIT: String(HIT_FACTOR * judge.reached[mutant.id]),
				},
				timeLimit: fileTimeLimit(judge.seconds),
			},
		);
		if (timedOut) return verdict(true, `${judge.file} does not end`);
		if (exitCode === undefined) throw new Error(`Jest was killed, on ${judge.file}`);
		if (exitCode !== 0) {
			const [, test = 'fails to run'] = stdout.split('First failure: ');
			return verdict(true, `${judge.file}: ${test}`);
		}
	}
	return verdict(false, `passed: ${reaching.map(({ file }) => file).join(', ')}`);
}

/** Tries each mutant, `AT_ONCE` at a time, and tells of each as soon as it is known. */
export async function tryMutants(
	sandbox: string,
	mutants: Mutant[],
	judges: Judge[],
	projects: string[],
	report: (verdict: Verdict) => void,
): Promise<Verdict[]> {
	const verdicts: Verdict[] = [];
	// The workers share one iterator: each takes the next mutant when it is free.
	const queue = mutants.values();
	const work = async () => {
		for (const mutant of queue) {
			const verdict = await tryMutant(sandbox, mutant, judges, projects);
			verdicts.push(verdict);
			report(verdict);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return verdicts;
}
