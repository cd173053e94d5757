import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listPage } from './listPage';
import { excerpt } from './excerpt';

interface Template {
	id: string;
	name: string;
	text?: string | null;
	status?: string;
}

/** The picker of SMS templates; those that are archived are no choice for a text. */
export async function getTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	// Who edits templates may want one back.
	const withArchived = this.getCurrentNodeParameter('resource') === 'smsTemplate';
	const toItem = ({ id, name, text, status }: Template) => {
		const isArchived = status === 'archived';
		const mark = isArchived ? ' (archived)' : '';
		return isArchived && !withArchived
			? undefined
			: { name: `${name}${mark}: ${excerpt(text)}`, value: id };
	};
	return await listPage(this, { url: '/sms_template/', toItem }, filter, paginationToken);
}
