import { sleep } from 'n8n-workflow';
import type { Contact, Lead } from '../../../../shared/contactSearch';

/** Lets an item wait for another one; see `WaitFor` in `operationHandler.ts`. */
type Wait = <T>(other: Promise<T>) => Promise<T>;

/** Who has a number, or why Close does not say. */
export type NumberLookup = { contacts: Contact[] } | { rejection: string };

/** Asks Close for several numbers at once. */
type SearchNumbers = (numbers: string[]) => Promise<Map<string, NumberLookup>>;

/** Numbers in one search: Close's limit for searches is low (16 in 8 s were seen), and how long a query may be is not documented. */
const MAX_NUMBERS = 50;

/** Records of Close, each read at most once; a read that failed is not remembered. */
class Records<T> {
	private readonly known = new Map<string, T>();
	/** What is being read; undefined once that has failed. */
	private readonly reading = new Map<string, Promise<T | undefined>>();

	set(id: string, record: T): void {
		this.known.set(id, record);
	}

	/**
	 * Items that ask while another one reads it wait for that; if it fails, they read for themselves.
	 *
	 * @throws whatever `read` throws
	 */
	async get(id: string, wait: Wait, read: () => Promise<T>): Promise<T> {
		const other = this.known.has(id) ? undefined : this.reading.get(id);
		if (other) await wait(other);
		const known = this.known.get(id);
		if (known) return known;
		const own = read();
		this.reading.set(
			id,
			own.catch(() => undefined),
		);
		const record = await own;
		this.known.set(id, record);
		return record;
	}
}

/**
 * The people whom a run texts, each read from Close at most once. It belongs to the run and is gone with it. A read that
 * failed is not remembered.
 */
export class People {
	readonly contacts = new Records<Contact>();
	readonly leads = new Records<Lead>();
	private readonly numbers = new Map<string, NumberLookup>();
	/** Numbers that were asked for and will be in the next search. */
	private readonly wanted = new Set<string>();
	/** The searches under way: resolves with the numbers that were asked for, and never rejects. */
	private searching?: Promise<Set<string>>;

	/**
	 * Who has a number. The first item that asks searches for all that ask in the same moment; they wait, and then go on in
	 * input order. An item whose number was in a search that failed searches for itself.
	 *
	 * @throws whatever `search` throws for this number
	 */
	async findByNumber(number: string, wait: Wait, search: SearchNumbers): Promise<NumberLookup> {
		for (;;) {
			const known = this.numbers.get(number);
			if (known) return known;
			this.wanted.add(number);
			if (!this.searching) return await this.searchForAll(number, search);
			const asked = await wait(this.searching);
			if (asked.has(number) && !this.numbers.has(number)) {
				this.remember(await search([number]));
			}
		}
	}

	/**
	 * Waits for the searches under way, so that an item that needs none does not overtake those that do: items start in
	 * input order.
	 */
	async settled(wait: Wait): Promise<void> {
		while (this.searching) await wait(this.searching);
	}

	private async searchForAll(number: string, search: SearchNumbers): Promise<NumberLookup> {
		const asked = new Set<string>();
		const searches = this.searchWanted(number, search, asked);
		this.searching = searches.then(
			() => asked,
			() => asked,
		);
		await searches.catch((error: Error) => {
			// Numbers of a later search are asked for again by their own items.
			if (!this.numbers.has(number)) throw error;
		});
		return this.numbers.get(number)!;
	}

	/** Searches for this number and all others that are wanted by the next tick. */
	private async searchWanted(
		number: string,
		search: SearchNumbers,
		asked: Set<string>,
	): Promise<void> {
		try {
			// Until then every item that begins now has asked.
			await sleep(0);
			this.wanted.delete(number);
			const numbers = [number, ...this.wanted];
			this.wanted.clear();
			while (numbers.length > 0) {
				const batch = numbers.splice(0, MAX_NUMBERS);
				batch.forEach((one) => asked.add(one));
				this.remember(await search(batch));
			}
		} finally {
			this.searching = undefined;
		}
	}

	private remember(found: Map<string, NumberLookup>): void {
		for (const [number, lookup] of found) {
			this.numbers.set(number, lookup);
			if ('contacts' in lookup)
				for (const contact of lookup.contacts) this.contacts.set(contact.id, contact);
		}
	}
}
