/** Values of fields of the kind "resource locator", as n8n saves them. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
export const byNumber = (value: string) => ({ __rl: true, mode: 'number', value });
export const byUrl = (value: string) => ({ __rl: true, mode: 'url', value });
