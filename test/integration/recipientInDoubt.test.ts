import type { INodeParameters } from 'n8n-workflow';
import { said, sendTo, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';

const on = setUpSms();
const { itIs } = setUpWallClock();
const SEARCH = { method: 'POST', path: 'search' };
const LEAD = { method: 'GET', path: '^/lead/' };
const texting = () => on.close.requests.filter(({ method }) => method === 'PUT');

/** What of a response cannot be read may be just what says that a person must not be texted, or where the person is. */
describe('a response of which a part cannot be read', () => {
	test.each([
		['data.0', 'null'],
		['data.0', 'object'],
		['data.0.phones.0', 'null'],
		['data.0.phones.0.phone', 'null'],
		['data.0.phones', 'empty'],
	] as const)('Check Opt-Out, %s is %s: nobody is texted', async (at, as) => {
		on.close.setDoubts({ blockedRecipient: 'failLater' });
		on.close.faults.order({ kind: 'altered', match: SEARCH, times: 9, misshape: { at, as } });
		const run = await on.run(
			'send',
			sendTo('+14155550104', 'Hi', { additionalFields: {}, options: { checkOptOut: true } }),
		);
		expect(said(run)).toContain("'Check Opt-Out'");
		expect(texting()).toEqual([]);
	});

	test.each([
		[SEARCH, 'data.0', 'null', '+12125550121'],
		[SEARCH, 'data.0.id', 'null', '+12125550121'],
		[SEARCH, 'data.0.phones.0.phone', 'null', '+12125550121'],
		[LEAD, 'addresses', 'number', '+16025550125'],
		[LEAD, 'addresses.0', 'list', '+16025550125'],
	] as const)(
		'Sending Hours, in %j %s is %s: the fallback does not stand in',
		async (match, at, as, phone) => {
			// Within the hours by the fallback alone.
			itIs('2026-12-01T08:00:00Z');
			on.close.faults.order({ kind: 'altered', match, times: 9, misshape: { at, as } });
			const sendingHours = { hours: { fallbackTimezone: 'Asia/Tokyo', outside: 'stop' } };
			const options = { sendingHours } as INodeParameters;
			const run = await on.run('send', sendTo(phone, 'Hi', { additionalFields: {}, options }));
			on.deliver();
			expect(said(run)).toContain("'Sending Hours'");
			expect(on.close.timesTexted(phone)).toBe(0);
		},
	);
});
