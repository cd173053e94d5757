import { byId } from '../../dev/locators';
import { said, sendTo, setUpSms } from './setUpSms';

const on = setUpSms();
const PHONE = '+14155550101';
const PUT = { method: 'PUT' };
const terms = {
	url: 'https://app.close.com/go/file/permanent/terms.pdf',
	filename: 'terms.pdf',
	content_type: 'application/pdf',
};
const idIn = (path: string) => path.split('/')[3];

/** Somebody changes a text while the node is at work on it: what another person gets is never a success. */
describe('the files of a text are changed just before it goes out', () => {
	test.each([
		['added to', [], [terms]],
		['taken from', [{ ...terms, size: 3, media_id: 'm' }], []],
	])('%s a draft that Send Draft sends', async (_, attachments, changed) => {
		const { id } = on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
			attachments,
		});
		on.close.before(PUT, () => on.close.somebody.edits(id, { attachments: changed }));
		const run = await on.run('sendDraft', { smsId: byId(id) });
		expect(said(run)).toContain("'Attachments'");
	});

	test('added to the draft that Send created', async () => {
		on.close.before(PUT, ({ path }) =>
			on.close.somebody.edits(idIn(path), { attachments: [terms] }),
		);
		const run = await on.run('send', sendTo(PHONE, 'Hi'));
		on.deliver();
		expect(said(run)).toContain("'Attachments' are terms.pdf");
	});

	test('a text whose files are as they were is sent as ever', async () => {
		const { id } = on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
			attachments: [{ ...terms, size: 3, media_id: 'm' }],
		});
		const run = await on.run('sendDraft', { smsId: byId(id) });
		on.deliver();
		expect(said(run)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

test('Wait Until Sent says that somebody took the text back and sent other words', async () => {
	on.close.carrierDelay(3000);
	on.close.before({ method: 'GET', path: '^/activity/sms/$' }, () => {
		const [{ path }] = on.close.requests.filter(({ method }) => method === 'PUT');
		const id = idIn(path);
		on.close.somebody.edits(id, { status: 'draft' });
		on.close.carrierDelay(10);
		on.close.somebody.edits(id, { text: 'Other words', remote_phone: '+14155550102' });
		on.close.somebody.sends(id);
	});
	const run = await on.run('send', sendTo(PHONE, 'Hi', { options: { waitUntilSent: 5 } }));
	expect(run.json[0]._note).toContain('Somebody changed it while this waited');
});

test('Send after a 503 that Close carries out late, then a refusal: never that nobody was texted', async () => {
	on.close.faults.order({ kind: 'status', status: 503, match: PUT, carriedOutAfter: 3000 });
	const run = await on.run('send', sendTo(PHONE, 'Hi', { options: { maxRetries: 0 } }));
	on.deliver();
	expect(on.close.timesTexted(PHONE)).toBe(1);
	expect(said(run)).not.toMatch(/nobody was texted/);
});
