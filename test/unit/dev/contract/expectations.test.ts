import { EXPECTATIONS } from '../../../../dev/contract/expectations';
import { existsSync, path, root } from '../../../../dev/platform';

test('every file that rests on an expectation is there, so that a report names none that was moved', () => {
	const missing = EXPECTATIONS.flatMap(({ name, restsOn }) =>
		restsOn.filter((file) => !existsSync(path.join(root, file))).map((file) => `${name}: ${file}`),
	);
	expect(missing).toEqual([]);
	expect(EXPECTATIONS.filter(({ restsOn }) => restsOn.length === 0)).toEqual([]);
});
