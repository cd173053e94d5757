/** Counts the listeners that wait for a signal to be aborted. */
export function countListeners(signal: AbortSignal): { count: number } {
	const known = new Set<unknown>();
	const add = signal.addEventListener.bind(signal);
	const remove = signal.removeEventListener.bind(signal);
	signal.addEventListener = (type: string, listener: EventListener) => {
		known.add(listener);
		add(type, listener);
	};
	signal.removeEventListener = (type: string, listener: EventListener) => {
		known.delete(listener);
		remove(type, listener);
	};
	return {
		get count() {
			return known.size;
		},
	};
}
