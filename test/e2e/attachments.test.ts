import axios from 'axios';

import { randomBytes } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';
import { updateByWebhook } from '../../dev/n8n/workflows';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

test('a file that n8n keeps on disk reaches Close byte for byte', async () => {
	const { draft } = close.account.texts;
	const attachments = { attachment: [{ source: 'binary', binaryPropertyName: 'photo' }] };
	const workflow = updateByWebhook('attach', { attachments });
	await n8n.activate(await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close)));

	const photo = randomBytes(5_000_000);
	const form = new FormData();
	form.append('smsId', draft.id);
	form.append('photo', new Blob([photo], { type: 'image/jpeg' }), 'the roof.jpg');
	const { data } = await axios.post(n8n.webhookUrl('attach'), form);

	expect(data.attachments).toMatchObject([
		{ filename: 'the roof.jpg', content_type: 'image/jpeg', size: photo.length },
	]);
	expect(close.uploads[0].bytes?.equals(photo)).toBe(true);
});
