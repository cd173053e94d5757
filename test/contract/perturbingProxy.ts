import axios from 'axios';

import type { JsonObject } from '../../dev/contract/jsonObject';
import { createServer, wait } from '../../dev/platform';

/** A request on its way to the simulator. */
export interface ProxiedRequest {
	method: string;
	/** below the base URL, without the query */
	path: string;
	query: string;
	headers: Record<string, string>;
	body: JsonObject | undefined;
}

/** What the simulator answered, or what takes its place. */
export interface ProxiedResponse {
	status: number;
	headers: Record<string, string>;
	/** parsed where it is JSON */
	body: unknown;
}

/** Passes a request on, altered or not. */
type Forward = (request?: Partial<ProxiedRequest>) => Promise<ProxiedResponse>;

/** `hang` never answers, `reset` breaks the connection. */
export type Perturbation = (
	request: ProxiedRequest,
	forward: Forward,
) => Promise<ProxiedResponse | 'hang' | 'reset'>;

export interface PerturbingProxy {
	/** in place of the simulator's */
	baseUrl: string;
	/** all that arrived, in order */
	requests: ProxiedRequest[];
	/** takes effect with the next request */
	perturb: (perturbation: Perturbation | undefined) => void;
	stop: () => Promise<void>;
}

const BASE_PATH = '/api/v1';
const HOP_BY_HOP = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive']);

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/**
 * A Close that differs from the simulator: stands in front of it on a free port of loopback and may alter each request
 * and response of the API. Everything else, such as uploads and the simulator's clock, passes through.
 */
export async function startPerturbingProxy(target: string): Promise<PerturbingProxy> {
	const { origin } = new URL(target);
	const requests: ProxiedRequest[] = [];
	let perturbation: Perturbation | undefined;
	let ownOrigin = '';

	async function forwardRaw(
		method: string,
		url: string,
		headers: Record<string, string>,
		data: Uint8Array | string | undefined,
	): Promise<ProxiedResponse> {
		const response = await axios<string>({
			method,
			url: origin + url,
			headers: Object.fromEntries(
				Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'host'),
			),
			data,
			maxRedirects: 0,
			validateStatus: () => true,
			responseType: 'text',
			transformResponse: (text: unknown) => text,
			proxy: false,
		});
		const shown = Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name));
		return {
			status: response.status,
			headers: Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
			// What is uploaded goes through here too.
			body: parse((response.data ?? '').replaceAll(origin, ownOrigin)),
		};
	}

	const server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			void (async () => {
				const { method = 'GET', url = '/' } = incoming;
				const headers = Object.fromEntries(
					Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
				);
				const raw = Buffer.concat(chunks);
				const data = raw.length > 0 ? new Uint8Array(raw) : undefined;
				const answer = async () => {
					if (!url.startsWith(BASE_PATH)) return await forwardRaw(method, url, headers, data);
					const [path, query = ''] = url.slice(BASE_PATH.length).split('?');
					const body = raw.length > 0 ? (parse(raw.toString()) as JsonObject) : undefined;
					const request: ProxiedRequest = { method, path, query, headers, body };
					requests.push(request);
					const forward: Forward = async (changes = {}) => {
						const one = { ...request, ...changes };
						return await forwardRaw(
							one.method,
							BASE_PATH + one.path + (one.query ? `?${one.query}` : ''),
							one.headers,
							// Addresses of the upload are the simulator's own again.
							one.body && JSON.stringify(one.body).replaceAll(ownOrigin, origin),
						);
					};
					return perturbation ? await perturbation(request, forward) : await forward();
				};
				const result = await answer().catch(() => 'reset' as const);
				if (result === 'hang') return;
				if (result === 'reset') return void incoming.socket.destroy();
				const { body } = result;
				const text = typeof body === 'string' ? body : JSON.stringify(body);
				outgoing.sendDate = false;
				outgoing.writeHead(result.status, result.headers).end(text);
			})();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	ownOrigin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
	return {
		baseUrl: ownOrigin + BASE_PATH,
		requests,
		perturb: (next) => void (perturbation = next),
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
			await wait(0);
		},
	};
}
