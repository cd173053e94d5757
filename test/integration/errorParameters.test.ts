import { ERROR_MODES, sendTo, setUpSms } from './setUpSms';

const on = setUpSms();
const WORDS = 'Your code is 4711';

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['that the node finds', '12'],
		['that Close refuses', '+14155550101'],
	])(
		'an error %s comes without what was entered: n8n gives it to error workflows and its log',
		async (_, phone) => {
			on.close.faults.order({
				kind: 'status',
				status: 402,
				body: { error: 'No credit.' },
				match: { method: 'PUT' },
			});
			const { error, outputs, task } = await on.run('send', sendTo(phone, WORDS), {
				node: { onError },
			});

			expect(error?.message ?? outputs.flat()[0].json.error).toBeTruthy();
			expect(JSON.stringify([error, task?.error, outputs])).not.toContain(WORDS);
			if (error) expect(error.node).toMatchObject({ parameters: { operation: 'send' } });
		},
	);
});
