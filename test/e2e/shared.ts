import type { N8n } from '../../dev/n8n/n8n';

let n8n: N8n | undefined;

/** Between globalSetup and globalTeardown, which jest runs in one process. */
export const share = (started: N8n) => (n8n = started);

export const shared = () => n8n;
