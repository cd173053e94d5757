import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

import { fs } from '../dev/platform';

interface Point {
	x: number;
	y: number;
}

interface Frame {
	image: Buffer;
	/** For how long it is shown, in milliseconds. */
	delay: number;
}

/** How the way of the mouse from one place to the next is shown. */
const STEPS = 6;
const STEP_MS = 50;

/** Few, so that the file stays small; n8n's editor has no photographs. */
const COLORS = 128;

/** Draws the mouse, which no screenshot has, with a ring around it when it is pressed. */
const drawMouse = ({ x, y, isPressed }: Point & { isPressed: boolean }) => {
	const id = 'recorded-mouse';
	const mouse = document.getElementById(id) ?? document.createElement('div');
	mouse.id = id;
	mouse.style.cssText = `position:fixed;left:${x}px;top:${y}px;z-index:2147483647;pointer-events:none`;
	const ring = isPressed ? '<circle r="14" fill="#ff6d5a" fill-opacity=".45"/>' : '';
	mouse.innerHTML = `<svg width="60" height="60" viewBox="-30 -30 60 60" style="position:absolute;left:-30px;top:-30px">${ring}
		<path d="M0 0v19l4.6-4.3 3 7 3-1.3-3-6.8h6.4z" fill="#111" stroke="#fff" stroke-width="1.4"/></svg>`;
	document.body.append(mouse);
};

/**
 * A recording of the screen, frame by frame: as sharp as a screenshot, and never slower than the machine that it is
 * made on. It moves the mouse itself, so that it is seen.
 */
export class Recording {
	private readonly frames: Frame[] = [];
	private mouse: Point;

	/** @param style hides what is not to be seen */
	constructor(
		private readonly page: Page,
		private readonly style: string,
	) {
		const { width, height } = page.viewportSize()!;
		this.mouse = { x: width * 0.8, y: height * 0.8 };
	}

	/** Shows the page as it is now for so many milliseconds. */
	async show(delay: number, isPressed = false) {
		await this.page.evaluate(drawMouse, { ...this.mouse, isPressed });
		const image = await this.page.screenshot({ animations: 'disabled', style: this.style });
		this.frames.push({ image, delay });
	}

	/** Moves the mouse there and clicks. */
	async click(place: Locator, options?: { clickCount: number }) {
		const { x, y, width, height } = (await place.boundingBox())!;
		const from = this.mouse;
		const to = { x: x + Math.min(width / 2, 150), y: y + height / 2 };
		for (let step = 1; step <= STEPS; step++) {
			// Faster in the middle, as a hand is.
			const way = (1 - Math.cos((Math.PI * step) / STEPS)) / 2;
			this.mouse = { x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way };
			await this.page.mouse.move(this.mouse.x, this.mouse.y);
			await this.show(STEP_MS);
		}
		await this.show(250, true);
		await this.page.mouse.click(to.x, to.y, options);
	}

	/** Writes an animated GIF, which GitHub and npm both show. */
	async save(file: string) {
		const images = this.frames.map(({ image }) => image);
		const delay = this.frames.map((frame) => frame.delay);
		const gif = sharp(images, { join: { animated: true } });
		await fs.writeFile(file, await gif.gif({ delay, loop: 0, colours: COLORS }).toBuffer());
	}
}
