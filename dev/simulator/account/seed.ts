/** When the simulated account was opened: the date of everything in it that has no other. */
export const OPENED = Date.parse('2026-01-12T09:30:00.120Z');

/** Ids stay the same in every run, so that examples can name them. */
export const id = (prefix: string, name: string) => `${prefix}_${name.padEnd(22, '0')}`;

export const ORGANIZATION_ID = id('orga', 'harborRoofing');
