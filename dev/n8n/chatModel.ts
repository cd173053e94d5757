import fastify from 'fastify';
import type { IDataObject } from 'n8n-workflow';

interface Message {
	role: string;
	content: string;
}

/** What a chat model is asked: `POST /v1/chat/completions` of OpenAI's API, as far as tests look at it. */
interface ChatRequest {
	messages: Message[];
	tools?: Array<{ function: { name: string; description: string; parameters: IDataObject } }>;
}

/** What a tool gave back, as the model reads it. */
export const toolResults = ({ messages }: ChatRequest) =>
	messages.filter(({ role }) => role === 'tool').map(({ content }) => content);

/**
 * Starts a chat model on loopback that speaks OpenAI's API: it calls its first tool with each of `calls` in one answer,
 * and once it has what the tool gave back it says `end`.
 */
export const startChatModel = async (calls: IDataObject[], end: string) => {
	const requests: ChatRequest[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: ChatRequest }>('/v1/chat/completions', ({ body }) => {
		requests.push(body);
		const isDone = calls.length === 0 || toolResults(body).length > 0;
		const [tool] = body.tools ?? [];
		const toolCalls = calls.map((given, index) => ({
			id: `call_${index}`,
			type: 'function',
			function: { name: tool.function.name, arguments: JSON.stringify(given) },
		}));
		const message = isDone ? { content: end } : { content: null, tool_calls: toolCalls };
		return {
			id: 'chatcmpl-simulated',
			object: 'chat.completion',
			created: 0,
			model: 'simulated',
			choices: [
				{
					index: 0,
					message: { role: 'assistant', ...message },
					finish_reason: isDone ? 'stop' : 'tool_calls',
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	});
	const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1`;
	return { url, requests, stop: async () => await app.close() };
};
