import axios from 'axios';

import { api, close } from './fixture';

const draft = () => close.account.texts.draft.id;
const look = async () => await api.get(`/activity/sms/${draft()}/`);

test('somebody else changes a draft just before the second look at it', async () => {
	close.before({ method: 'GET', path: draft(), nth: 2 }, () =>
		close.somebody.edits(draft(), { text: 'By Ben' }),
	);
	await api.get('/me/');
	const texts = [await look(), await look(), await look()].map(({ data }) => data.text);
	expect(texts).toEqual([close.account.texts.draft.text, 'By Ben', 'By Ben']);
	expect(close.sms(draft())?.updated_by).toBe(close.account.users.ben.id);
});

test('somebody else deletes a draft after it was read and before the answer arrives', async () => {
	close.after({ method: 'GET', path: draft() }, () => close.somebody.deletes(draft()));
	expect((await look()).status).toBe(200);
	expect((await look()).status).toBe(404);
});

test('somebody else sends a draft', async () => {
	close.somebody.sends(draft());
	close.clock.advance(1000);
	expect(close.sms(draft())?.status).toBe('sent');
	expect(close.texted).toHaveLength(1);
});

test('a number is blocked, on every card that has it, and Close refuses it', async () => {
	const { sharedOne, sharedTwo } = close.account.contacts;
	const [{ phone }] = sharedOne.phones;
	close.before({ method: 'PUT' }, () => close.somebody.blocks(phone));
	const text = { status: 'draft', text: 'Hi', local_phone: '+14155550100', remote_phone: phone };
	const { data } = await api.post('/activity/sms/', text);
	const refused = await api.put(`/activity/sms/${data.id}/`, { status: 'outbox' });
	expect([refused.status, Object.keys(refused.data['field-errors'])]).toEqual([
		400,
		['remote_phone'],
	]);
	for (const { id } of [sharedOne, sharedTwo]) {
		const contact = await api.get(`/contact/${id}/`);
		expect(contact.data.phones[0].outbound_sms_blocked).toBe(true);
	}
	close.somebody.unblocks(phone);
	expect((await api.put(`/activity/sms/${data.id}/`, { status: 'outbox' })).status).toBe(200);
});

test("somebody else takes a number off a person's card", async () => {
	const { maria } = close.account.contacts;
	close.somebody.changesContact(maria.id, { phones: [] });
	expect((await api.get(`/contact/${maria.id}/`)).data.phones).toEqual([]);
});

test('what Close lets nobody do is an error for the test', () => {
	expect(() => close.somebody.edits(close.account.texts.sent.id, { text: 'Other' })).toThrow(
		/Only draft SMS activities can be edited/,
	);
});

test('it is not before a request that comes after a reset', async () => {
	close.before({}, () => close.somebody.deletes(draft()));
	close.reset();
	expect((await look()).status).toBe(200);
});

test('another process can let somebody act', async () => {
	await axios.post(
		`${close.url}/simulator/somebody`,
		{ before: { method: 'GET', nth: 2 }, edits: { id: draft(), change: { text: 'By Ben' } } },
		{ proxy: false },
	);
	const texts = [await look(), await look()].map(({ data }) => data.text);
	expect(texts).toEqual([close.account.texts.draft.text, 'By Ben']);
});
