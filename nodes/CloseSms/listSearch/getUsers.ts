import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listPage } from './listPage';

interface User {
	id: string;
	first_name?: string;
	last_name?: string;
	email?: string;
}

function toName({ id, first_name: first, last_name: last, email }: User) {
	const name = [first, last].filter(Boolean).join(' ');
	return name && email ? `${name} (${email})` : name || email || id;
}

/** The picker of the members of the team. */
export async function getUsers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const list = {
		url: '/user/',
		qs: { _order_by: 'first_name,last_name' },
		toItem: (user: User) => ({ name: toName(user), value: user.id }),
	};
	return await listPage(this, list, filter, paginationToken);
}
