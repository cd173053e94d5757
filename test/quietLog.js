// n8n logs every error that a test provokes, by winston and so past jest's `silent`. N8N_LOG_LEVEL=debug shows it.
process.env.N8N_LOG_LEVEL ??= 'silent';
