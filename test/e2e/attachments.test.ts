import axios from 'axios';

import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { updateByWebhook } from '../../dev/n8n/workflows';
import { randomBytes } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';

const MINUTES = 60_000;

// n8n 3 has no `default`, which keeps files in memory.
const MODES = ['default', 'filesystem', 'database'];
const modeEnv = (mode: string) => ({ N8N_DEFAULT_BINARY_DATA_MODE: mode });

let close: Simulator;
let n8n: N8n;

beforeAll(async () => {
	close = await startSimulator();
	n8n = await startN8n({ env: modeEnv(MODES[0]) });
	const attachments = { attachment: [{ source: 'binary', binaryPropertyName: 'photo' }] };
	const workflow = updateByWebhook('attach', { attachments });
	await n8n.activate(await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close)));
}, 5 * MINUTES);

afterAll(async () => {
	await n8n.stop();
	await close.stop();
});

test.each(MODES)(
	"a file reaches Close byte for byte where n8n's mode of binary data is %s",
	async (mode) => {
		const { id } = close.addSms({
			remote_phone: close.account.contacts.maria.phones[0].phone,
			local_phone: close.account.phoneNumbers.main.number,
			text: 'The roof:',
		});
		if (mode !== MODES[0]) await n8n.restart('stop', modeEnv(mode));
		const photo = randomBytes(5_000_000);
		const form = new FormData();
		form.append('smsId', id);
		form.append('photo', new Blob([photo], { type: 'image/jpeg' }), 'the roof.jpg');

		const { data } = await axios.post(n8n.webhookUrl('attach'), form);

		expect(data.attachments).toMatchObject([
			{ filename: 'the roof.jpg', content_type: 'image/jpeg', size: photo.length },
		]);
		expect(close.uploads.at(-1)?.bytes?.equals(photo)).toBe(true);
	},
	2 * MINUTES,
);
