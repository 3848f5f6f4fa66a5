/** What would be written was changed, or used up, since it was read. */
export class Stale extends Error {}
