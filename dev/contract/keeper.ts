import { fs, os, path } from '../platform';

/**
 * Keeps what was found on disk as it goes: each write replaces the file as a whole. Where the file cannot be written, it
 * goes to the folder for temporary files, and nothing is lost.
 */
export class Keeper {
	private queue: Promise<void> = Promise.resolve();

	/** @param say tells the person where it goes instead */
	constructor(
		private file: string,
		private readonly say: (line: string) => void,
	) {}

	/** Where it is, with its folder. */
	get path(): string {
		return path.resolve(this.file);
	}

	/** Never throws; writes wait for each other. */
	async write(text: string): Promise<void> {
		const write = async () => {
			if (await this.tryToWrite(text)) return;
			const other = path.join(os.tmpdir(), path.basename(this.file) || 'close-contract');
			this.say(`${this.file} cannot be written. It goes to ${other}`);
			this.file = other;
			if (!(await this.tryToWrite(text))) this.say(`${other} cannot be written either.`);
		};
		this.queue = this.queue.then(write);
		await this.queue;
	}

	private async tryToWrite(text: string): Promise<boolean> {
		// The folder may be missing, or the file be one.
		const temp = `${this.file}.new`;
		try {
			await fs.mkdir(path.dirname(this.file), { recursive: true });
			await fs.writeFile(temp, text);
			await fs.rename(temp, this.file);
			return true;
		} catch {
			await fs.rm(temp, { force: true }).catch(() => undefined);
			return false;
		}
	}
}
