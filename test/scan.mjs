/**
 * The scan that n8n runs on published packages, on the tarball that would be published and on the sources it is built
 * from. It leaves out what exists only after publishing: the provenance statement.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import execa from 'execa';

const folder = await mkdtemp(join(tmpdir(), 'close-sms-scan-'));
try {
	await execa('npm', ['pack', '--ignore-scripts=false', '--pack-destination', folder]);
	await execa('sh', ['-c', 'tar xzf *.tgz'], { cwd: folder });
	for (const [what, ...args] of [
		['tarball', join(folder, 'package')],
		['sources', process.cwd(), SOURCE_FILE_PATTERNS],
	]) {
		const { passed, message = '', details = '' } = await analyzePackage(...args);
		console.log(`${what}: ${passed ? 'passed' : `failed: ${message}\n${details}`}`);
		if (!passed) process.exitCode = 1;
	}
} finally {
	await rm(folder, { recursive: true, force: true });
}
