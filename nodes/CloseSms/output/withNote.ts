import type { INodeExecutionData } from 'n8n-workflow';

const addNote = ({ _note: before, ...json }: INodeExecutionData['json'], note: string) => ({
	_note: [before, note].filter(Boolean).join(' '),
	...json,
});

/**
 * Adds a note to output items, under `_note`: Close's own meta keys begin with an underscore too. It comes first, where a
 * person sees it.
 */
export const withNote = (items: INodeExecutionData[], note?: string): INodeExecutionData[] =>
	note ? items.map((item) => ({ ...item, json: addNote(item.json, note) })) : items;
