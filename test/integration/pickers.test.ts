import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { byId, byUrl } from '../../dev/locators';
import { seedAccount } from '../../dev/simulator/account/account';
import type { Contact } from '../../dev/simulator/types';
import { simulatorCredential } from '../../dev/simulator/credential';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { pick } from './pick';
import { setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

const names = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);
const asked = () => sms.wire().map(({ method, path }) => `${method} ${path}`);

describe('leads', () => {
	test('without a word: the list, no more of each than is shown', async () => {
		const { bluebird } = sms.close.account.leads;
		expect(await pick('getLeads')).toEqual({
			results: expect.arrayContaining([
				{
					name: 'Bluebird Cafe',
					value: bluebird.id,
					url: `https://app.close.com/lead/${bluebird.id}/`,
				},
			]),
		});
		expect(sms.wire()).toMatchObject([
			{ method: 'GET', path: '/lead/', query: { _fields: 'id,display_name', _limit: '100' } },
		]);
	});

	test('with a word: Close searches, by the beginnings of words', async () => {
		expect(names(await pick('getLeads', { filter: ' north bo' }))).toEqual(['Northwind Books']);
		expect(asked()).toEqual(['POST /data/search/']);
	});

	test.each([[400], [403], [404]])(
		'where searching is refused with %i the list is read and filtered',
		async (status) => {
			sms.close.faults.order({ kind: 'status', status, match: { path: 'search' } });
			expect(names(await pick('getLeads', { filter: 'WIND' }))).toEqual(['Northwind Books']);
			expect(asked()).toEqual(['POST /data/search/', 'GET /lead/']);
		},
	);

	test('what is found beyond a page follows by its cursor, until that has died', async () => {
		const first = { data: [{ id: 'lead_1', display_name: 'One' }], cursor: 'cursor_1' };
		sms.close.faults.order({ kind: 'status', status: 200, body: first, match: { path: 'search' } });
		const { paginationToken } = await pick('getLeads', { filter: 'one' });
		expect(paginationToken).toBe('cursor_1');

		expect(await pick('getLeads', { filter: 'one', paginationToken })).toEqual({ results: [] });
		expect(sms.close.requests[1].body).toMatchObject({ cursor: 'cursor_1' });
		expect(sms.close.requests[1].status).toBe(400);
	});
});

describe('contacts', () => {
	const { optedOut, landline } = { optedOut: 'Olga Petrov', landline: 'Lars Holm' };
	const ofNorthwind = [
		`${optedOut} (+1 415-555-0104 must not be texted)`,
		`${landline} (+1 415-555-0105)`,
	];

	test.each<[string, (lead: string) => INodeParameters]>([
		['create', (lead) => ({ operation: 'create', leadId: byId(lead) })],
		['update', (lead) => ({ operation: 'update', updateFields: { leadId: byId(lead) } })],
		['getAll', (lead) => ({ operation: 'getAll', filters: { leadId: byId(lead) } })],
	])(
		'of the lead that is chosen for %s, with numbers and who must not be texted',
		async (_, at) => {
			const parameters = at(sms.close.account.leads.northwind.id);
			expect(names(await pick('getContacts', { parameters }))).toEqual(ofNorthwind);
			expect(names(await pick('getContacts', { parameters, filter: '0105' }))).toEqual([
				ofNorthwind[1],
			]);
		},
	);

	test('of the lead of the text that is updated, when it is not moved to another', async () => {
		const activity = sms.close.addSms({ lead_id: sms.close.account.leads.northwind.id });
		const smsId = byUrl(`https://app.close.com/x/#activity=${activity.id}`);
		const parameters = { operation: 'update', smsId, updateFields: {} };
		expect(names(await pick('getContacts', { parameters }))).toEqual(ofNorthwind);
	});

	test.each<[string, INodeParameters]>([
		['no lead is chosen', { operation: 'create', leadId: byId('') }],
		['an expression gives the lead', { operation: 'create', leadId: byId('={{ $json.lead_id }}') }],
	])('of all leads when %s, by search', async (_, parameters) => {
		expect((await pick('getContacts', { parameters })).results).toHaveLength(
			Object.keys(sms.close.account.contacts).length,
		);
		expect(names(await pick('getContacts', { parameters, filter: 'tanaka' }))).toEqual([
			'Emma Tanaka (+44 7700 900101)',
			'Kenji Tanaka (no phone)',
		]);
		expect(asked()).toEqual(['GET /contact/', 'POST /data/search/']);
	});
});

describe('people to text', () => {
	const { maria, sam, optedOut } = seedAccount().contacts;
	const number = (contact: Contact, index = 0) => contact.phones[index].phone;

	test('one item for each number, with the contact and the number as its value', async () => {
		const { results } = await pick('getPeople');
		expect(results).toContainEqual({
			name: 'Maria Santos, Bluebird Cafe (mobile +1 415-555-0101)',
			value: `${maria.id}|${number(maria)}`,
			url: `https://app.close.com/lead/${maria.lead_id}/`,
		});
		expect(results.map(({ value }) => value)).toEqual(
			expect.arrayContaining([`${sam.id}|${number(sam)}`, `${sam.id}|${number(sam, 1)}`]),
		);
		expect(results.filter(({ name }) => name.startsWith('Kenji'))).toEqual([]);
		expect(sms.wire()).toMatchObject([
			{ path: '/contact/', query: { _fields: 'id,display_name,lead_id,phones', _limit: '100' } },
			{ path: '/data/search/', body: { _fields: { lead: ['id', 'display_name'] } } },
		]);
	});

	test('a number that must not be texted is marked, and last', async () => {
		const { results } = await pick('getPeople');
		expect(results[results.length - 1]).toMatchObject({
			name: 'Olga Petrov, Northwind Books (mobile +1 415-555-0104, must not be texted)',
			value: `${optedOut.id}|${number(optedOut)}`,
		});
		expect(results.filter(({ name }) => name.includes('must not'))).toHaveLength(1);
	});

	test('by name, with one search for people and one for their companies', async () => {
		expect(names(await pick('getPeople', { filter: 'mar' }))).toEqual([
			'Maria Santos, Bluebird Cafe (mobile +1 415-555-0101)',
		]);
		expect(asked()).toEqual(['POST /data/search/', 'POST /data/search/']);
	});

	test('two people of one name, and two numbers of one person, can be told apart', async () => {
		const sams = names(await pick('getPeople', { filter: 'sam' }));
		expect(sams).toEqual([
			'Sam Reyes, Bluebird Cafe (mobile +1 415-555-0102)',
			'Sam Reyes, Bluebird Cafe (office +1 206-555-0103)',
		]);
	});

	test('where Close gives no companies, the list comes without them', async () => {
		sms.close.faults.order({ kind: 'status', status: 429, match: { path: 'search' }, times: 1 });
		const { results } = await pick('getPeople');
		expect(results).toContainEqual(
			expect.objectContaining({ name: 'Maria Santos (mobile +1 415-555-0101)' }),
		);
	});

	test.each(['+12065550103', '+1 (206) 555', '206-555-0103', '2065550103', '12065550103'])(
		'by the number %p, with one search, and one for the company',
		async (filter) => {
			expect((await pick('getPeople', { filter })).results).toMatchObject([
				{ value: `${sam.id}|${number(sam, 1)}` },
			]);
			expect(asked()).toEqual(['POST /data/search/', 'POST /data/search/']);
		},
	);

	test('of the lead that is chosen, by name or any digits', async () => {
		const leadId = byId(sms.close.account.leads.bluebird.id);
		const parameters = { operation: 'send', additionalFields: { leadId } };
		expect((await pick('getPeople', { parameters })).results).toHaveLength(3);
		expect(names(await pick('getPeople', { parameters, filter: 'SAM' }))).toHaveLength(2);
		expect(names(await pick('getPeople', { parameters, filter: '555-0103' }))).toEqual([
			'Sam Reyes, Bluebird Cafe (office +1 206-555-0103)',
		]);
		expect(asked().filter((one) => one.startsWith('GET'))).toEqual(Array(3).fill('GET /contact/'));
	});

	test('one letter filters the list, because searches are limited more', async () => {
		expect(names(await pick('getPeople', { filter: 'm' })).length).toBeGreaterThan(1);
		expect(asked()).toEqual(['GET /contact/', 'POST /data/search/']);
	});

	test('where Close refuses the search, the list is read and filtered', async () => {
		sms.close.faults.order({ kind: 'status', status: 400, match: { path: 'search' } });
		expect((await pick('getPeople', { filter: '206 555' })).results).toMatchObject([
			{ value: `${sam.id}|${number(sam, 1)}` },
		]);
	});
});

test('phone numbers: only those that can text, with country and MMS; the value is the number', async () => {
	expect(await pick('getPhoneNumbers')).toEqual({
		results: [
			{ name: 'Office: +1 415-555-0100 (US, SMS and MMS)', value: '+14155550100' },
			{ name: '+1 206-555-0111 (US, SMS only)', value: '+12065550111' },
			{ name: 'London: +44 7700 900100 (GB, SMS only)', value: '+447700900100' },
		],
	});
	expect(names(await pick('getPhoneNumbers', { filter: 'gb' }))).toEqual([
		'London: +44 7700 900100 (GB, SMS only)',
	]);
});

test('templates: archived ones only where templates are edited', async () => {
	const parameters = { resource: 'smsTemplate' };
	expect(names(await pick('getTemplates', { parameters, filter: 'archived' }))).toEqual([
		'Summer sale 2024 (archived): Our summer sale is on.',
	]);
});

test('templates: not those that are archived', async () => {
	const { results } = await pick('getTemplates');
	expect(results.map(({ value }) => value)).toEqual([
		sms.close.account.templates.reminder.id,
		sms.close.account.templates.thanks.id,
	]);
	expect(names(await pick('getTemplates', { filter: 'choosing' }))).toEqual([
		'Thank you: Thank you for choosing Harbor Roofing.',
	]);
});

test('users', async () => {
	expect(names(await pick('getUsers'))).toEqual([
		'Ada Okafor (ada@harbor-roofing.example)',
		'Ben Lindqvist (ben@harbor-roofing.example)',
	]);
	expect(names(await pick('getUsers', { filter: 'lind' }))).toHaveLength(1);
	expect(sms.close.requests[0]).toMatchObject({ unknownQuery: [] });
});

describe('SMS activities', () => {
	const without = [
		'Draft to +14155550101: Hi Maria, we will be there on Thursday a…',
		'Scheduled for 2036-03-03 12:00 to +14155550102: Ten years ago we fixed your roof. Time f…',
		'Failed to +14155550105: Your estimate is ready.',
		'Sent to +14155550101: Thursday at 10 works.',
		'Received from +14155550101: Can you come on Thursday?',
	];

	test('what can still be changed first, with names, times in the zone of the workflow', async () => {
		expect(names(await pick('getSmsActivities', { timezone: 'America/New_York' }))).toEqual([
			'Draft to Maria Santos (+14155550101): Hi Maria, we will be there on Thursday a…',
			'Scheduled for 2036-03-03 12:00 to Sam Reyes (+14155550102): Ten years ago we fixed your roof. Time f…',
			'Failed to Lars Holm (+14155550105): Your estimate is ready.',
			'Sent to Maria Santos (+14155550101): Thursday at 10 works.',
			'Received from Maria Santos (+14155550101): Can you come on Thursday?',
		]);
		expect(asked()).toEqual(['GET /activity/sms/', 'POST /data/search/']);
	});

	test('are found by the name of the person', async () => {
		expect(names(await pick('getSmsActivities', { filter: 'sam r' }))).toEqual([
			expect.stringContaining('Sam Reyes'),
		]);
	});

	test.each([
		[429, { ratelimit: 'limit=16, remaining=0, reset=8' }],
		[403, undefined],
	])('without names, after one attempt, when the search gives %i', async (status, headers) => {
		sms.close.faults.order({ kind: 'status', status, headers, match: { path: 'search' } });
		expect(names(await pick('getSmsActivities', { timezone: 'America/New_York' }))).toEqual(
			without,
		);
		expect(asked()).toEqual(['GET /activity/sms/', 'POST /data/search/']);
	});
});

describe('pages', () => {
	const fill = (texts: number) => {
		for (let i = 0; i < texts; i++) sms.close.addSms({ text: `Text ${i}`, remote_phone: null });
	};

	test('each is listed once, the last one has no next', async () => {
		fill(245);
		const values: unknown[] = [];
		let paginationToken: string | undefined;
		do {
			const page = await pick('getSmsActivities', { paginationToken });
			values.push(...page.results.map(({ value }) => value));
			({ paginationToken } = page);
		} while (paginationToken);

		expect(values).toHaveLength(250);
		expect(new Set(values)).toEqual(new Set(sms.close.allSms().map(({ id }) => id)));
	});

	test.each([
		['one of those that are listed is deleted', () => 0],
		['the last that is listed is deleted', () => 99],
		['a new one comes in', () => undefined],
	])('%s before the editor asks for more: none of the others is missing', async (_, deleted) => {
		fill(245);
		const all = sms.close.allSms();
		const first = await pick('getSmsActivities');
		const index = deleted();
		if (index === undefined) sms.close.addSms({ text: 'new' });
		else sms.close.somebody.deletes(all[index].id);
		const pages = [first];
		for (let page = first; page.paginationToken; pages.push(page))
			page = await pick('getSmsActivities', page);
		const values = pages.flatMap(({ results }) => results.map(({ value }) => value));
		expect(all.filter(({ id }) => !values.includes(id))).toEqual([]);
	});

	test('a word is looked for on later pages too, five at a time', async () => {
		fill(600);
		const first = await pick('getSmsActivities', { filter: 'Hi Maria' });
		expect(first).toEqual({
			results: [],
			paginationToken: expect.stringMatching(/^496:acti_/) as string,
		});
		expect(sms.close.requests).toHaveLength(5);

		const next = await pick('getSmsActivities', { filter: 'Hi Maria', ...first });
		expect(next.results).toHaveLength(1);
	});
});

describe('what the editor shows in the place of the list', () => {
	test.each<[string, object, object]>([
		[
			'a wrong key',
			// n8n asks once more after a 401.
			{ kind: 'status', status: 401, body: { error: 'Unauthorized' }, times: 2 },
			{
				message:
					'Close did not return the list: it does not know this key or token, or its user lacks the permission (Unauthorized)',
				description: expect.stringContaining('Test the credential'),
				httpCode: '401',
			},
		],
		[
			'too many requests',
			{
				kind: 'status',
				status: 429,
				body: { error: 'Too many requests.' },
				headers: { ratelimit: 'limit=16, remaining=0, reset=60' },
			},
			{
				message: 'Close did not return the list: Too many requests.',
				description: expect.stringContaining('open the list again'),
			},
		],
		[
			'a web page',
			{ kind: 'html', status: 200, times: 4 },
			{ message: 'Close did not return the list: a response that is not JSON' },
		],
		[
			'a broken connection',
			{ kind: 'resetBefore', times: 4 },
			{ message: 'Close did not return the list: ECONNRESET' },
		],
	])('%s', async (_, fault, error) => {
		sms.close.faults.order(fault as Parameters<typeof sms.close.faults.order>[0]);
		await expect(pick('getUsers')).rejects.toMatchObject(error);
	});

	test('the key is in none of it', async () => {
		const credential = simulatorCredential(sms.close, 'api_x.very-private');
		const error = await pick('getUsers', { credential }).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			message:
				'Close did not return the list: it does not know this key or token, or its user lacks the permission (Unauthorized)',
		});
		expect(JSON.stringify(error)).not.toMatch(/very-private|Authorization/);
	});
});

describe('the request', () => {
	let other: Simulator;
	beforeAll(async () => {
		other = await startSimulator();
	});
	afterAll(async () => await other.stop());

	test('names this package to Close', async () => {
		await pick('getUsers');
		expect(sms.close.requests[0].headers).toMatchObject({ 'user-agent': 'n8n-nodes-close-sms' });
	});

	test('follows no redirect: no other host gets the key', async () => {
		const location = `${other.baseUrl}/user/`;
		sms.close.faults.order({ kind: 'status', status: 302, headers: { location } });
		await expect(pick('getUsers')).rejects.toMatchObject({ httpCode: '302' });
		expect(other.requests).toEqual([]);
	});

	test.each([
		{ kind: 'status', status: 500 },
		{ kind: 'status', status: 502 },
		{ kind: 'resetBefore' },
		{ kind: 'html', status: 200 },
		{ kind: 'cutJson' },
	] as const)('is a read, so it is sent again after %j, and the list is shown', async (fault) => {
		sms.close.faults.order({ ...fault, times: 2 });
		expect((await pick('getUsers')).results).not.toEqual([]);
		expect(sms.close.requests.filter(({ path }) => path === '/user/')).toHaveLength(3);
	});

	test('a search by POST is a read too', async () => {
		sms.close.faults.order({ kind: 'status', status: 502, match: { path: 'search' } });
		expect((await pick('getLeads', { filter: 'blue' })).results).not.toEqual([]);
		expect(sms.close.requests).toHaveLength(2);
	});

	test('is sent again when Close is unavailable', async () => {
		const headers = { 'retry-after': '0' };
		sms.close.faults.order({ kind: 'status', status: 503, headers, times: 3 });
		expect(names(await pick('getUsers'))).toHaveLength(2);
		expect(sms.close.requests).toHaveLength(4);
	});

	test('fast typing meets the limit of searches, and each word is found in the end', async () => {
		sms.close.rateLimit.set({ limit: 3, windowSeconds: 1 });
		const words = ['nor', 'nort', 'north', 'northw', 'northwi', 'northwin'];
		const found = words.map(async (filter) => names(await pick('getLeads', { filter })));
		expect(await Promise.all(found)).toEqual(words.map(() => ['Northwind Books']));
		expect(sms.close.rateLimit.refused).toBeGreaterThan(0);
	});
});
