import type { IDataObject } from 'n8n-workflow';
import {
	toLeadMatch,
	withRecipient,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/withRecipient';
import type {
	OperationHandler,
	RoutingRequest,
} from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import { DEFAULT_OPTIONS } from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import { apiError } from '../../../../../fakeClose';
import { fakeItem, fakeRequest, fakeResponse, handlerContext } from '../../../../../fakeContext';

const TO = '+14155550177';
const contact = (id: string, lead_id: string | null, display_name?: string) => ({
	id,
	lead_id,
	display_name,
	phones: [{ phone: TO }],
});

describe('to whom a number belongs', () => {
	test('one contact: it and its lead', () => {
		expect(toLeadMatch([contact('cont_1', 'lead_1', 'Ann Lee')])).toEqual({
			fields: { lead_id: 'lead_1', contact_id: 'cont_1' },
			note: 'The contact was found by the number: Ann Lee, cont_1, lead_1.',
		});
	});

	test('several contacts of one lead: the lead', () => {
		expect(toLeadMatch([contact('cont_1', 'lead_1'), contact('cont_2', 'lead_1')])).toEqual({
			fields: { lead_id: 'lead_1' },
			note: 'The lead was found by the number: lead_1. 2 contacts have this number: cont_1, cont_2.',
		});
	});

	test('contacts of several leads: nobody is chosen', () => {
		expect(toLeadMatch([contact('cont_1', 'lead_1'), contact('cont_2', 'lead_2')])).toEqual({
			problem: 'belongs to several leads in Close (lead_1, lead_2)',
		});
	});

	test('five leads are named when a number belongs to many', () => {
		const many = Array.from({ length: 9 }, (_, n) => contact(`cont_${n}`, `lead_${n}`));
		expect(toLeadMatch(many)).toEqual({
			problem: 'belongs to several leads in Close (lead_0, lead_1, lead_2, lead_3, lead_4 …)',
		});
	});

	test('nobody', () => {
		expect(toLeadMatch([])).toEqual({ problem: 'belongs to nobody in Close' });
	});
});

interface Given {
	data?: object[];
	body?: IDataObject;
	unknownRecipient?: 'error' | 'sendWithoutLead';
	fails?: Error;
}

/** Handles one text; what the handler behind it is given. */
async function handle({
	data = [],
	body = {},
	unknownRecipient = 'sendWithoutLead',
	fails,
}: Given) {
	const handled: RoutingRequest[] = [];
	let searches = 0;
	const inner: OperationHandler = async ({ request }) => {
		handled.push(request);
		return [{ json: { id: 'acti_1' } }];
	};
	const request = fakeRequest('POST', '/activity/sms/', { remote_phone: TO, text: 'Hi', ...body });
	const items = await withRecipient(inner)(
		handlerContext({
			send: async () => {
				searches++;
				if (fails) throw fails;
				return fakeResponse({ data });
			},
			request,
			item: fakeItem({ options: { ...DEFAULT_OPTIONS, unknownRecipient } }),
		}),
	);
	return { body: handled[0].options.body, request: handled[0], searches, json: items[0].json };
}

test('what was found is in the request, and the note says so', async () => {
	const { body, request, json } = await handle({ data: [contact('cont_1', 'lead_1', 'Ann')] });
	expect(body).toEqual({
		remote_phone: TO,
		text: 'Hi',
		lead_id: 'lead_1',
		contact_id: 'cont_1',
	});
	expect(request.isRecipientFound).toBe(true);
	expect(json).toEqual({
		id: 'acti_1',
		_note: 'The contact was found by the number: Ann, cont_1, lead_1.',
	});
});

test.each([{ lead_id: 'lead_9' }, { contact_id: 'cont_9' }])(
	'with %j given nothing is looked up, changed or said',
	async (given) => {
		const { body, request, searches, json } = await handle({
			data: [contact('cont_1', 'lead_1')],
			body: given,
		});
		expect(body).toEqual({ remote_phone: TO, text: 'Hi', ...given });
		expect(request.isRecipientFound).toBeUndefined();
		expect(searches).toBe(0);
		expect(json).toEqual({ id: 'acti_1' });
	},
);

const UNCLEAR: Array<[string, Given, string]> = [
	['nobody has the number', {}, 'belongs to nobody in Close'],
	[
		'several leads have it',
		{ data: [contact('cont_1', 'lead_1'), contact('cont_2', 'lead_2')] },
		'belongs to several leads in Close (lead_1, lead_2)',
	],
	[
		'Close refuses the search',
		{ fails: apiError('403', 'Forbidden') },
		'could not be looked up in Close (Close refused this: Forbidden)',
	],
];

describe.each(UNCLEAR)('%s', (_, given, problem) => {
	test('by default it goes out without a lead, and the note says why', async () => {
		const { body, json } = await handle(given);
		expect(body).toEqual({ remote_phone: TO, text: 'Hi' });
		expect(json._note).toBe(
			`No lead was given: the number ${problem}, so Close decides where the SMS belongs.`,
		);
	});

	test('or it is an error, and nothing is sent', async () => {
		await expect(handle({ ...given, unknownRecipient: 'error' })).rejects.toMatchObject({
			message: `Not sent: the number in 'To' ${problem}`,
			facts: { next: expect.stringContaining("'If No Single Lead Matches'") },
		});
	});
});

test('a search that Close did not answer is an error of the item, whatever the option', async () => {
	const fails = apiError('500', 'Busy.');
	await expect(handle({ fails })).rejects.toBe(fails);
});
