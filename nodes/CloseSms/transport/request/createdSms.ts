import type { IDataObject } from 'n8n-workflow';
import { RecentIds } from './recentIds';

/** What this process created within the last minute, in all its runs. */
const createdHere = new RecentIds();

/** What the items of a run created, so that no SMS of one is taken for what a lost request of another created. */
export class CreatedSms {
	private readonly ids = new Set<string>();
	/** How many creates of the same body wait for a response. */
	private readonly waiting = new Map<string, number>();

	/** A create is sent, and its response awaited. */
	async during<T>(body: IDataObject, response: Promise<T>): Promise<T> {
		const key = JSON.stringify(body);
		this.waiting.set(key, (this.waiting.get(key) ?? 0) + 1);
		try {
			return await response;
		} finally {
			this.waiting.set(key, this.waiting.get(key)! - 1);
		}
	}

	/** An item takes an SMS for its own. */
	take(id: string): void {
		this.ids.add(id);
		createdHere.add(id);
	}

	/** Whether an item of this run has taken it for its own. */
	isTaken(id: string): boolean {
		return this.ids.has(id);
	}

	/** Whether this process has seen it before: a create that is answered with it did not create it. */
	isKnown(id: string): boolean {
		return this.ids.has(id) || createdHere.has(id);
	}

	/** Whether another item waits for the response to the same create: what is found may be its own. */
	isAwaited(body: IDataObject): boolean {
		return (this.waiting.get(JSON.stringify(body)) ?? 0) > 0;
	}
}
