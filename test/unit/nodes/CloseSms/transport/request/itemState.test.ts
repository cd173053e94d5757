import { newItemState } from '../../../../../../nodes/CloseSms/transport/request/itemState';
import { ItemFailure } from '../../../../../../nodes/shared/errors/itemFailure';
import { DEFAULT_OPTIONS } from '../../../../../../nodes/CloseSms/validation/nodeOptions';

const unknownOutcome = {
	what: 'This SMS may have been sent',
	startedAt: 1,
	since: 2,
};

test('an item begins with nothing done', () => {
	expect(newItemState(3)).toEqual({
		index: 3,
		options: DEFAULT_OPTIONS,
		isStarted: false,
		isHeldBack: false,
		secretTexts: new Set(),
	});
});

test('a second try of Retry On Fail keeps what the first did, and what it did not find out', () => {
	const earlier = {
		...newItemState(3),
		isStarted: true,
		isHeldBack: true,
		validationError: {} as never,
		error: new ItemFailure({ what: 'Close refused this', outcome: 'notDone' }),
		unknownOutcome,
		draftId: 'acti_1',
		chosen: { fields: { remote_phone: '+14155550101' }, note: 'Chosen.' },
		secretTexts: new Set(['Hi']),
	};
	expect(newItemState(3, earlier)).toEqual({
		...newItemState(3),
		unknownOutcome,
		draftId: 'acti_1',
		chosen: earlier.chosen,
	});
	// Without a draft nothing holds the number: it is chosen anew.
	expect(newItemState(3, { ...earlier, draftId: undefined }).chosen).toBeUndefined();
});

test('what was done in any try is done in all that follow', () => {
	const output = [{ json: { id: 'acti_1' } }];
	const first = { ...newItemState(0), output };
	const second = newItemState(0, first);
	const third = newItemState(0, second);

	expect(second).toEqual({ ...newItemState(0), earlierOutput: output });
	expect(third.earlierOutput).toBe(output);
	expect(newItemState(0, { ...second, output: [] }).earlierOutput).toEqual([]);
});

test('what was not delivered in one try is not carried out again in any later one', () => {
	const error = new ItemFailure({ what: 'This SMS was not delivered', outcome: 'undelivered' });
	const second = newItemState(3, { ...newItemState(3), error });
	expect(second.undelivered).toBe(error);
	expect(newItemState(3, second).undelivered).toBe(error);
});
