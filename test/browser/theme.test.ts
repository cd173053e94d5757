import type { Locator } from 'playwright-core';

import { addAction, searchNodes } from '../../dev/n8n/editor';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/**
 * How much of an icon stands out from what is behind it, from 0 to 1: the share of its pixels with a contrast of 3:1,
 * which is what a picture needs to be seen (WCAG 2.2, 1.4.11).
 */
const standingOut = async (icon: Locator) => {
	await icon.waitFor();
	return await icon.evaluate(async (image: HTMLImageElement) => {
		await image.decode();
		const size = 64;
		const canvas = new OffscreenCanvas(size, size).getContext('2d')!;
		const behind: string[] = [];
		for (let at: Element | null = image; at; at = at.parentElement)
			behind.unshift(getComputedStyle(at).backgroundColor);
		for (const color of behind) {
			canvas.fillStyle = color;
			canvas.fillRect(0, 0, size, size);
		}
		const pixels = () => [...canvas.getImageData(0, 0, size, size).data];
		const luminance = (of: number[], at: number) => {
			const [red, green, blue] = of
				.slice(at, at + 3)
				.map((value) => value / 255)
				.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const ground = luminance(pixels(), 0);
		canvas.drawImage(image, 0, 0, size, size);
		const drawn = pixels();
		let seen = 0;
		for (let at = 0; at < drawn.length; at += 4) {
			const [dark, light] = [luminance(drawn, at), ground].sort((a, b) => a - b);
			if ((light + 0.05) / (dark + 0.05) >= 3) seen++;
		}
		return seen / (size * size);
	});
};

/** A speech bubble covers some half of its square, and its tick is a small part of it. */
const ENOUGH = 0.4;

test.each(['light', 'dark'] as const)('in the %s, the icon is seen everywhere', async (theme) => {
	const page = await openPage(theme);
	await n8n.addSimulatorCredential(close);
	const icon = (place: Locator) => place.locator('img').first();

	const nodePanel = await searchNodes(page, n8n, 'Close SMS');
	const found = nodePanel.getByTestId('item-iterator-item').filter({ hasText: 'Close SMS' });
	expect(await standingOut(icon(found))).toBeGreaterThan(ENOUGH);

	const node = await addAction(page, n8n, 'Update SMS (may text real people)');
	expect(await standingOut(icon(node))).toBeGreaterThan(ENOUGH);

	const canvasNode = page
		.getByTestId('canvas-node')
		.filter({ hasText: 'Update SMS (may text real people)' });
	expect(await standingOut(icon(canvasNode))).toBeGreaterThan(ENOUGH);

	await node.getByTestId('node-credentials-slot').getByRole('combobox').click();
	await page.getByText(/new credential/).click();
	const dialog = page.getByTestId('editCredential-modal');
	expect(await standingOut(icon(dialog))).toBeGreaterThan(ENOUGH);
});
