import type { IExecuteSingleFunctions } from 'n8n-workflow';

/** What n8n appends to the type of a node that it gives to an AI agent or an MCP server (n8n `convertNodeToAiTool`). */
const TOOL_SUFFIX = 'Tool';

/** Whether an AI model calls this node, and reads what comes out. */
export const isTool = (context: Pick<IExecuteSingleFunctions, 'getNode'>): boolean =>
	context.getNode().type.endsWith(TOOL_SUFFIX);
