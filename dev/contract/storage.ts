import axios from 'axios';

import { isLoopback } from './closeClient';
import type { StoreAnswer } from './probe';

/** Sends a file to Close's storage, as the node does: all fields, the file last, and no credentials. */
export async function sendToStorage(
	url: string,
	fields: Record<string, string>,
	content: string,
): Promise<StoreAnswer> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	form.append('file', new File([content], 'check.txt'));
	const { status, data } = await axios.post<string>(url, form, {
		maxRedirects: 0,
		validateStatus: () => true,
		responseType: 'text',
		timeout: 30_000,
		...(isLoopback(url) && { proxy: false as const }),
	});
	return { status, body: String(data ?? '') };
}
