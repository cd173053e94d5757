import type { Resource } from '../operation';
import { create } from './create';
import { deleteTemplate } from './delete';
import { get } from './get';
import { getAll } from './getAll';
import { templateId } from './templateId';
import { update } from './update';

export const smsTemplate: Resource = {
	value: 'smsTemplate',
	operations: [create, deleteTemplate, get, getAll, update],
	default: 'getAll',
	idField: templateId,
};
