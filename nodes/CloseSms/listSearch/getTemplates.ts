import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listPage } from './listPage';
import { excerpt, toWords } from './excerpt';

interface Template {
	id: string;
	name: string;
	text?: string | null;
	status?: string;
}

/** The picker of SMS templates. Archived ones are offered only where a template itself is edited. */
export async function getTemplates(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const withArchived = this.getCurrentNodeParameter('resource') === 'smsTemplate';
	const toItem = ({ id, name, text, status }: Template) => {
		const isArchived = status === 'archived';
		const suffix = isArchived ? ' (archived)' : '';
		return isArchived && !withArchived
			? undefined
			: { name: `${toWords(name) || id}${suffix}: ${excerpt(text)}`, value: id };
	};
	return await listPage(this, { url: '/sms_template/', toItem }, filter, paginationToken);
}
