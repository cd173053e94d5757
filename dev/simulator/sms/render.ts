/** What a template's tags may speak of. */
type TagSource = Record<string, object | undefined>;

/** Fills `{{ contact.first_name }}` and the like; what is unknown becomes empty. */
export function render(template: string, sources: TagSource): string {
	return template.replace(/\{\{\s*(\w+)\.(\w+)\s*\}\}/g, (_, source: string, field: string) => {
		const value = (sources[source] as Record<string, unknown> | undefined)?.[field];
		return value === undefined || value === null ? '' : String(value);
	});
}

/** `Maria Santos` as a template sees her. */
export function nameParts(name: string): { first_name: string; last_name: string } {
	const [first_name, ...rest] = name.split(' ');
	return { first_name, last_name: rest.join(' ') };
}
