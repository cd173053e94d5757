import type { IDataObject, IExecutePaginationFunctions, NodeApiError } from 'n8n-workflow';
import type { SmsActivity, SmsStatus } from '../../../shared/closeTypes';
import type { Answer, Request } from '../../../shared/exchange';
import { noted } from '../../../shared/note';
import { problem } from '../../../shared/problems';
import type { Assumed, Send, Steps } from '../../../shared/steps';
import { smsRequest } from './smsRequest';
import { stateOf } from './stateOf';

/** What an operation does with a text as it was found. */
export type Verdict =
	/** Sends these bodies one after the other. */
	| { change: IDataObject[]; note?: string }
	/** Returns it as it is, with this remark. */
	| { alreadySo: string }
	/** Cannot be done; what can be done instead. */
	| { instead: string };

export interface Operation {
	/** What it does to a text, as in "it cannot be sent". */
	participle: string;
	verdicts: Partial<
		Record<SmsStatus, (found: SmsActivity, wanted: IDataObject, zone: string) => Verdict>
	>;
	/** What a dry run takes for the text as it is found. */
	assumed: Assumed;
}

type Context = Pick<IExecutePaginationFunctions, 'getItemIndex' | 'getNode' | 'getTimezone'>;

/** @throws {NodeOperationError} when the operation cannot be done with the text */
function judge(
	context: Context,
	{ participle, verdicts }: Operation,
	found: SmsActivity,
	wanted: IDataObject,
): Exclude<Verdict, { instead: string }> {
	const zone = context.getTimezone();
	const verdict = verdicts[found.status]?.(found, wanted, zone) ?? {
		instead: 'Look at it in Close.',
	};
	if (!('instead' in verdict)) return verdict;
	const state = stateOf(found, zone);
	throw problem(context, `This text ${state}, so it cannot be ${participle}`, verdict.instead);
}

/** What a person must know of a text that was set back to draft, and then no further. */
const halfway = (now?: Answer) =>
	now?.body.status === 'draft'
		? 'It is a draft now, so it does not go out'
		: 'Before this it was set back to draft';

/** Looks at the text before it changes it, so that what is already so stays as it is. */
export const lookFirst = (operation: Operation): Steps =>
	async function (send: Send, request: Request) {
		const wanted = request.options.body as IDataObject;
		const look = async () => await send(smsRequest(request, 'GET'), operation.assumed);
		const verdictOn = ({ body }: Answer) => judge(this, operation, body as SmsActivity, wanted);
		const found = await look();
		const verdict = verdictOn(found);
		if ('alreadySo' in verdict) return noted(found.items, verdict.alreadySo);
		let done = 0;
		const change = async () => {
			let answer = found;
			for (const body of verdict.change) {
				answer = await send(smsRequest(request, 'PUT', body));
				done++;
			}
			return noted(answer.items, verdict.note);
		};
		return await change().catch(async (error: NodeApiError) => {
			// Someone else, or its time, may have come first: what the text is now decides.
			const now = await look().catch(() => undefined);
			const then = now && verdictOn(now);
			if (now && then && 'alreadySo' in then)
				return noted(now.items, done > 0 ? verdict.note : then.alreadySo);
			if (done > 0) error.message = `${error.message.replace(/\.$/, '')}. ${halfway(now)}`;
			throw error;
		});
	};
