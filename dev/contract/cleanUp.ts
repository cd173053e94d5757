import {
	Interrupted,
	NoAnswer,
	type CloseClient,
	type Exchange,
	type Request,
} from './closeClient';
import { KINDS, MARKER, type Journal, type JournalEntry, type Kind } from './journal';
import type { JsonObject } from './jsonObject';
import { toMs } from './probe';

const PATH: Record<Kind, string> = {
	webhook: '/webhook/',
	sms: '/activity/sms/',
	smsTemplate: '/sms_template/',
	lead: '/lead/',
};

/** How often something is tried, while Close has trouble. */
const ATTEMPTS = 3;
/** milliseconds */
const PAUSE = 2_000;
/** Pages of 100 of one kind that are looked through. */
const MAX_PAGES = 30;
/** How often Close is looked through: what is removed may be listed a while. */
const MAX_SWEEPS = 3;
/** What was made may be listed as late as that, in milliseconds; a new lead is searched for so long, too. */
const LISTED_WITHIN = 60_000;
/** A thing of a run that no journal knows is left alone for so long, in milliseconds: the run may still be going on. */
const OWNERLESS_AFTER = 3_600_000;
/** How far before a run Close's clock may date what the run made, in milliseconds. */
const CLOCK_TOLERANCE = 24 * 3_600_000;

const WHERE: Record<Kind, string> = {
	webhook: 'Settings, Developer, Webhooks (it leads to an address with that name)',
	sms: 'on its lead',
	smsTemplate: 'Settings, Templates & Snippets, SMS',
	lead: 'search for that name, open the lead, and delete it',
};
const NAMES: Record<Kind, string> = {
	webhook: 'webhook subscription',
	sms: 'SMS',
	smsTemplate: 'SMS template',
	lead: 'lead',
};

/** What could not be removed, or looked for. */
export interface Left {
	kind: Kind;
	/** undefined when it is not known what there is */
	id?: string;
	marker: string;
	/** what came in the way */
	why: string;
}

export interface CleanUpOptions {
	client: CloseClient;
	journal: Journal;
	/** milliseconds; `reason` is for the person who waits */
	wait: (ms: number, reason: string) => Promise<unknown>;
	/** whether somebody is waiting for the end: nothing is waited for that may still appear */
	isHurried?: () => boolean;
}

/** Close answers nothing at all: it is no use to go on. */
class CloseIsGone extends Error {}

/** The list in an answer, however it is wrapped. */
function listIn(body: unknown): JsonObject[] | undefined {
	if (Array.isArray(body)) return body as JsonObject[];
	if (typeof body !== 'object' || body === null) return undefined;
	return (Object.values(body) as unknown[]).find((value): value is JsonObject[] =>
		Array.isArray(value),
	);
}

const searchForLeads = (cursor: string | undefined): Request => ({
	method: 'POST',
	path: '/data/search/',
	body: {
		query: {
			type: 'and',
			queries: [
				{ type: 'object_type', object_type: 'lead' },
				{ type: 'text', mode: 'beginning_of_words', value: 'closesms' },
			],
		},
		_fields: { lead: ['id', 'name', 'date_created'] },
		_limit: 100,
		...(cursor && { cursor }),
	},
});

/** Removes from Close what runs made, and looks through Close for what they may have made. */
class CleanUp {
	constructor(private readonly options: CleanUpOptions) {}

	/** Asks again while Close has trouble. @throws {CloseIsGone} when it answers nothing at all */
	private async request(request: Request, attempt = 1): Promise<Exchange> {
		const { client, wait, isHurried } = this.options;
		const answer = await client.request(request).catch((error: Error) => {
			if (error instanceof NoAnswer) return undefined;
			throw error;
		});
		const isDone = answer !== undefined && answer.status < 500 && answer.status !== 409;
		const isLast = attempt === ATTEMPTS || (!answer && isHurried?.());
		if (answer && (isDone || isLast)) return answer;
		if (isLast) throw new CloseIsGone();
		await wait(PAUSE * attempt, answer ? `Close answered with ${answer.status}` : 'No answer');
		return await this.request(request, attempt + 1);
	}

	/** @returns undefined when it is gone, or what came in the way */
	async removeById(kind: Kind, id: string): Promise<string | undefined> {
		const path = `${PATH[kind]}${id}/`;
		// First it must not go out any more; whether that was needed, Close knows.
		if (kind === 'sms') await this.request({ method: 'PUT', path, body: { status: 'draft' } });
		const { status } = await this.request({ method: 'DELETE', path });
		return status < 300 || status === 404 ? undefined : `HTTP ${status}`;
	}

	/** All things of a kind, or what came in the way of listing them. */
	private async list(
		kind: Kind,
		isEnough: (page: JsonObject[]) => boolean,
	): Promise<JsonObject[] | string> {
		const things = new Map<string, JsonObject>();
		let cursor: string | undefined;
		for (let page = 0; page < MAX_PAGES; page++) {
			const request: Request =
				kind === 'lead'
					? searchForLeads(cursor)
					: { method: 'GET', path: PATH[kind], query: { _limit: 100, _skip: page * 100 } };
			// The list of webhooks is documented without pages.
			if (kind === 'webhook' && page === 0) delete request.query;
			const { status, body } = await this.request(request);
			const found = listIn(body);
			if (status !== 200 || !found) return status === 200 ? 'another list' : `HTTP ${status}`;
			const before = things.size;
			for (const one of found) things.set(String(one.id), one);
			const { has_more: hasMore, cursor: next } = body as { has_more?: boolean; cursor?: string };
			cursor = next;
			const isLast = kind === 'lead' ? !next : hasMore !== true;
			if (isLast || things.size === before || isEnough(found)) return [...things.values()];
		}
		return `more than ${MAX_PAGES * 100} of them`;
	}

	/** What runs made of a kind, as Close shows it now. */
	private async findMarked(kind: Kind): Promise<Array<{ id: string; marker: string }> | string> {
		const { runs } = this.options.journal;
		const earliest = Math.min(...runs.map(({ at }) => at)) - CLOCK_TOLERANCE;
		const known = new Set(runs.map(({ marker }) => marker));
		const isOld = ({ date_created: date }: JsonObject) => toMs(date) < earliest;
		const things = await this.list(
			kind,
			// The newest texts come first; there may be many.
			(page) => kind === 'sms' && page.length > 0 && page.every(isOld),
		);
		if (typeof things === 'string') return things;
		return things.flatMap((thing) => {
			const [marker] = MARKER.exec(JSON.stringify(thing)) ?? [];
			const isOwn =
				marker !== undefined &&
				(known.has(marker) || Date.now() - toMs(thing.date_created) > OWNERLESS_AFTER);
			return isOwn ? [{ id: String(thing.id), marker }] : [];
		});
	}

	/** The texts of a lead, which are to be stopped before it goes. */
	private async removeTextsOf(leadId: string): Promise<void> {
		const { body } = await this.request({
			method: 'GET',
			path: PATH.sms,
			query: { lead_id: leadId, _limit: 100 },
		});
		for (const { id, lead_id: of } of listIn(body) ?? [])
			if (of === leadId) await this.removeById('sms', String(id));
	}

	/** One look through all of Close. @returns what is left, and whether anything was there */
	private async sweep(): Promise<{ left: Left[]; found: number }> {
		const { journal } = this.options;
		const left: Left[] = [];
		let found = 0;
		for (const kind of KINDS) {
			const mayBeThere = journal.runs.some(({ made }) => made.some((one) => one.kind === kind));
			const marked = await this.findMarked(kind);
			if (typeof marked === 'string') {
				if (mayBeThere) left.push({ kind, marker: journal.marker, why: marked });
				continue;
			}
			for (const { id, marker } of marked) {
				if (kind === 'lead') await this.removeTextsOf(id);
				const isGoneBefore = kind === 'lead' && (await this.isGone(kind, id));
				const why = isGoneBefore ? undefined : await this.removeById(kind, id);
				if (why) left.push({ kind, id, marker, why });
				if (!isGoneBefore) found++;
			}
		}
		return { left, found };
	}

	/** A search may show for a while what is gone. */
	private async isGone(kind: Kind, id: string): Promise<boolean> {
		const { status } = await this.request({ method: 'GET', path: `${PATH[kind]}${id}/` });
		return status === 404;
	}

	/** Removes what has an ID. @returns by ID, what came in the way */
	private async removeIdentified(): Promise<Map<string, string>> {
		const reasons = new Map<string, string>();
		for (const kind of KINDS)
			for (const { made } of this.options.journal.runs)
				for (const { id, kind: of } of [...made]) {
					if (id === undefined || of !== kind) continue;
					const why = await this.removeById(kind, id);
					if (why) reasons.set(id, why);
				}
		return reasons;
	}

	/** Waits for what may be listed late: a thing whose creation was not answered. */
	private async waitForLateOnes(): Promise<boolean> {
		const { journal, wait, isHurried } = this.options;
		const open = journal.runs.flatMap(({ made }) => made.filter(({ id }) => id === undefined));
		const latest = Math.max(...open.map(({ at }) => at)) + LISTED_WITHIN - Date.now();
		if (open.length === 0 || latest <= 0 || isHurried?.()) return false;
		await wait(
			latest,
			`Close did not answer properly when ${open.length} things were made; they may be listed late`,
		);
		return true;
	}

	async run(): Promise<Left[]> {
		const { journal, isHurried } = this.options;
		const reasons = await this.removeIdentified();
		let result = await this.sweep();
		if (result.found === 0 && (await this.waitForLateOnes())) result = await this.sweep();
		for (let n = 1; n < MAX_SWEEPS && result.found > 0 && !isHurried?.(); n++)
			result = await this.sweep();
		const left = [...result.left, ...this.unsettled(result.left, reasons)];
		if (left.length === 0) await journal.clear();
		return left;
	}

	/** What the journal lists, and no look through Close has settled. */
	private unsettled(known: Left[], reasons: Map<string, string>): Left[] {
		const isKnown = (kind: Kind, id?: string) =>
			known.some((one) => one.kind === kind && (one.id === undefined || one.id === id));
		const mayAppear = (at: number) =>
			this.options.isHurried?.() === true && Date.now() - at < LISTED_WITHIN;
		return this.options.journal.runs.flatMap(({ marker, made }) =>
			made
				.filter(({ kind, id, at }) => !isKnown(kind, id) && (id !== undefined || mayAppear(at)))
				.map(({ kind, id }) => ({
					kind,
					id,
					marker,
					why: (id && reasons.get(id)) ?? 'not known whether it is there',
				})),
		);
	}
}

/** All that the journal lists, when nothing could be removed. */
const all = (journal: Journal, why: string): Left[] =>
	journal.runs.flatMap(({ marker, made }) =>
		made.map(({ kind, id }: JournalEntry) => ({ kind, id, marker, why })),
	);

/**
 * Removes from Close what this run and earlier ones made, then looks through Close for what bears their marker, and
 * looks again until nothing is found. What could not be removed stays in the journal.
 *
 * @returns what is left; never throws
 */
export async function cleanUp(options: CleanUpOptions): Promise<Left[]> {
	return await new CleanUp(options).run().catch((error: Error) => {
		const why =
			error instanceof CloseIsGone
				? 'Close does not answer'
				: error instanceof Interrupted
					? 'ended before'
					: error.message;
		return all(options.journal, why);
	});
}

/** Removes what was made since and has an ID, so that no expectation meets what another one made. */
export async function removeSince(
	options: CleanUpOptions,
	isNew: (entry: JournalEntry) => boolean,
): Promise<void> {
	const cleaner = new CleanUp(options);
	const entries = options.journal.run.made.filter((one) => one.id !== undefined && isNew(one));
	entries.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
	// What cannot be removed now is tried again at the end.
	for (const { kind, id } of entries)
		if (await cleaner.removeById(kind, id!).catch(() => 'no answer')) return;
}

/** For a person: what is still at Close, and how to remove it by hand. IDs are for their terminal only. */
export function describeLeft(left: Left[], withIds = false): string {
	if (left.length === 0) return 'All that was made is removed.';
	const byKind = KINDS.flatMap((kind) => {
		const some = left.filter((one) => one.kind === kind);
		if (some.length === 0) return [];
		const markers = [...new Set(some.map(({ marker }) => marker))].join(', ');
		const reasons = [...new Set(some.map(({ why }) => why))].join('; ');
		const ids = some.flatMap(({ id }) => id ?? []);
		const shown = withIds && ids.length > 0 ? `: ${ids.join(', ')}` : '';
		return [
			`- ${some.length} × ${NAMES[kind]} named "…${markers}…" (${reasons})${shown}. By hand in Close: ${WHERE[kind]}.`,
		];
	});
	return [
		`${left.length === 1 ? 'One thing' : `${left.length} things`} could not be removed. Run this again: that is removed first.`,
		...byKind,
	].join('\n');
}
