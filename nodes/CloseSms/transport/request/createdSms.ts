import type { IDataObject } from 'n8n-workflow';
import { isId } from '../../../shared/fieldValues';
import { RecentIds } from './recentIds';

/** What this process created within the last minute, in all its runs. */
const createdHere = new RecentIds();

/** How many creates of the same body wait for a response, in all runs of this process. */
const waiting = new Map<string, number>();

/** What the items of a run created, so that no SMS of one is taken for what a lost request of another created. */
export class CreatedSms {
	private readonly ids = new Set<string>();
	/** The user whose key it is. */
	private userId?: string;
	private asking?: Promise<unknown>;

	/** A create is sent, and its response awaited. */
	async during<T>(body: IDataObject, response: Promise<T>): Promise<T> {
		const key = JSON.stringify(body);
		waiting.set(key, (waiting.get(key) ?? 0) + 1);
		try {
			return await response;
		} finally {
			const left = waiting.get(key)! - 1;
			if (left > 0) waiting.set(key, left);
			else waiting.delete(key);
		}
	}

	/** A response to a create says what it made. Where no other user is to have the SMS, its maker is the key's user. */
	record({ user_id: given }: IDataObject, { id, created_by: maker }: IDataObject): void {
		this.take(String(id));
		if (!given && isId(maker)) this.userId ??= maker;
	}

	/**
	 * The user whose key it is; undefined when Close does not say.
	 *
	 * @param ask asks Close for the ID, where no response has told it: once for all items, unless it fails
	 */
	async getUserId(ask: () => Promise<unknown>): Promise<string | undefined> {
		if (this.userId !== undefined) return this.userId;
		this.asking ??= ask();
		const id = await this.asking;
		this.asking = undefined;
		if (isId(id)) this.userId ??= id;
		return this.userId;
	}

	/** An item takes an SMS for its own. */
	take(id: string): void {
		this.ids.add(id);
		createdHere.add(id);
	}

	/** It is not known after all whose it is: another try may find it. */
	release(id: string): void {
		this.ids.delete(id);
		createdHere.delete(id);
	}

	/** Whether this process has seen it before, in this run or another: a create that is answered with it did not create it. */
	isKnown(id: string): boolean {
		return this.ids.has(id) || createdHere.has(id);
	}

	/** Whether another item waits for the response to the same create: what is found may be its own. */
	isAwaited(body: IDataObject): boolean {
		return (waiting.get(JSON.stringify(body)) ?? 0) > 0;
	}
}
