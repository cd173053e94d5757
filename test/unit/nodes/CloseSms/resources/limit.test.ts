import type { IDataObject } from 'n8n-workflow';
import { getLimit } from '../../../../../nodes/CloseSms/resources/limit';
import { fakeContext, thrownBy } from '../../../fakeContext';

const read = (parameters: IDataObject) => getLimit(fakeContext({ parameters, itemIndex: 3 }));

test.each<[IDataObject, number]>([
	[{}, 50],
	[{ limit: 1 }, 1],
	[{ limit: '7' }, 7],
	[{ returnAll: false, limit: 7 }, 7],
	[{ returnAll: '0', limit: 7 }, 7],
	[{ returnAll: true, limit: 7 }, Infinity],
	[{ returnAll: 'true' }, Infinity],
	[{ returnAll: 1, limit: 0 }, Infinity],
	[{ limit: Number.MAX_SAFE_INTEGER }, Number.MAX_SAFE_INTEGER],
])('%j: %d', (parameters, limit) => {
	expect(read(parameters)).toBe(limit);
});

test.each([0, -1, 1.5, 'many', true, [5], Infinity, 'Infinity', NaN, '', ' '])(
	'%p is no limit',
	(limit) => {
		const error = thrownBy(() => read({ limit }));
		expect(error.message).toMatch(/^'Limit' is not a whole number above zero: .+ \[item 3\]$/);
		expect(error.description).toBe('Give how many results to return.');
	},
);

test.each(['yes', 2, [true], {}])('%j in doubt', (returnAll) => {
	expect(thrownBy(() => read({ returnAll })).message).toMatch(
		/^'Return All' is neither true nor false: .+ \[item 3\]$/,
	);
});
