import { beliefsIn, endpointOf, namesIn, namesSent } from '../../dev/contract/beliefs';
import { SMS_FIELDS } from '../../nodes/shared/closeTypes';
import { say } from '../../dev/platform';
import { startWith, tryWholeContract } from './setUpContract';

/**
 * Everything that the package sends to Close or reads from it is tried by an expectation. When this fails after a change
 * of nodes/: add an expectation to dev/contract/expectations/, or say here why there is none.
 */
const NOT_TRIED: Record<string, string> = {
	rate_reset: "Close's older errors had it, and it is only a fallback (changelog of 2024-04-24)",
	full_access: 'a person consents to it in a browser; without it no token is given',
	offline_access: 'a person consents to it in a browser; without it no token is renewed',
	'x-vcard': 'one of 40 types that Close publishes; a refused one is named by Close',
};

test('every name of Close that nodes/ and credentials/ send or read is tried by an expectation', async () => {
	const believed = await beliefsIn(['nodes', 'credentials']);
	const tried = new Set((await beliefsIn(['dev/contract/expectations'], true)).keys());
	// `sms-has-the-documented-fields` looks for each.
	SMS_FIELDS.forEach((name) => tried.add(name));
	const close = await startWith();
	await tryWholeContract(close, {
		onExchange: ({ path, query, requestBody }) =>
			[endpointOf(path), ...namesSent(query), ...namesSent(requestBody)].forEach((name) =>
				tried.add(name),
			),
	});
	await close.stop();
	const untried = [...believed.keys()].filter((name) => !tried.has(name)).sort();
	say(
		`${believed.size} names of Close in nodes/ and credentials/, ${believed.size - untried.length} of them tried; ${Object.keys(NOT_TRIED).length} are not, for a reason`,
	);
	const where = untried
		.filter((name) => !(name in NOT_TRIED))
		.map((name) => `${name} (${[...believed.get(name)!].join(', ')})`);
	expect(where).toEqual([]);
	expect(Object.keys(NOT_TRIED).filter((name) => !untried.includes(name))).toEqual([]);
});

test('names are found in paths, keys, lists of fields, members of types and words', () => {
	const source = `
		import { x } from './not_this';
		interface Phone { tz_ids?: string[]; phone: string }
		interface Ours { camelCase: string; plain: string }
		const url = \`/activity/sms/\${id}/\`;
		const query = { date_created__gte: since, _fields: 'id,lead_id' };
		const { remote_phone: to } = body;
		const filter = { type: 'field_accessor', header: 'retry-after' };
	`;
	expect([...namesIn(source)].sort()).toEqual([
		'/activity/sms/{}/',
		'_fields',
		'date_created__gte',
		'field_accessor',
		'lead_id',
		'phone',
		'remote_phone',
		'retry-after',
		'tz_ids',
	]);
});
