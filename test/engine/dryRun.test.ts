import { byId, ERROR_MODES, messages, onClose } from './onClose';

const on = onClose();
const options = { dryRun: true };
const sms = (id: string) => `${on.close.baseUrl}/activity/sms/${id}/`;
const NOTHING = 'Dry run: nothing was sent, changed or read.';

afterEach(() => {
	expect(on.close.requests).toEqual([]);
	expect(on.close.texted).toEqual([]);
});

test('get', async () => {
	const { json } = await on.run('get', {
		smsId: byId('acti_1'),
		output: 'selected',
		fields: ['text'],
		options,
	});

	expect(json).toEqual([
		{
			dryRun: true,
			requests: [{ method: 'GET', url: sms('acti_1'), query: { _fields: 'id,text' } }],
			_note: NOTHING,
		},
	]);
});

test('update: one item for each input item, paired', async () => {
	const { items, error } = await on.run(
		'update',
		{
			smsId: byId('={{ $json.id }}'),
			updateFields: { status: 'scheduled', dateScheduled: '2035-01-01T09:00', text: 'Hi' },
			clearFields: ['userId'],
			options,
		},
		{ items: [{ id: 'acti_1' }, { id: 'acti_2' }], timezone: 'Europe/Berlin' },
	);
	const body = {
		status: 'scheduled',
		date_scheduled: '2035-01-01T09:00:00.000+01:00',
		text: 'Hi',
		user_id: null,
	};

	expect(error).toBeUndefined();
	expect(items).toEqual(
		['acti_1', 'acti_2'].map((id, item) => ({
			json: {
				dryRun: true,
				requests: [{ method: 'PUT', url: sms(id), body }],
				_note: NOTHING,
			},
			pairedItem: { item },
		})),
	);
});

test('no credential is in the result', async () => {
	const { result } = await on.run('get', { smsId: byId('acti_1'), options });
	const shown = JSON.stringify(result.data.resultData.runData['Close SMS']);

	expect(shown).toContain('acti_1');
	expect(shown).not.toContain(on.close.account.apiKey);
	expect(shown.toLowerCase()).not.toContain('authorization');
});

test.each(ERROR_MODES)('what is wrong is still said, on error: %s', async (onError) => {
	const run = await on.run('get', { smsId: byId('a/b'), options }, { node: { onError } });

	expect(messages(run)).toEqual(["'SMS' is not an ID of Close [item 0]"]);
});

test('off: it is sent', async () => {
	const id = on.close.account.texts.draft.id;
	const { json } = await on.run('get', { smsId: byId(id), options: { dryRun: false } });

	expect(json).toMatchObject([{ id }]);
	expect(on.close.requests.splice(0)).toHaveLength(1);
});
