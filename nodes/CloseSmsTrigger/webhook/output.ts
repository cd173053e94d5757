import type { IDataObject } from 'n8n-workflow';
import { simplifySms } from '../../shared/simplifySms';
import { utcTime, type CloseEvent } from '../closeEvent';
import type { EventName } from '../events';

/**
 * The item that starts the workflow.
 *
 * @param output `raw`: the event as Close sent it; `simplified`: the SMS as the action node simplifies it, with
 * `event` about what happened to it. Of a deleted SMS these are its last values.
 */
export function toEventOutput(event: CloseEvent, type: EventName, output: unknown): IDataObject {
	if (output === 'raw') return event;
	const { id, changed_fields, user_id, api_key_id } = event;
	return {
		...simplifySms(event.data ?? event.previous_data ?? {}),
		event: { id, type, time: utcTime(event), changed_fields, user_id, api_key_id },
	};
}
