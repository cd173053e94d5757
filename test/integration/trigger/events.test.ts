import { names, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
const ALL = [
	'received',
	'sent',
	'failed',
	'scheduled',
	'canceled',
	'draftCreated',
	'updated',
	'deleted',
	'optedOut',
	'optedIn',
];
const HOUR = 3_600_000;
const inHours = (hours: number) =>
	new Date(trigger.close.clock.now().getTime() + hours * HOUR).toISOString();
const maria = () => trigger.close.account.contacts.maria.phones[0].phone;
const fields = (status: string) => ({
	status,
	lead_id: trigger.close.account.leads.bluebird.id,
	remote_phone: maria(),
	local_phone: trigger.close.account.phoneNumbers.main.number,
	text: 'See you at noon?',
});
const create = async (status: string, more: object = {}) =>
	(await trigger.api.post('/activity/sms/', { ...fields(status), ...more })).data.id as string;
const put = async (id: string, body: object) => await trigger.api.put(`/activity/sms/${id}/`, body);
const unreachable = () => Object.keys(trigger.close.account.unreachable)[0];

interface Story {
	happens: () => Promise<unknown>;
	/** What it is, told to who wants everything. */
	events: string[];
	/** How often Close says "updated". */
	updates: number;
	/** How many texts came in, which Close delivers for any of them: it cannot look for words. */
	inbound?: number;
}

const STORIES: Record<string, Story> = {
	'a person texts': {
		happens: async () => trigger.close.receive({ from: maria(), text: 'Yes' }),
		events: ['received'],
		inbound: 1,
		updates: 0,
	},
	'a person opts out': {
		happens: async () => trigger.close.receive({ from: maria(), text: 'Stop.' }),
		events: ['optedOut'],
		inbound: 1,
		updates: 0,
	},
	'a person opts in again': {
		happens: async () => {
			for (const text of ['STOP', ' yes', 'Start']) {
				trigger.close.receive({ from: maria(), text });
				trigger.close.clock.advance(1000);
			}
		},
		events: ['optedIn', 'optedIn', 'optedOut'],
		inbound: 3,
		updates: 0,
	},
	'a received text is logged': {
		happens: async () => await create('inbox'),
		events: ['received'],
		inbound: 1,
		updates: 0,
	},
	'a draft is written': {
		happens: async () => await create('draft'),
		events: ['draftCreated'],
		updates: 0,
	},
	'a sent text is logged': { happens: async () => await create('sent'), events: [], updates: 0 },
	'a text is created and goes out': {
		happens: async () => {
			await create('outbox');
			await trigger.carry();
		},
		events: ['sent', 'updated'],
		updates: 1,
	},
	'a text cannot be sent': {
		happens: async () => {
			await create('outbox', { remote_phone: unreachable() });
			await trigger.carry();
		},
		events: ['failed'],
		updates: 1,
	},
	'a draft is sent and fails': {
		happens: async () => {
			await put(await create('draft', { remote_phone: unreachable() }), { status: 'outbox' });
			await trigger.carry();
		},
		events: ['draftCreated', 'failed'],
		updates: 1,
	},
	'a text is created as scheduled': {
		happens: async () => await create('scheduled', { date_scheduled: inHours(2) }),
		events: ['scheduled'],
		updates: 0,
	},
	'a draft is scheduled': {
		happens: async () =>
			await put(await create('draft'), { status: 'scheduled', date_scheduled: inHours(2) }),
		events: ['draftCreated', 'scheduled'],
		updates: 1,
	},
	'a scheduled text is moved': {
		happens: async () => {
			const id = await create('scheduled', { date_scheduled: inHours(2) });
			await put(id, { status: 'draft' });
			await put(id, { status: 'scheduled', date_scheduled: inHours(3) });
		},
		events: ['scheduled', 'scheduled'],
		updates: 1,
	},
	'a scheduled text is canceled': {
		happens: async () => {
			const id = await create('scheduled', { date_scheduled: inHours(2) });
			await put(id, { status: 'draft' });
		},
		events: ['canceled', 'scheduled'],
		updates: 1,
	},
	'a text about to go out is canceled': {
		happens: async () => await put(await create('outbox'), { status: 'draft' }),
		events: ['canceled'],
		updates: 1,
	},
	'a draft is scheduled and canceled before Close tells of it': {
		happens: async () => {
			const id = await create('draft');
			await put(id, { status: 'scheduled', date_scheduled: inHours(2) });
			await put(id, { status: 'draft' });
		},
		events: ['draftCreated', 'updated'],
		updates: 1,
	},
	'a draft is edited': {
		happens: async () => await put(await create('draft'), { text: 'At one?' }),
		events: ['draftCreated', 'updated'],
		updates: 1,
	},
	'a draft is deleted': {
		happens: async () => await trigger.api.delete(`/activity/sms/${await create('draft')}/`),
		events: ['deleted', 'draftCreated'],
		updates: 0,
	},
};

const OF_RECEIVED = ['received', 'optedOut', 'optedIn'];

describe.each(Object.entries(STORIES))('%s', (_, { happens, events, updates, inbound = 0 }) => {
	test('is told by its names to who wants everything', async () => {
		const workflow = await trigger.active({ events: ALL, ignoreOwnChanges: false });
		await happens();
		await trigger.deliver();
		expect(names(workflow).sort()).toEqual(events);
	});

	test.each(ALL)(
		'is told to who wants "%s" only if it is that, and Close filters it',
		async (event) => {
			const workflow = await trigger.active({ events: [event], ignoreOwnChanges: false });
			await happens();
			await trigger.deliver();
			const times =
				event === 'updated'
					? updates
					: event === 'received'
						? inbound
						: events.filter((one) => one === event).length;
			expect(names(workflow)).toEqual(Array(times).fill(event));
			expect(trigger.close.webhooks.deliveries).toHaveLength(
				OF_RECEIVED.includes(event) ? inbound : times,
			);
		},
	);
});
