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

/** @throws Difference unless the answer has one of these statuses */
export function expectStatus(answer: Answered, ...statuses: number[]): void {
	const { method, status, body } = answer;
	expectThat(
		statuses.includes(status),
		finding`${method} was answered with ${status} instead of ${statuses.join(' or ')}${body ? finding`: ${body}` : ''}`,
	);
}
