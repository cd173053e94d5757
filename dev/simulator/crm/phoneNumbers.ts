import type { FastifyInstance } from 'fastify';

import { flag, page, PAGE_QUERY, single } from '../http/query';
import type { PhoneNumber } from '../types';
import type { State } from '../state';

/** `/phone_number/` */
export function phoneNumberRoutes(api: FastifyInstance, state: State): void {
	const query = [...PAGE_QUERY, 'number', 'participant_user_id', 'user_id', 'is_group_number'];
	api.get('/phone_number/', { config: { query } }, ({ entry }) => {
		const number = single(entry.query, 'number');
		const participant = single(entry.query, 'participant_user_id');
		const user = single(entry.query, 'user_id');
		const group = flag(entry.query, 'is_group_number');
		const fits = (one: PhoneNumber) =>
			(number === undefined || one.number === number) &&
			(participant === undefined || one.participants.includes(participant)) &&
			(user === undefined || one.user_id === user) &&
			(group === undefined || one.is_group_number === group);
		return page([...state.phoneNumbers.values()].filter(fits), entry.query, state.settings.maxSkip);
	});
}
