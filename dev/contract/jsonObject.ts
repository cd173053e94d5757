import type { IDataObject } from 'n8n-workflow';

export type JsonObject = IDataObject;
