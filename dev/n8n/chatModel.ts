import fastify from 'fastify';
import type { IDataObject } from 'n8n-workflow';

interface Message {
	role: string;
	content: string;
}

/** What a chat model is asked: `POST /v1/chat/completions` of OpenAI's API, as far as tests look at it. */
interface ChatRequest {
	messages: Message[];
	/** Whether the answer is wanted as server-sent events: AI Agent 1 does, the later ones do not. */
	stream?: boolean;
	tools?: Array<{ function: { name: string; description: string; parameters: IDataObject } }>;
}

/** What a tool gave back, as the model reads it. */
export const toolResults = ({ messages }: ChatRequest) =>
	messages.filter(({ role }) => role === 'tool').map(({ content }) => content);

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

/**
 * Starts a chat model on loopback that speaks OpenAI's API: it calls its first tool with each of `calls` in one answer,
 * and once it has what the tool gave back it says `end`.
 */
export const startChatModel = async (calls: IDataObject[], end: string) => {
	const requests: ChatRequest[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: ChatRequest }>('/v1/chat/completions', ({ body }, reply) => {
		requests.push(body);
		const isDone = calls.length === 0 || toolResults(body).length > 0;
		const [tool] = body.tools ?? [];
		const toolCalls = calls.map((given, index) => ({
			index,
			id: `call_${index}`,
			type: 'function',
			function: { name: tool.function.name, arguments: JSON.stringify(given) },
		}));
		const given = isDone ? { content: end } : { content: null, tool_calls: toolCalls };
		const message = { role: 'assistant', ...given };
		const rest = { index: 0, finish_reason: isDone ? 'stop' : 'tool_calls' };
		const answer = { id: 'chatcmpl-simulated', created: 0, model: 'simulated', usage: USAGE };
		if (!body.stream)
			return { ...answer, object: 'chat.completion', choices: [{ ...rest, message }] };
		const chunk = {
			...answer,
			object: 'chat.completion.chunk',
			choices: [{ ...rest, delta: message }],
		};
		void reply.type('text/event-stream');
		return `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
	});
	const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1`;
	return { url, requests, stop: async () => await app.close() };
};
