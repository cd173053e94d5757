import type { IDataObject, IExecuteSingleFunctions, INodeExecutionData } from 'n8n-workflow';
import { addMessageInfo } from './messageInfo';
import { shapeOutput } from './outputProperties';

/** The output for an SMS activity that was read in a list, as n8n's engine makes it of one that was read by itself. */
export async function toOutput(
	context: IExecuteSingleFunctions,
	activity: IDataObject,
): Promise<INodeExecutionData[]> {
	const items = await shapeOutput.call(context, [{ json: activity }]);
	return await addMessageInfo.call(context, items, { body: activity });
}
