import { parseArgs, say } from '../dev/platform';
import { SHAPES, simulateSharedKey, type SharedLimit } from '../dev/sharedKey';
import { percent } from './report';

const { values: options } = parseArgs({
	options: {
		seeds: { type: 'string', default: '30' },
		/** Close names whole seconds, as was seen live, and not decimals */
		'whole-seconds': { type: 'boolean', default: false },
		/** only the rows that contain this, e.g. `5 a second` */
		only: { type: 'string', default: '' },
	},
});

const LIMITS = [8, 1].flatMap((windowSeconds) =>
	[5, 20, 60].map(
		(perSecond): SharedLimit => ({
			perSecond,
			windowSeconds,
			reset: options['whole-seconds'] ? 'roundedUp' : 'decimal',
		}),
	),
);

/** The middle one, the one that nine in ten do not exceed, and the worst. */
const spread = (values: number[], show: (value: number) => string) => {
	const sorted = [...values].sort((one, other) => one - other);
	const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))];
	return [0.5, 0.9, 1].map((part) => show(at(part))).join(' / ');
};

/** Measures on a clock of its own what workers that share a key do to Close's limit: a table for docs/scale-out.md. */
void (async () => {
	const head = ['', 'limit', 'refused', '÷ least', 'most often refused'];
	say(`Over ${options.seeds} runs each: median / 9 in 10 / worst`);
	say(`| ${head.join(' | ')} |\n| ${head.map(() => '---').join(' | ')} |`);
	for (const limit of LIMITS) {
		const what = `${limit.perSecond} a second, windows of ${limit.windowSeconds} s`;
		for (const shape of Object.keys(SHAPES) as Array<keyof typeof SHAPES>) {
			if (!`${shape}, ${what}`.includes(options.only)) continue;
			const runs: Array<Awaited<ReturnType<typeof simulateSharedKey>>> = [];
			for (let seed = 1; seed <= Number(options.seeds); seed++)
				runs.push(await simulateSharedKey(shape, limit, seed));
			const cells = [
				shape,
				what,
				spread(
					runs.map(({ refused }) => refused),
					percent,
				),
				spread(
					runs.map(({ overLeast }) => overLeast),
					(value) => value.toFixed(2),
				),
				Math.max(...runs.map(({ mostRefusals }) => mostRefusals)),
			];
			say(`| ${cells.join(' | ')} |`);
		}
	}
})();
