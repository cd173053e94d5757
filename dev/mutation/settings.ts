/** What is mutated, which tests judge it, and how long they may take. `stryker.config.mjs` has the same for StrykerJS. */

/** Mutated: the files whose path starts so. */
export const MUTATED = 'nodes/';

/** The projects in jest.config.js whose tests judge a mutant. */
export const PROJECTS = ['unit', 'integration'];

/** Test files that cannot judge, because they never load the source of a node. */
export const NO_JUDGES = /^test\/(simulator\/|package\.test\.ts$)/;

/** StrykerJS's mutators of texts and literals: most of what they change, such as the text of a hint, decides nothing. */
export const EXCLUDED_MUTATORS = ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration'];

/** In percent; below this the command fails. */
export const GOAL = 90;

/** Test files that run at the same time: two cores. */
export const AT_ONCE = 2;

/** What the test files that reach a mutant may take together, in seconds. One that nothing noticed by then has survived. */
export const MUTANT_TIME_LIMIT = 900;

/** What one test file may take, given what it takes without a mutant. A mutant that makes it hang is noticed. */
export const fileTimeLimit = (usualSeconds: number) => 15 + 2 * usualSeconds;

/** A mutant that is reached so many times as often as the unchanged code was is in an endless loop. */
export const HIT_FACTOR = 100;
