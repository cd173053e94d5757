import { CreatedSms } from '../../../../../../nodes/CloseSms/transport/request/createdSms';

const BODY = { status: 'draft', text: 'Hi' };

test('what an item took for its own is taken', () => {
	const created = new CreatedSms();
	created.take('acti_1');
	expect(created.isKnown('acti_1')).toBe(true);
	expect(created.isKnown('acti_2')).toBe(false);
	created.release('acti_1');
	expect(created.isKnown('acti_1')).toBe(false);
});

test('what another run of this process took is known too', () => {
	new CreatedSms().take('acti_3');
	const created = new CreatedSms();
	expect(created.isKnown('acti_3')).toBe(true);
	expect(created.isKnown('acti_4')).toBe(false);
});

test('while a create waits for its response, what is like it may be its own', async () => {
	const created = new CreatedSms();
	let succeed!: (value: string) => void;
	let fail!: (error: Error) => void;
	const first = created.during({ ...BODY }, new Promise<string>((resolve) => (succeed = resolve)));
	const second = created.during({ ...BODY }, new Promise((_, reject) => (fail = reject)));
	expect(created.isAwaited(BODY)).toBe(true);
	expect(created.isAwaited({ ...BODY, text: 'Ho' })).toBe(false);

	succeed('one');
	expect(await first).toBe('one');
	expect(created.isAwaited(BODY)).toBe(true);

	fail(new Error('lost'));
	await expect(second).rejects.toThrow('lost');
	expect(created.isAwaited(BODY)).toBe(false);
});

describe('whose key it is', () => {
	const ask = (...ids: unknown[]) => jest.fn(async () => ids.shift());

	test('is told by a response to a create', async () => {
		const created = new CreatedSms();
		created.record(BODY, { id: 'acti_5', created_by: 'user_me' });
		const asked = ask('user_other');
		expect(await created.getUserId(asked)).toBe('user_me');
		expect(asked).not.toHaveBeenCalled();
		expect(created.isKnown('acti_5')).toBe(true);
	});

	test.each<[string, object, object]>([
		['another user is to have it', { user_id: 'user_other' }, { created_by: 'user_other' }],
		['it names nobody', {}, { created_by: null }],
		['it names an empty text', {}, { created_by: '' }],
		['it does not say', {}, {}],
	])('is asked where %s', async (_, body, response) => {
		const created = new CreatedSms();
		created.record({ ...BODY, ...body }, { id: 'acti_6', ...response });
		expect(await created.getUserId(ask('user_me'))).toBe('user_me');
	});

	test('is asked once', async () => {
		const created = new CreatedSms();
		const asked = ask('user_me', 'user_other');
		const both = [created.getUserId(asked), created.getUserId(asked)];
		expect(await Promise.all(both)).toEqual(['user_me', 'user_me']);
		expect(await created.getUserId(asked)).toBe('user_me');
		expect(asked).toHaveBeenCalledTimes(1);
	});

	test('is asked again where Close did not say', async () => {
		const created = new CreatedSms();
		const asked = ask(undefined, { id: 7 }, 'user_me');
		expect(await created.getUserId(asked)).toBeUndefined();
		expect(await created.getUserId(asked)).toBeUndefined();
		expect(await created.getUserId(asked)).toBe('user_me');
	});
});
