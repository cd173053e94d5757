import type { Resource } from '../operation';
import { cancel } from './cancel';
import { create } from './create';
import { deleteSms } from './delete';
import { smsId } from './fields/smsId';
import { get } from './get';
import { getAll } from './getAll';
import { getConversation } from './getConversation';
import { schedule } from './schedule';
import { send } from './send';
import { sendDraft } from './sendDraft';
import { update } from './update';

export const sms: Resource = {
	value: 'sms',
	operations: [
		cancel,
		create,
		deleteSms,
		get,
		getConversation,
		getAll,
		schedule,
		send,
		sendDraft,
		update,
	],
	default: 'update',
	idField: smsId,
};
