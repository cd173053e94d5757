import { clearTimeout, setTimeout } from '../platform';

interface Task {
	/** simulated milliseconds */
	due: number;
	run: () => void;
	canceled: boolean;
}

/** The longest delay a timer of Node takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Simulated time: runs with real time and can be moved forward. Whatever is due by it runs in order of its time. */
export class Clock {
	private offset = 0;
	private readonly tasks: Task[] = [];
	private timer: ReturnType<typeof setTimeout> | undefined;

	/** Simulated milliseconds since 1970. */
	ms(): number {
		return Date.now() + this.offset;
	}

	now(): Date {
		return new Date(this.ms());
	}

	/** Runs something when simulated time reaches `due` (milliseconds); returns how to call it off. */
	at(due: number, run: () => void): () => void {
		const task: Task = { due, run, canceled: false };
		const index = this.indexAfter(due);
		this.tasks.splice(index, 0, task);
		if (index === 0) this.arm();
		return () => {
			task.canceled = true;
		};
	}

	/** Moves time forward and runs everything that falls due on the way, each at its own time. */
	advance(ms: number): void {
		const target = this.ms() + ms;
		while (this.tasks.length > 0 && this.tasks[0].due <= target) {
			this.offset += Math.max(0, this.tasks[0].due - this.ms());
			this.runFirst();
		}
		this.offset += Math.max(0, target - this.ms());
		this.arm();
	}

	/** From now on it is wrong by so many milliseconds more, as a clock that nobody sets. */
	differ(ms: number): void {
		this.offset += ms;
		this.arm();
	}

	/** Back to real time; forgets everything that was to come. */
	reset(): void {
		this.tasks.length = 0;
		this.offset = 0;
		clearTimeout(this.timer);
	}

	private indexAfter(due: number): number {
		let low = 0;
		let high = this.tasks.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.tasks[middle].due <= due) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	private runFirst(): void {
		const task = this.tasks.shift();
		if (task && !task.canceled) task.run();
	}

	private arm(): void {
		clearTimeout(this.timer);
		const [first] = this.tasks;
		if (!first) return;
		const delay = Math.min(Math.max(0, first.due - this.ms()), LONGEST_TIMER);
		this.timer = setTimeout(() => this.tick(), delay);
	}

	private tick(): void {
		while (this.tasks.length > 0 && this.tasks[0].due <= this.ms()) this.runFirst();
		this.arm();
	}
}
