import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { toWords } from './excerpt';
import { listPage } from './listPage';

interface User {
	id: string;
	first_name?: string;
	last_name?: string;
	email?: string;
}

function toName({ id, first_name: first, last_name: last, email }: User) {
	const name = [first, last].map(toWords).filter(Boolean).join(' ');
	const address = toWords(email);
	return name && address ? `${name} (${address})` : name || address || id;
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
