import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import type { RunOptions } from '../../dev/engine/runNode';
import { setImmediate } from '../../dev/platform';
import { CONTACT_ID, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const MARIA = '+14155550101';
const NOBODY = '+14155550999';
const LEAD_ID = 'lead_bluebird00000000000000';
const SEARCH = { path: 'search' };

/** Sends a text to each number, with neither lead nor contact. */
const sendToAll = async (
	phones: string[],
	more: INodeParameters = {},
	options: Partial<RunOptions> = {},
) =>
	await sms.run(
		'send',
		sendTo('={{ $json.phone }}', '={{ "Hi " + $json.phone }}', { additionalFields: {}, ...more }),
		{ items: phones.map((phone) => ({ phone })), ...options },
	);

const searches = () => sms.close.requests.filter(({ path }) => path === '/data/search/');
const posts = () =>
	sms.close.requests
		.filter(({ method, path }) => method === 'POST' && path === '/activity/sms/')
		.map(({ body }) => body as IDataObject);
const textsTo = (phones: string[]) => {
	sms.deliver();
	return phones.map((phone) => sms.close.timesTexted(phone));
};
const noted = (json: IDataObject[]) => json.map(({ _note }) => _note);

/** Gives Maria so many more numbers. */
const numbersOfMaria = (count: number) => {
	const { maria } = sms.close.account.contacts;
	const phones = Array.from({ length: count }, (_, n) => `+1415556${String(1000 + n)}`);
	maria.phones.push(...phones.map((phone) => ({ ...maria.phones[0], phone })));
	return phones;
};
/** A number that contacts of two leads have. */
const sharedNumber = () => sms.close.account.contacts.sharedOne.phones[0].phone;

test('50 items: one search, each text with its lead and contact, each person texted once', async () => {
	const phones = numbersOfMaria(50);
	const { json, error } = await sendToAll(phones);

	expect(error).toBeUndefined();
	expect(searches()).toHaveLength(1);
	expect(
		posts().map(({ remote_phone, lead_id, contact_id }) => [remote_phone, lead_id, contact_id]),
	).toEqual(expect.arrayContaining(phones.map((phone) => [phone, LEAD_ID, CONTACT_ID])));
	expect(noted(json)).toEqual(
		Array(50).fill(`The contact was found by the number: Maria Santos, ${CONTACT_ID}, ${LEAD_ID}.`),
	);
	expect(textsTo(phones)).toEqual(Array(50).fill(1));
});

test('120 items: three searches', async () => {
	const phones = numbersOfMaria(120);
	const { error } = await sendToAll(phones);

	expect(error).toBeUndefined();
	expect(searches()).toHaveLength(3);
	expect(textsTo(phones)).toEqual(Array(120).fill(1));
});

test('a number of two contacts of one lead: the lead alone', async () => {
	const { maria, sam } = sms.close.account.contacts;
	sam.phones.push({ ...maria.phones[0] });
	const { json } = await sendToAll([MARIA]);

	expect(posts()).toMatchObject([{ lead_id: LEAD_ID }]);
	expect(posts()[0]).not.toHaveProperty('contact_id');
	expect(noted(json)).toEqual([expect.stringContaining('2 contacts have this number')]);
});

test('what Close finds is compared with the number: one that looks alike is nobody', async () => {
	const data = [{ id: 'cont_other', lead_id: 'lead_other', phones: [{ phone: `${NOBODY}0` }] }];
	sms.close.faults.order({ kind: 'status', status: 200, body: { data }, match: SEARCH });
	const { json } = await sendToAll([NOBODY]);

	expect(posts()[0]).not.toHaveProperty('lead_id');
	expect(posts()[0]).not.toHaveProperty('contact_id');
	expect(noted(json)).toEqual([expect.stringContaining('belongs to nobody in Close')]);
});

describe('no single lead', () => {
	const cases: Array<[string, () => string, string]> = [
		['nobody has the number', () => NOBODY, 'belongs to nobody in Close'],
		['two leads have it', sharedNumber, 'belongs to several leads in Close'],
		[
			'Close refuses the search',
			() => {
				sms.close.faults.order({ kind: 'status', status: 403, match: SEARCH, times: 9 });
				return MARIA;
			},
			'could not be looked up in Close',
		],
	];

	test.each(cases)(
		'%s: by default it goes out without a lead, and says so',
		async (_, to, words) => {
			const phone = to();
			const { json, error } = await sendToAll([phone]);

			expect(error).toBeUndefined();
			expect(posts()[0]).not.toHaveProperty('lead_id');
			expect(noted(json)).toEqual([expect.stringContaining(words)]);
			expect(textsTo([phone])).toEqual([1]);
		},
	);

	test.each(cases)('%s: as an error, nobody is texted', async (_, to, words) => {
		const phone = to();
		const run = await sendToAll([phone], { options: { unknownRecipient: 'error' } });

		expect(said(run)).toContain(`Not sent: the number in 'To' ${words}`);
		expect(posts()).toEqual([]);
		expect(textsTo([phone])).toEqual([0]);
	});

	test('a refused search is not sent again for each item', async () => {
		sms.close.faults.order({ kind: 'status', status: 403, match: SEARCH, times: 99 });
		const phones = numbersOfMaria(20);
		await sendToAll(phones);

		expect(searches()).toHaveLength(1);
		expect(textsTo(phones)).toEqual(Array(20).fill(1));
	});
});

test('an earlier text that went out without a lead is not sent again once the lead is known', async () => {
	const date_created = new Date(Date.now() - 60_000).toISOString().replace('Z', '000+00:00');
	const text = `Hi ${MARIA}`;
	sms.close.addSms({ remote_phone: MARIA, text, status: 'sent', date_created });
	const { json } = await sendToAll([MARIA], { options: { skipIfTextedWithin: 60 } });

	expect(noted(json)).toEqual([expect.stringContaining('Not sent again')]);
	expect(textsTo([MARIA])).toEqual([0]);
});

describe('a search that fails', () => {
	test('429: it is waited out, then all go on', async () => {
		const headers = { ratelimit: 'limit=16, remaining=0, reset=0.2' };
		sms.close.faults.order({ kind: 'status', status: 429, headers, match: SEARCH });
		const phones = numbersOfMaria(5);
		const { error } = await sendToAll(phones);

		expect(error).toBeUndefined();
		expect(searches()).toHaveLength(2);
		expect(textsTo(phones)).toEqual(Array(5).fill(1));
	});

	test.each(['html', 'resetBefore', 'cutJson', 'emptyBody'] as const)(
		'%s once: it is sent again, since it changes nothing',
		async (kind) => {
			sms.close.faults.order({ kind, match: SEARCH });
			const { error } = await sendToAll([MARIA]);

			expect(error).toBeUndefined();
			expect(posts()).toMatchObject([{ lead_id: LEAD_ID, contact_id: CONTACT_ID }]);
		},
	);

	test.each(ERROR_MODES)('for good, %s: an error, and nobody is texted', async (onError) => {
		sms.close.faults.order({ kind: 'status', status: 500, match: SEARCH, times: 99 });
		const phones = numbersOfMaria(3);
		const run = await sendToAll(phones, { options: { maxRetries: 0 } }, { node: { onError } });

		expect(said(run)).toMatch(/Close was busy or out of reach/);
		expect(said(run)).not.toMatch(/may have been/);
		expect(posts()).toEqual([]);
		expect(textsTo(phones)).toEqual([0, 0, 0]);
	});

	test('once, in the mode Continue: only the item that sent it has the error', async () => {
		sms.close.faults.order({ kind: 'status', status: 500, match: SEARCH });
		const phones = numbersOfMaria(3);
		const { json } = await sendToAll(
			phones,
			{ options: { maxRetries: 0 } },
			{ node: { onError: 'continueRegularOutput' } },
		);

		expect(json.map(({ error }) => error !== undefined)).toEqual([true, false, false]);
		expect(textsTo(phones)).toEqual([0, 1, 1]);
	});

	test('with Retry On Fail: the next try searches again', async () => {
		sms.close.faults.order({ kind: 'status', status: 500, match: SEARCH });
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const phones = numbersOfMaria(3);
		const { error } = await sendToAll(phones, { options: { maxRetries: 0 } }, { node });

		expect(error).toBeUndefined();
		expect(searches()).toHaveLength(2);
		expect(textsTo(phones)).toEqual([1, 1, 1]);
	});

	test('and the execution is cancelled meanwhile: it ends, and nobody is texted', async () => {
		const headers = { ratelimit: 'limit=16, remaining=0, reset=50' };
		sms.close.faults.order({ kind: 'status', status: 429, headers, match: SEARCH, times: 99 });
		const phones = numbersOfMaria(3);
		const onStart = (execution: { cancel(): void }) =>
			sms.close.observe(() => setImmediate(() => execution.cancel()));
		await sendToAll(phones, {}, { onStart }).catch(() => undefined);

		expect(posts()).toEqual([]);
		expect(textsTo(phones)).toEqual([0, 0, 0]);
	});
});

test('items that need no search do not overtake those that wait for one', async () => {
	const phones = numbersOfMaria(6);
	sms.close.faults.order({ kind: 'slow', delayMs: 300, match: SEARCH });
	const leadId = byId(`={{ $itemIndex % 2 ? "${LEAD_ID}" : "" }}`);
	await sendToAll(phones, { additionalFields: { leadId }, options: { maxConcurrency: 2 } });
	const order = posts().map(({ remote_phone: phone }) => phones.indexOf(String(phone)));

	// Two at a time.
	expect(order.slice(0, 2).sort()).toEqual([0, 1]);
	expect(searches()).toHaveLength(1);
});

test('a bad number among them: nothing is searched for and nobody is texted', async () => {
	const run = await sendToAll([MARIA, '555', NOBODY]);

	expect(said(run)).toMatch(/item 1/);
	expect(sms.close.requests).toEqual([]);
});

test('dry run: the search is listed, with what is assumed, and nothing is sent', async () => {
	const { json } = await sendToAll([MARIA], { options: { dryRun: true } });
	const [search, draft] = json[0].requests as IDataObject[];

	expect(search).toMatchObject({ method: 'POST', url: `${sms.close.baseUrl}/data/search/` });
	expect(JSON.stringify(search.body)).toContain(MARIA);
	expect(draft.body).toMatchObject({ lead_id: '{lead ID}', contact_id: '{contact ID}' });
	expect(json[0]._note).toContain('this assumes that one contact has it');
	expect(sms.close.requests).toEqual([]);
});
