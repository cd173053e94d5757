import { api, close } from './fixture';

/** The time zones that Close says anything about for this person, as `GET /contact/` and `GET /lead/` show them. */
async function zonesOf({ id, lead_id }: { id: string; lead_id: string }) {
	const { data: contact } = await api.get(`/contact/${id}/`);
	const { data: lead } = await api.get(`/lead/${lead_id}/`);
	return {
		own: contact.timezone,
		numbers: contact.phones.map(({ tz_ids }: { tz_ids?: string[] }) => tz_ids),
		addresses: lead.addresses.map(({ tz_ids }: { tz_ids?: string[] }) => tz_ids),
	};
}

test.each([
	['maria', null, [['America/Los_Angeles']], []],
	['newYork', 'America/New_York', [['America/New_York']], [['America/New_York']]],
	['moved', 'America/Chicago', [['America/Los_Angeles']], [['America/New_York']]],
	['twoZones', null, [['America/Chicago', 'America/New_York']], [['America/New_York']]],
	['honolulu', null, [['Pacific/Honolulu']], [['America/New_York']]],
	['zoneByAddress', null, [[]], [['America/Phoenix']]],
	['zoneless', null, [undefined], []],
] as const)('where %s is', async (name, own, numbers, addresses) => {
	expect(await zonesOf(close.account.contacts[name])).toEqual({ own, numbers, addresses });
});

test('a number may be blocked, and may belong to two people', async () => {
	const { optedOut, sharedOne, sharedTwo } = close.account.contacts;
	const { data } = await api.get(`/contact/${optedOut.id}/?_fields=phones`);
	expect(data.phones[0].outbound_sms_blocked).toBe(true);
	expect(sharedOne.phones[0].phone).toBe(sharedTwo.phones[0].phone);
	expect(sharedOne.lead_id).not.toBe(sharedTwo.lead_id);
});
