import { finding, type Finding } from './finding';

/** Thrown in a check: Close does otherwise. */
export class Difference extends Error {
	constructor(readonly finding: Finding) {
		super(finding.text);
	}
}

/** Thrown in a check: it could not be found out. */
export class NotTried extends Error {
	constructor(readonly finding: Finding) {
		super(finding.text);
	}
}

/** @throws Difference unless it is so; `otherwise` says what was found */
export function expectThat(isSo: boolean, otherwise: Finding): void {
	if (!isSo) throw new Difference(otherwise);
}

/** An answer of Close, as far as expectations look at it. */
interface Answered {
	method: string;
	status: number;
	body: unknown;
}

/** Why Close did not do it, when that says nothing about what it does for others. */
const NOT_ALLOWED: Record<number, Finding> = {
	402: finding`the plan of the organization does not allow it`,
	403: finding`the user of the key lacks the permission for it`,
	429: finding`Close wants fewer requests, and a longer wait than a minute`,
	503: finding`Close is not available`,
};

const withBody = (body: unknown) => (body ? finding`: ${body}` : '');

/** @throws NotTried when Close did not do it for a reason that says nothing about what it does for others */
function requireAllowed({ method, status, body }: Answered): void {
	const reason = NOT_ALLOWED[status];
	if (reason)
		throw new NotTried(finding`${method} was answered with ${status}, ${reason}${withBody(body)}`);
}

/**
 * @throws Difference unless the answer has one of these statuses
 * @throws NotTried when plan, permission or trouble came in the way
 */
export function expectStatus(answer: Answered, ...statuses: number[]): void {
	const { method, status, body } = answer;
	if (statuses.includes(status)) return;
	requireAllowed(answer);
	throw new Difference(
		finding`${method} was answered with ${status} instead of ${statuses.join(' or ')}${withBody(body)}`,
	);
}

export const isSuccess = ({ status }: { status: number }) => status >= 200 && status < 300;

/** For what is only preparation: another expectation looks at its status. @throws NotTried unless Close did it */
export function requireSuccess(answer: Answered, what: Finding): void {
	if (isSuccess(answer)) return;
	requireAllowed(answer);
	throw new NotTried(finding`${what}: HTTP ${answer.status}${withBody(answer.body)}`);
}

/** For what an expectation is about, but not its exact status. @throws Difference unless Close did it */
export function expectSuccess(answer: Answered): void {
	if (isSuccess(answer)) return;
	expectStatus(answer, 200);
}
