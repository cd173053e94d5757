import type { INodeExecutionData } from 'n8n-workflow';

/** Adds a remark of ours to output items, under `_note`: Close's own meta keys begin with an underscore too. */
export const withNote = (items: INodeExecutionData[], note?: string): INodeExecutionData[] =>
	note
		? items.map((item) => ({
				...item,
				json: { ...item.json, _note: [item.json._note, note].filter(Boolean).join(' ') },
			}))
		: items;
