/** Close tries for 72 hours to deliver an event (Close: "Webhooks"); one day is added to be on the safe side. */
const RETENTION_MS = 96 * 3_600_000;
/** Of one trigger; some 100 bytes each. */
const MAX_ENTRIES = 50_000;

/** Identifies an event that has started the workflow. */
export interface EventKey {
	id: string;
	/** Milliseconds since 1970 of the last change that Close merged into the event; 0 when it cannot be read. */
	time: number;
	/** Whether a later time makes it new. */
	isRepeatable: boolean;
}

/**
 * What a claim results in: `claimed`: the workflow may start; `underWay`: n8n is still starting it for an earlier
 * delivery, and may yet fail; `processed`: it has started before.
 */
type Claim = 'claimed' | 'underWay' | 'processed';

/**
 * The events of one trigger for which this process has started the workflow, or is just starting it. It spares n8n
 * executions; that an event starts the workflow once, also over a restart, is decided by `EventClaims`.
 *
 * Close may merge later changes into an event and deliver it again under the same ID with a later time. What is
 * repeatable is new then; an earlier state that arrives late is not, because the later one contained all of it.
 */
export class ProcessedEvents {
	/** By ID, oldest first: the time of the event, and when it was recorded here. */
	private readonly processed = new Map<string, { time: number; recordedAt: number }>();
	/** Whether n8n is still starting the workflow, by ID. */
	private readonly starting = new Map<string, () => boolean>();

	/**
	 * Decides what becomes of a delivery. Whoever claims an event starts the workflow, then calls `complete`.
	 *
	 * @param isStarting whether n8n is still starting the workflow for this claim; once it is not, and `complete` was not
	 * called, the claim is void
	 */
	claim(key: EventKey, isStarting: () => boolean): Claim {
		for (const [id, isStillStarting] of this.starting)
			if (!isStillStarting()) this.starting.delete(id);
		if (this.isProcessed(key)) return 'processed';
		if (this.starting.has(key.id)) return 'underWay';
		this.starting.set(key.id, isStarting);
		return 'claimed';
	}

	/** Records that an event has started the workflow. */
	complete({ id, time }: EventKey): void {
		this.starting.delete(id);
		const latest = Math.max(time, this.processed.get(id)?.time ?? 0);
		// Deleted first, so that it moves to the end.
		this.processed.delete(id);
		this.processed.set(id, { time: latest, recordedAt: Date.now() });
		this.evict();
	}

	private isProcessed({ id, time, isRepeatable }: EventKey): boolean {
		const known = this.processed.get(id);
		return known !== undefined && (!isRepeatable || known.time >= time);
	}

	private evict(): void {
		const tooOld = Date.now() - RETENTION_MS;
		for (const [id, { recordedAt }] of this.processed) {
			if (this.processed.size <= MAX_ENTRIES && recordedAt > tooOld) return;
			this.processed.delete(id);
		}
	}
}

const processedByTrigger = new Map<string, ProcessedEvents>();

/** @param trigger identifies the trigger, see `toTriggerKey` */
export function getProcessedEvents(trigger: string): ProcessedEvents {
	const processed = processedByTrigger.get(trigger) ?? new ProcessedEvents();
	processedByTrigger.set(trigger, processed);
	return processed;
}

export const forgetProcessedEvents = (trigger: string) => processedByTrigger.delete(trigger);
