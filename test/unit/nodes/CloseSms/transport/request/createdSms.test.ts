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
