import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { ERROR_MODES, messages, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const blocked = '+14155550104';
/** In Close's words, behind the label of the field. */
const reason = /'(Remote Phone|To)': Outbound SMS to this number is blocked/;

/** Every way to let a text go out to the number of someone who opted out. */
const ways: Array<[string, string, (draftId: string) => INodeParameters]> = [
	['update', 'update', (id) => ({ smsId: byId(id), updateFields: { status: 'outbox' } })],
	['send draft', 'sendDraft', (id) => ({ smsId: byId(id) })],
	['schedule', 'schedule', (id) => ({ smsId: byId(id), sendAt: '2036-01-01T09:00' })],
	['send', 'send', () => sendTo(blocked, 'x')],
];

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each(ways)(
		'%s: the reason of Close is what is read, and nobody is texted',
		async (_, operation, by) => {
			const local_phone = sms.close.account.phoneNumbers.main.number;
			const draft = sms.close.addSms({ remote_phone: blocked, local_phone, text: 'x' });
			const run = await sms.run(operation, by(draft.id), { node: { onError } });

			expect(messages(run)).toEqual([expect.stringMatching(reason)]);
			sms.close.clock.advance(Date.parse('2036-01-02') - sms.close.clock.now().getTime());
			expect(sms.close.timesTexted(blocked)).toBe(0);
		},
	);
});
