import { EndpointGroup } from './endpointGroup';

/** The rate limits of a key: one for each endpoint group. */
export class RateLimiter {
	private readonly groups = new Map<string, EndpointGroup>();

	/** @param concurrency of each group before the first response; a group's own default unless given */
	constructor(private readonly concurrency?: number) {}

	/** The endpoint group that a request counts in. The ID is the last part of a path, and the only one with an underscore there. */
	group(method: string, url: string): EndpointGroup {
		const name = `${method} ${url.replace(/(\/.+\/)\w+_\w+\/$/, '$1{id}/')}`;
		const group = this.groups.get(name) ?? new EndpointGroup(this.concurrency);
		this.groups.set(name, group);
		return group;
	}
}
