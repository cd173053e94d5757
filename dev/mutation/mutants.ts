import { EXCLUDED_MUTATORS } from './settings';

/** One change to the source that a test should notice. */
export interface Mutant {
	id: string;
	file: string;
	line: number;
	column: number;
	original: string;
	replacement: string;
}

/** Source by path, relative to the checkout's root folder. */
export type Sources = Map<string, string>;

interface Location {
	start: { line: number; column: number };
	end: { line: number; column: number };
}

const silent = () => undefined;
const logger = { isDebugEnabled: () => false, debug: silent, info: silent, warn: silent };

/** StrykerJS counts lines and columns from 0. */
function textAt(source: string, { start, end }: Location): string {
	const lines = source.split('\n').slice(start.line, end.line + 1);
	lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column);
	lines[0] = lines[0].slice(start.column);
	return lines.join('\n');
}

/**
 * Every mutant of these files, and the files with all mutants in them: the environment variable
 * `__STRYKER_ACTIVE_MUTANT__` switches one on.
 */
export async function instrument(
	sources: Sources,
): Promise<{ mutants: Mutant[]; instrumented: Sources }> {
	// An ES module, which this CommonJS package can only import dynamically.
	const { Instrumenter } = await import('@stryker-mutator/instrumenter');
	const result = await new Instrumenter(logger).instrument(
		[...sources].map(([name, content]) => ({ name, content, mutate: true })),
		{ plugins: null, ignorers: [], excludedMutations: EXCLUDED_MUTATORS },
	);
	return {
		// The excluded ones are listed too, with a status, but are not in the files.
		mutants: result.mutants
			.filter(({ status }) => !status)
			.map(({ id, fileName, location, replacement }) => ({
				id,
				file: fileName,
				line: location.start.line + 1,
				column: location.start.column + 1,
				original: textAt(sources.get(fileName) ?? '', location),
				replacement: replacement ?? '',
			})),
		instrumented: new Map(result.files.map(({ name, content }) => [name, content])),
	};
}

/** `count` of these, chosen at random, in the order of the list. */
export function sample<T>(list: readonly T[], count: number, random: () => number): T[] {
	const picked = new Set<T>();
	while (picked.size < Math.min(count, list.length))
		picked.add(list[Math.floor(random() * list.length)]);
	return list.filter((item) => picked.has(item));
}

const short = (code: string) => {
	const line = code.replace(/\s+/g, ' ');
	return line.length > 70 ? `${line.slice(0, 69)}…` : line;
};

export const describe = ({ file, line, column, original, replacement }: Mutant) =>
	`${file}:${line}:${column}  ${short(original)}  ->  ${short(replacement)}`;
