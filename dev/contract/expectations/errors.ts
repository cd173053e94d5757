import { closeErrorMessage } from '../../../nodes/shared/errors/closeErrorMessage';
import type { Exchange } from '../closeClient';
import { expectStatus, expectThat } from '../expect';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import { smsPath } from '../probe';
import { CODE, CONCLUDED, DOCS } from './sources';

const WORDS = 'nodes/shared/errors/closeErrorMessage.ts';
const SIMULATED = 'dev/simulator/http/errors.ts';

/** An ID of the right form that belongs to nothing. */
const UNKNOWN = 'acti_12345678901234567890123456789012345678901234';

/** @throws Difference unless the answer names the field under `field-errors` */
function expectFieldError(answer: Exchange, field: string) {
	expectStatus(answer, 400);
	const fields = (answer.body as Record<string, object> | undefined)?.['field-errors'] ?? {};
	expectThat(
		field in fields,
		finding`the body does not name ${literal(field)} under "field-errors": ${answer.body}`,
	);
	return finding`${answer.body}`;
}

export const errors = group('errors', [
	{
		name: 'unknown-id-is-404',
		title: 'An SMS that does not exist is answered with 404',
		source: DOCS.http,
		mark: 'confirmed',
		restsOn: ['nodes/shared/retryPolicy.ts', 'nodes/shared/errors/closeError.ts', SIMULATED],
		steps: async (close) => expectStatus(await close.get(smsPath(UNKNOWN)), 404),
	},
	{
		name: 'errors-can-be-read',
		title: 'What is wrong stands under `error`, `errors`, `field-errors` or `message`',
		source: CODE.mongorest,
		mark: 'inferred',
		restsOn: [WORDS, SIMULATED],
		steps: async (close) => {
			const { body } = await close.get(smsPath(UNKNOWN));
			expectThat(closeErrorMessage(body) !== undefined, finding`there are no words in ${body}`);
			return finding`${body}`;
		},
	},
	{
		name: 'bad-number-names-the-field',
		title: 'A number that is none is a 400 that names `remote_phone` under `field-errors`',
		source: `${CODE.mongorest}, ${CODE.cleancat}`,
		mark: 'inferred',
		restsOn: [WORDS, 'nodes/CloseSms/validation/phones.ts', 'dev/simulator/sms/smsSchema.ts'],
		steps: async (close) =>
			expectFieldError(
				await close.post('/activity/sms/', {
					status: 'draft',
					lead_id: close.leadId,
					text: close.newText(),
					remote_phone: '+1',
				}),
				'remote_phone',
			),
	},
	{
		name: 'bad-date-names-the-field',
		title: 'A date that is none is a 400 that names the field under `field-errors`',
		source: CODE.cleancat,
		mark: 'inferred',
		restsOn: [WORDS, 'nodes/CloseSms/validation/dates.ts', 'dev/simulator/sms/smsSchema.ts'],
		steps: async (close) => {
			const { id } = await close.draft();
			return expectFieldError(
				await close.put(smsPath(id), { activity_at: 'next Tuesday' }),
				'activity_at',
			);
		},
	},
	{
		name: 'bad-lead-names-the-field',
		title: 'A lead that does not exist is a 400 that names `lead_id` under `field-errors`',
		source: CONCLUDED,
		mark: 'inferred',
		restsOn: [WORDS, 'dev/simulator/sms/smsRules.ts'],
		steps: async (close) => {
			const { id } = await close.draft();
			const lead_id = 'lead_12345678901234567890123456789012345678901234';
			return expectFieldError(
				await close.put(smsPath(id), { lead_id, contact_id: null }),
				'lead_id',
			);
		},
	},
	{
		name: 'status-is-required',
		title: 'A text without status is a 400 that names `status` under `field-errors`',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: [WORDS, 'nodes/CloseSms/resources/sms/create.ts', 'dev/simulator/sms/smsSchema.ts'],
		steps: async (close) =>
			expectFieldError(
				await close.post('/activity/sms/', { lead_id: close.leadId, text: close.newText() }),
				'status',
			),
	},
]);
