import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';

/** What a tool gave back: the protocol's `CallToolResult`. */
interface ToolResult {
	isError?: boolean;
	content: Array<{ type: string; text: string }>;
}

interface Tool {
	name: string;
	description: string;
	inputSchema: { properties: IDataObject };
}

const HEADERS = { accept: 'application/json, text/event-stream' };

/** The result in a body of server-sent events, which has one event. */
const readResult = (body: string) => {
	const data = body.split('\n').find((line) => line.startsWith('data: '));
	const { result, error } = JSON.parse(data?.slice('data: '.length) ?? '{}') as IDataObject;
	if (!result) throw new Error(`MCP: ${JSON.stringify(error ?? body)}`);
	return result as unknown;
};

/**
 * A client of the Model Context Protocol over Streamable HTTP, as far as tests need one.
 *
 * @param token of the server's Bearer Auth, if it has one
 */
export const connectMcp = async (url: string, token?: string) => {
	let id = 0;
	const session: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
	const request = async (method: string, params: object) => {
		const body = { jsonrpc: '2.0', id: ++id, method, params };
		const { data, headers } = await axios.post<string>(url, body, {
			headers: { ...HEADERS, ...session },
			responseType: 'text',
		});
		if (headers['mcp-session-id']) session['mcp-session-id'] = String(headers['mcp-session-id']);
		return readResult(data);
	};
	await request('initialize', {
		protocolVersion: '2025-06-18',
		capabilities: {},
		clientInfo: { name: 'test', version: '1' },
	});
	return {
		tools: async () => ((await request('tools/list', {})) as { tools: Tool[] }).tools,
		call: async (name: string, args: object) =>
			(await request('tools/call', { name, arguments: args })) as ToolResult,
	};
};
