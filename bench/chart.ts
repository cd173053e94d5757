import type { Spec } from 'vega';

/** What the bars show. */
export const MEASURES = {
	time: 'time ÷ least possible',
	refused: '% of requests refused',
	lost: '% of SMS lost',
} as const;

export interface Bar {
	/** e.g. `640 items, 50 ms, 160 in 8 s` */
	conditions: string;
	who: string;
	isOurs: boolean;
	measure: (typeof MEASURES)[keyof typeof MEASURES];
	value: number;
}

const WIDTH = 190;

/** One measure of one case. */
const panel = (
	bars: Bar[],
	measure: Bar['measure'],
	{ hasNames, hasTitle }: Record<string, boolean>,
) => {
	const values = bars.filter((bar) => bar.measure === measure);
	const y = {
		field: 'who',
		type: 'nominal' as const,
		sort: null,
		axis: hasNames
			? { title: null, labelLimit: 220, minExtent: 150, ticks: false, domain: false }
			: null,
	};
	const x = {
		field: 'value',
		type: 'quantitative' as const,
		scale: { domainMin: 0, domainMax: measure === MEASURES.time ? 2.6 : 100, clamp: true },
		axis: null,
	};
	const text =
		measure === MEASURES.time
			? "datum.value ? format(datum.value, '.2f') : '–'"
			: "format(datum.value, '.0f') + ' %'";
	return {
		width: WIDTH,
		height: { step: 22 },
		...(hasTitle && { title: { text: measure, fontSize: 12, anchor: 'start' as const } }),
		data: { values },
		layer: [
			{
				mark: { type: 'bar' as const, height: 14 },
				encoding: {
					x,
					y,
					color: {
						field: 'isOurs',
						type: 'nominal' as const,
						scale: { domain: [true, false], range: ['#2f6fde', '#b9bec7'] },
						legend: null,
					},
				},
			},
			{
				mark: { type: 'text' as const, align: 'left' as const, dx: 4, fontSize: 11 },
				transform: [{ calculate: text, as: 'label' }],
				encoding: { x, y, text: { field: 'label' } },
			},
		],
	};
};

/** Both are ES modules, which this CommonJS can only import while it runs; vega-lite's types need a newer module resolution. */
async function importVega() {
	const [vega, vegaLite]: string[] = ['vega', 'vega-lite'];
	const { parse, View } = (await import(vega)) as typeof import('vega');
	const { compile } = (await import(vegaLite)) as { compile(spec: object): { spec: Spec } };
	return { parse, View, compile };
}

/** The picture of docs/benchmarks.md, as SVG: for each case its time, what was refused and what was lost. */
export async function drawChart(bars: Bar[]): Promise<string> {
	const { parse, View, compile } = await importVega();
	const cases = [...new Set(bars.map(({ conditions }) => conditions))];
	const spec = {
		background: 'white',
		padding: 16,
		config: { view: { stroke: null }, font: 'system-ui, sans-serif' },
		vconcat: cases.map((conditions, n) => ({
			title: { text: conditions, fontSize: 13, anchor: 'start' as const },
			// So that the columns of all cases line up, whatever is written beside the bars.
			bounds: 'flush' as const,
			spacing: 60,
			hconcat: Object.values(MEASURES).map((measure, column) =>
				panel(
					bars.filter((bar) => bar.conditions === conditions),
					measure,
					{ hasNames: column === 0, hasTitle: n === 0 },
				),
			),
		})),
	};
	return await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}
