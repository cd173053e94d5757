import { DateTime } from 'luxon';

import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { nodeOf } from '../../dev/n8n/workflows';
import { startSimulator, type Simulator, type SmsActivity } from '../../dev/simulator';
import { ended, n8n } from './n8n';
import { ALL_DAY, preparedExample } from './preparedExample';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});
beforeEach(() => close.reset());
afterAll(async () => await close.stop());

/** Runs a workflow by hand; returns the execution's id. */
const run = async (workflow: WorkflowJson) => {
	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	const execution = await n8n.runWorkflow(id, 'Run by hand');
	expect((await ended(id)).status).toBe('success');
	return execution;
};

describe('the recipients of a Smart View', () => {
	const prepared = async (view: { id: string }) => {
		const workflow = await preparedExample('recipients-of-a-smart-view.json', close);
		const get = nodeOf(workflow, 'Smart View').parameters;
		get.url = String(get.url).replace('save_…', view.id);
		return workflow;
	};
	/** One number of each contact; without Olga, who must not be texted, Kenji, who has none, and a number that two have. */
	const numbers = () => {
		const { contacts } = close.account;
		const all = Object.values(contacts)
			.filter(({ phones }) => phones.length > 0 && !phones.some((one) => one.outbound_sms_blocked))
			.map(({ phones }) => (phones.find(({ type }) => type === 'mobile') ?? phones[0]).phone);
		return [...new Set(all)].sort();
	};

	test.each(['everybody', 'leads'] as const)(
		'%s: a look at one text for each number, and nobody is texted',
		async (view) => {
			const execution = await run(await prepared(close.account.smartViews[view]));
			const looks = await n8n.output(execution, 'Text them');

			const bodies = looks.map(({ requests }) => (requests as Array<{ body?: unknown }>)[0].body);
			expect(bodies).toHaveLength(numbers().length);
			expect(JSON.stringify(bodies)).not.toContain(close.account.contacts.optedOut.phones[0].phone);
			expect(close.texted).toEqual([]);
			expect(close.requests.map(({ path }) => path)).toEqual([
				`/saved_search/${close.account.smartViews[view].id}/`,
				'/data/search/',
			]);
		},
	);

	test('in pages: everybody, once each; and without Dry Run they are texted', async () => {
		const workflow = await prepared(close.account.smartViews.everybody);
		const find = nodeOf(workflow, 'Who is in it').parameters;
		find.jsonBody = String(find.jsonBody).replace('_limit: 100', '_limit: 4');
		const { options } = nodeOf(workflow, 'Text them').parameters as { options: object };
		nodeOf(workflow, 'Text them').parameters.options = {
			...options,
			dryRun: false,
			sendingHours: ALL_DAY,
		};
		const execution = await run(workflow);
		close.clock.advance(60_000);

		const searches = close.requests.filter(({ body }) => body && '_limit' in (body as object));
		expect(searches.length).toBeGreaterThan(3);
		// One is a landline, and one is in a country that this number cannot text.
		const british = close.account.contacts.british.phones[0].phone;
		const [landline] = Object.keys(close.account.unreachable);
		expect(close.texted.map(({ remotePhone }) => remotePhone).sort()).toEqual(
			numbers().filter((one) => one !== british && one !== landline),
		);
		expect(await n8n.output(execution, 'Not texted')).toMatchObject([
			{
				error: {
					message: expect.stringContaining('cannot send SMS to GB') as string,
					outcome: 'partlyDone',
				},
			},
		]);
		expect(close.texted).toContainEqual(
			expect.objectContaining({
				remotePhone: '+14155550101',
				text: expect.stringMatching(/^Hi Maria,/) as string,
			}),
		);
	});
});

describe("yesterday's SMS by member of the team", () => {
	test('how many, and what they cost; nothing of other days', async () => {
		const workflow = await preparedExample('sms-of-a-day-by-team-member.json', close);
		const yesterday = DateTime.now().setZone(workflow.settings!.timezone).minus({ days: 1 });
		const { ada, ben } = close.account.users;
		const text = (user_id: string | null, more: Partial<SmsActivity>, day = yesterday) =>
			close.addSms({
				status: 'sent',
				direction: 'outbound',
				user_id,
				date_created: day.toUTC().toISO()!,
				...more,
			});
		text(ada.id, { cost: '1' });
		text(ada.id, { cost: '2.5' });
		text(ada.id, { status: 'inbox', direction: 'inbound', cost: null });
		text(ada.id, { status: 'draft', cost: null });
		text(ben.id, { status: 'error', cost: null }, yesterday.startOf('day'));
		text(null, { status: 'inbox', direction: 'inbound', cost: '75' }, yesterday.endOf('day'));
		text(ben.id, { cost: '9' }, yesterday.minus({ days: 1 }));
		text(ben.id, { cost: '9' }, yesterday.plus({ days: 1 }));
		const execution = await run(workflow);

		expect(await n8n.output(execution, 'Readable')).toEqual(
			expect.arrayContaining([
				{ member: 'Ada Okafor', sent: 2, received: 1, failed: 0, dollars: 0.04 },
				{ member: 'Ben Lindqvist', sent: 0, received: 0, failed: 1, dollars: 0 },
				{ member: 'Nobody', sent: 0, received: 1, failed: 0, dollars: 0.75 },
			]),
		);
		expect(await n8n.output(execution, 'Readable')).toHaveLength(3);
	});
});
