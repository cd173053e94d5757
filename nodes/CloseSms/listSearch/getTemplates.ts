import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listPage } from './list';
import { startOf } from './startOf';

interface Template {
	id: string;
	name: string;
	text?: string | null;
	status?: string;
}

/** The picker of SMS templates, without those that are archived. */
export async function getTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const entry = ({ id, name, text, status }: Template) =>
		status === 'archived' ? undefined : { name: `${name}: ${startOf(text)}`, value: id };
	return await listPage(this, { url: '/sms_template/', entry }, filter, paginationToken);
}
