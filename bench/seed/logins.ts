/** Who signs in to a seeded server: the administrators of its subscribers. */

export const PASSWORD = 'Bench-2026-marche';

/** Also the administrator's username. */
export function merchantId(n: number): string {
  return `marchand-${n}`;
}

export function maintainerId(n: number): string {
  return `mainteneur-${n}`;
}

/** The n-th field that this subscriber adds to the form of his stations. */
export function addedId(subscriberId: string, index: number): string {
  return `${subscriberId}-added-${index}`;
}
