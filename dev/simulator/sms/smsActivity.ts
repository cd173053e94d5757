import { closeTime } from '../http/dates';
import { newId } from '../http/ids';
import { countryOf, formatPhone } from '../crm/phoneFormat';
import type { SmsActivity, User } from '../types';

const EMPTY = {
	_type: 'SMS',
	lead_id: null,
	contact_id: null,
	user_id: null,
	created_by: null,
	updated_by: null,
	activity_at: null,
	date_scheduled: null,
	date_sent: null,
	source: 'Close.io',
	status: 'draft',
	text: null,
	template_id: null,
	local_phone: null,
	remote_phone: null,
	caller_id_mode: null,
	caller_id_reason: null,
	cost: null,
	error_message: null,
	sequence_id: null,
	sequence_name: null,
	sequence_subscription_id: null,
	agent_config_id: null,
	agent_action_reason: null,
} satisfies Partial<SmsActivity>;

type Named = (userId: string | null) => Pick<User, 'first_name' | 'last_name'> | undefined;

/** The fields Close works out from others: names of people, looks and countries of numbers. */
export function withDerived(activity: SmsActivity, userOf: Named): SmsActivity {
	const nameOf = (userId: string | null) => {
		const user = userOf(userId);
		return user ? `${user.first_name} ${user.last_name}` : null;
	};
	return {
		...activity,
		user_name: nameOf(activity.user_id),
		created_by_name: nameOf(activity.created_by),
		updated_by_name: nameOf(activity.updated_by),
		local_phone_formatted: formatPhone(activity.local_phone),
		local_country_iso: countryOf(activity.local_phone),
		remote_phone_formatted: formatPhone(activity.remote_phone),
		remote_country_iso: countryOf(activity.remote_phone),
	};
}

/** A whole activity from what is known of it. `now` in milliseconds. */
export function newActivity(
	known: Partial<SmsActivity>,
	organizationId: string,
	now: number,
	userOf: Named,
): SmsActivity {
	const created = known.date_created ?? closeTime(now);
	const activity = {
		...EMPTY,
		id: newId('acti'),
		organization_id: organizationId,
		users: [],
		direction: known.status === 'inbox' ? 'inbound' : 'outbound',
		activity_at: created,
		updated_by: known.created_by ?? null,
		...known,
		date_created: created,
		date_updated: known.date_updated ?? created,
	} as SmsActivity;
	return withDerived(activity, userOf);
}
