/** The turn of one among those with the same key. */
export interface Turn {
	/** Resolves when those before it have ended; never rejects. */
	before: Promise<void>;
	/** Whether none is before it. */
	isFirst: boolean;
	/** Whether all that it waits for is of the same run, which always ends. */
	isAfterOwnRun: boolean;
	/** To be called in any case. */
	end: () => void;
}

/** Lets what has the same key go one after the other, in all executions of this process. */
export class Turns {
	/** By key: the last one that asked. */
	private readonly last = new Map<
		string,
		{ done: Promise<void>; run: WeakRef<object>; isAfterOwnRun: boolean }
	>();

	take(key: string, run: object): Turn {
		const previous = this.last.get(key);
		const before = previous?.done ?? Promise.resolve();
		let end!: () => void;
		const own = new Promise<void>((ended) => (end = ended));
		// A turn that is given up while it waits must not let those behind it overtake the one before.
		const done = Promise.all([before, own]).then(() => {
			if (this.last.get(key)?.done === done) this.last.delete(key);
		});
		const isAfterOwnRun = !previous || (previous.run.deref() === run && previous.isAfterOwnRun);
		this.last.set(key, { done, run: new WeakRef(run), isAfterOwnRun });
		return { before, isFirst: !previous, isAfterOwnRun, end };
	}

	isTaken(key: string): boolean {
		return this.last.has(key);
	}

	/** Resolves when the last one that asked until now has ended; never rejects. */
	async untilFree(key: string): Promise<void> {
		await this.last.get(key)?.done;
	}

	/** How many keys are in use. */
	get size(): number {
		return this.last.size;
	}
}
