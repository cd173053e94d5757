import type { Expectation } from '../expectation';
import { bodies } from './bodies';
import { credentials } from './credentials';
import { dates } from './dates';
import { errors } from './errors';
import { paging } from './paging';
import { rateLimit } from './rateLimit';
import { searching } from './search';
import { stateMachine } from './stateMachine';
import { templates } from './templates';
import { texting } from './texting';
import { uploads } from './uploads';
import { webhooks } from './webhooks';

/** Everything that this package and its simulator rely on about Close. */
export const EXPECTATIONS: Expectation[] = [
	...credentials,
	...errors,
	...bodies,
	...stateMachine,
	...dates,
	...paging,
	...templates,
	...uploads,
	...searching,
	...webhooks,
	...rateLimit,
	...texting,
];
