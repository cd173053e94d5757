import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { toWords } from './excerpt';
import { listPage } from './listPage';

interface NamedLead {
	id: string;
	display_name?: string;
}

const FIELDS = ['id', 'display_name'];

/** The picker of leads. */
export async function getLeads(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const toItem = ({ id, display_name: name }: NamedLead) => ({
		name: toWords(name) || id,
		value: id,
		url: `https://app.close.com/lead/${id}/`,
	});
	const list = {
		url: '/lead/',
		qs: { _fields: FIELDS.join(',') },
		toItem,
		search: { type: 'lead' as const, fields: FIELDS },
	};
	return await listPage(this, list, filter, paginationToken);
}
