import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { process } from '../../dev/platform';
import { fieldsOf, SHAPES, type Shape } from '../../dev/simulator/faults/misshape';
import { seededRandom } from '../../dev/simulator/faults/random';
import { pick } from './pick';
import { CONTACT_ID, DRAFT_ID, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();

/** How many responses each scenario is given in another shape; `all` tries every field in every shape. */
const PER_SCENARIO = process.env.SHAPES === 'all' ? Infinity : Number(process.env.SHAPES ?? 6);
const SEED = Number(process.env.SHAPES_SEED ?? 1);

/** The fields of responses that the node reads, and lists and objects that hold them. */
const READ = new Set(
	`activity_at attachments contact_id cursor data date_created date_scheduled date_sent direction display_name download
	error_message fields has_more id lead_id local_phone name number outbound_sms_blocked phone phones remote_phone status
	template_id text timezone tz_ids type upload url addresses first_name last_name email label sms_enabled`.split(
		/\s+/,
	),
);
const isRead = (at: string) => {
	const name = at.split('.').at(-1)!;
	return at === '' || /^\d+$/.test(name) || READ.has(name);
};

/** What JavaScript says of a value that is not what the code took it for. */
const RAW =
	/TypeError|RangeError|Cannot (read|use|convert|set|destructure)|is not (a function|iterable|an object)|undefined|Invalid time|\[object |NaN/;

type Scenario = () => Promise<string>;
const PHONE = '+14155550101';
const quick = { maxRetries: 0, giveUpAfter: 5 };
const run =
	(operation: string, parameters: () => INodeParameters): Scenario =>
	async () =>
		said(
			await on.run(operation, {
				...parameters(),
				options: { ...quick, ...(parameters().options as object) },
			}),
		);
const picked =
	(...asked: Parameters<typeof pick>): Scenario =>
	async () => {
		try {
			return JSON.stringify((await pick(...asked)).results.map(({ name }) => name));
		} catch (error) {
			return (error as Error).message;
		}
	};
const person = (mode: string, value: string) => ({ person: { __rl: true, mode, value } });

const SCENARIOS: Record<string, Scenario> = {
	'Send with all options': run('send', () => ({
		...sendTo(PHONE, 'Hi', { additionalFields: {} }),
		options: {
			checkOptOut: true,
			skipIfTextedWithin: 60,
			waitUntilSent: 1,
			sendingHours: { hours: { from: '00:00', to: '24:00', zone: 'recipient' } },
		},
	})),
	'Send with the other Skip options': run('send', () => ({
		...sendTo(PHONE, 'Hi', { additionalFields: {} }),
		options: { skipIfTextedAnythingWithin: 60, skipNumbersThatFailed: true, maxSegments: 1 },
	})),
	'Send to a contact': run('send', () => ({
		...sendTo(PHONE, 'Hi', { additionalFields: {} }),
		to: { __rl: true, mode: 'contact', value: CONTACT_ID },
		options: { skipNumbersThatFailed: true, countryCode: '1' },
	})),
	'Send to a picked person': run('send', () => ({
		...sendTo(PHONE, 'Hi', { additionalFields: {} }),
		to: { __rl: true, mode: 'list', value: `${CONTACT_ID}|${PHONE}` },
	})),
	'Send Draft': run('sendDraft', () => ({ smsId: byId(DRAFT_ID), options: { checkOptOut: true } })),
	Schedule: run('schedule', () => ({ smsId: byId(DRAFT_ID), sendAt: '2035-01-01T12:00:00Z' })),
	Cancel: run('cancel', () => ({ smsId: byId('acti_scheduled0000000000000') })),
	Update: run('update', () => ({
		smsId: byId(DRAFT_ID),
		updateFields: { status: 'outbox', text: 'Hi' },
	})),
	Get: run('get', () => ({ smsId: byId(DRAFT_ID), output: 'simplified' })),
	'Get Many': run('getAll', () => ({
		filters: { textContains: 'a', direction: 'outbound' },
		output: 'simplified',
	})),
	'Get Conversation by contact': run('getConversation', () => ({
		...person('contact', CONTACT_ID),
		format: 'messages',
	})),
	'Get Conversation by SMS': run('getConversation', () => person('sms', DRAFT_ID)),
	getPeople: picked('getPeople'),
	'getPeople by word': picked('getPeople', { filter: 'Maria' }),
	getContacts: picked('getContacts'),
	getLeads: picked('getLeads'),
	getSmsActivities: picked('getSmsActivities'),
	getTemplates: picked('getTemplates'),
	getUsers: picked('getUsers'),
	getPhoneNumbers: picked('getPhoneNumbers'),
};

interface Exchange {
	nth: number;
	body: string;
}

const restart = () => {
	on.close.reset();
	on.close.addApiKey();
};

/** The responses that a scenario gets, in turn. */
async function record(scenario: Scenario): Promise<Exchange[]> {
	restart();
	const bodies: string[] = [];
	on.close.observe(({ body }) => void bodies.push(String(body)));
	await scenario();
	return bodies.map((body, nth) => ({ nth, body }));
}

const parse = (body: string): unknown => {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
};

test.each(Object.keys(SCENARIOS))(
	'%s: a response with a field in another shape never shows a person an error of JavaScript',
	async (name) => {
		const scenario = SCENARIOS[name];
		const random = seededRandom(SEED);
		const cases: Array<{ nth: number; at: string; as: Shape; order: number }> = [];
		for (const { nth, body } of await record(scenario))
			for (const at of fieldsOf(parse(body)).filter(isRead))
				for (const as of SHAPES) cases.push({ nth, at, as, order: random() });
		cases.sort((one, other) => one.order - other.order);
		const raw: string[] = [];
		for (const { nth, at, as } of cases.slice(0, PER_SCENARIO)) {
			restart();
			on.close.faults.order({ kind: 'altered', after: nth, misshape: { at, as } });
			const words = await scenario();
			if (RAW.test(words)) raw.push(`response ${nth + 1}, ${at || 'all of it'}, ${as}: ${words}`);
		}
		expect(cases.length).toBeGreaterThan(5);
		expect(raw).toEqual([]);
	},
	900_000,
);
