/** How long an ID is remembered, in milliseconds: Close may take that long to list what was just made. */
const REMEMBERED_MS = 60_000;

/** IDs of the last minute. */
export class RecentIds {
	/** By ID: when it was added. The oldest first. */
	private readonly addedAt = new Map<string, number>();

	add(id: string): void {
		this.forgetOld();
		this.addedAt.delete(id);
		this.addedAt.set(id, Date.now());
	}

	delete(id: string): void {
		this.addedAt.delete(id);
	}

	/** When it was added, in milliseconds since 1970, if it was within the last minute. */
	getTime(id: string): number | undefined {
		this.forgetOld();
		return this.addedAt.get(id);
	}

	has = (id: string): boolean => this.addedAt.has(id);

	/** How many are kept. */
	get size(): number {
		return this.addedAt.size;
	}

	forgetOld(): void {
		const since = Date.now() - REMEMBERED_MS;
		for (const [id, at] of this.addedAt) {
			if (at >= since) return;
			this.addedAt.delete(id);
		}
	}
}
