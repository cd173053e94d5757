import type { INodeProperties } from 'n8n-workflow';
import { parseCloseId, type IdKind } from '../../../../shared/closeId';
import type { SmsActivity } from '../../../../shared/closeTypes';
import {
	parsePhoneNumber,
	PHONE_HINT,
	type PhoneReadingOptions,
	type Problem,
} from '../../../../shared/phoneNumber';
import { nameType, showValue } from '../../../../shared/showValue';
import { smsFields, textContainsField } from './fields';

/** One filter of texts: what the editor shows, and how its value is read. */
export interface Filter {
	/** Its field; nothing is sent for it by itself. */
	field: INodeProperties;
	/** The field of an SMS activity that it compares, by its name in Close. */
	compares: string & keyof SmsActivity;
	/** Reads a value, which an expression may have given and which is not blank. */
	read: (value: unknown, phones: PhoneReadingOptions) => { value: unknown } | Problem;
}

const ofText = (field: INodeProperties, description: string): INodeProperties => ({
	...field,
	description,
	routing: undefined,
});

export const invalidValue = (value: unknown, next: string): Problem => ({
	problem: `has an invalid value: ${showValue(value)}`,
	next,
});

const readId =
	(kind: IdKind): Filter['read'] =>
	(value) => {
		const reading = parseCloseId(value, kind);
		return 'id' in reading ? { value: reading.id } : reading;
	};

const readPhone: Filter['read'] = (value, phones) => {
	const reading = parsePhoneNumber(value, phones);
	return 'number' in reading ? { value: reading.number } : reading;
};

const readWords: Filter['read'] = (value) =>
	typeof value === 'string' || typeof value === 'number'
		? { value }
		: {
				problem: `is ${nameType(value)}, not words`,
				next: 'Give the words that must be in the message.',
			};

/** The filters that a list and the trigger both have, by their names in the node. */
export const commonFilters = {
	contactId: {
		field: ofText(smsFields.contactId, 'Only SMS of this contact'),
		compares: 'contact_id',
		read: readId('contact'),
	},
	leadId: {
		field: ofText(smsFields.leadId, 'Only SMS of this lead'),
		compares: 'lead_id',
		read: readId('lead'),
	},
	localPhone: {
		field: ofText(smsFields.localPhone, 'Only SMS from or to this number of yours'),
		compares: 'local_phone',
		read: readPhone,
	},
	textContains: { field: textContainsField, compares: 'text', read: readWords },
	remotePhone: {
		field: ofText(smsFields.remotePhone, `Only SMS to or from this number. ${PHONE_HINT}.`),
		compares: 'remote_phone',
		read: readPhone,
	},
	userId: {
		field: ofText(smsFields.userId, 'Only SMS that are attributed to this member of your team'),
		compares: 'user_id',
		read: readId('user'),
	},
} satisfies Record<string, Filter>;
