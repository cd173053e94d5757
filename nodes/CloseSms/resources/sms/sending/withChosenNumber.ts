import type { IDataObject } from 'n8n-workflow';
import { isContact } from '../../../../shared/contactSearch';
import { isRequestFailure, ItemFailure } from '../../../../shared/errors/itemFailure';
import { withNote } from '../../../output/withNote';
import type { ChosenRecipient } from '../../../transport/request/itemState';
import type { HandlerContext, OperationHandler } from '../../../transport/request/operationHandler';
import { toPhoneReadingOptions } from '../../../validation/nodeOptions';
import { PICKED_CONTACT, TO_CONTACT } from '../../../validation/recipient';
import { validationError } from '../../../validation/validationError';
import { chooseNumber } from '../people/chooseNumber';
import { getContact } from '../people/lookUp';
import { getFreshSince } from './dispatch';

/**
 * Reads the contact and chooses its number.
 *
 * @throws {ItemFailure} when there is no contact, or none of its numbers is one to text; as any request
 */
async function choose(
	context: HandlerContext,
	id: string,
	{ local_phone: from, contact_id: contactId, lead_id: leadId }: IDataObject,
): Promise<ChosenRecipient> {
	const { n8n, item } = context;
	const placeholder = `{number of ${id}}`;
	const note = `The contact would be read first, and one of its numbers chosen, a mobile one before others; a person who opted out at any of them is not texted. ${placeholder} stands for it.`;
	const contact = await getContact(context, id, getFreshSince(), note).catch((error: unknown) => {
		if (isRequestFailure(error) && error.facts.httpCode === '404')
			throw validationError(
				n8n,
				`Close has no contact ${id}, which 'To' names`,
				'It may have been deleted, or merged into another one. Look it up in Close and give its ID.',
			);
		throw error;
	});
	if (item.options.dryRun)
		return { fields: { remote_phone: placeholder, [PICKED_CONTACT]: id }, note: '' };
	if (!isContact(contact) || contact.id !== id)
		throw validationError(
			n8n,
			`Close's response about ${id}, which 'To' names, is not that contact`,
			"In doubt nobody is texted. Look at the contact in Close, or give a number in 'To'.",
		);
	const choice = chooseNumber(contact, String(from), toPhoneReadingOptions(item.options));
	if ('problem' in choice) throw validationError(n8n, choice.problem, choice.next);
	const { lead_id: lead, display_name: name } = contact;
	const isFiledThere = contactId === id && !leadId && typeof lead === 'string' && lead !== '';
	return {
		fields: {
			remote_phone: choice.number,
			[PICKED_CONTACT]: id,
			...(isFiledThere && { lead_id: lead }),
		},
		note: `The ${choice.label} ${choice.number} of ${name || id} was chosen.`,
	};
}

/**
 * Makes a handler that texts a contact, where 'To' gives one: its number is chosen before anything else, so that every
 * check is about this number. A later try keeps to it once there is a draft, which has it.
 */
export const withChosenNumber =
	(handler: OperationHandler): OperationHandler =>
	async (context) => {
		const { request, item } = context;
		const { [TO_CONTACT]: id, ...body } = request.options.body as IDataObject;
		if (typeof id !== 'string') return await handler(context);
		item.chosen ??= await choose(context, id, body);
		const { fields, note } = item.chosen;
		const options = { ...request.options, body: { ...body, ...fields } };
		const output = await handler({ ...context, request: { ...request, options } }).catch(
			(error: unknown) => {
				throw error instanceof ItemFailure ? error.with({ recipient: note }) : error;
			},
		);
		return withNote(output, note);
	};
