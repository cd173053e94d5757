import { api, close } from './fixture';

test('a lead is made with its contacts, and its own fields are set and emptied', async () => {
	const { data: lead } = await api.post('/lead/', {
		name: 'Pine Street Deli',
		contacts: [{ name: 'Nora Quist', phones: [{ phone: '+14155550188', type: 'mobile' }] }],
	});
	expect(lead).toMatchObject({
		display_name: 'Pine Street Deli',
		contact_ids: [lead.contacts[0].id],
	});
	expect((await api.get(`/contact/${lead.contacts[0].id}/`)).data).toMatchObject({
		lead_id: lead.id,
		phones: [{ phone: '+14155550188', phone_formatted: '+1 415-555-0188' }],
	});
	for (const value of ['2026-01-01', null]) {
		await api.put(`/lead/${lead.id}/`, { 'custom.cf_optedOut': value });
		expect((await api.get(`/lead/${lead.id}/`)).data['custom.cf_optedOut']).toBe(value);
	}
});

test.each([
	[{ name: 'x', phone: '+14155550188' }],
	[{ contacts: [{ phones: [{ phone: '415 555 0188' }] }] }],
	[{ cf_optedOut: 'x' }],
])('%j is refused', async (body) => {
	expect((await api.post('/lead/', body)).status).toBe(400);
});

test('a Smart View has the query that finds what is in it; an old one has none', async () => {
	const { everybody, leads, old } = close.account.smartViews;
	const view = async (id: string) => (await api.get(`/saved_search/${id}/`)).data;
	const find = async ({ s_query }: { s_query: { query: object } }) =>
		(await api.post('/data/search/', { query: s_query.query })).data.data as object[];
	expect(await find(await view(everybody.id))).toHaveLength(
		Object.keys(close.account.contacts).length,
	);
	expect(await find(await view(leads.id))).toHaveLength(Object.keys(close.account.leads).length);
	expect(await view(old.id)).toMatchObject({ s_query: null, query: '*' });
	expect((await api.get('/saved_search/save_none/')).status).toBe(404);
});
