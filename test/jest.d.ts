/** What jest 30 has and its types (`@types/jest` 30.0) do not know yet. */
declare namespace jest {
	/** Fake timers: with `nextAsync`, the next one ends as soon as nothing else is left to do. */
	const setTimerTickMode: (config: { mode: 'manual' | 'nextAsync' }) => void;
}
