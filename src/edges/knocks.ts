type Knock = { readonly identity: string; isVoid: boolean };

/**
 * Chargers that are being admitted. One that is closed meanwhile, for its station was deleted or its key replaced, has no
 * link yet that could be closed: it must not come in by what the door had read before.
 */
export class Knocks {
  readonly #underWay = new Set<Knock>();

  /**
   * Asks the door, and goes on with its answer at once, in the same turn; with null when the charger was closed before
   * the answer came.
   */
  async during<Answer, Result>(
    identity: string,
    ask: () => Promise<Answer>,
    goOn: (answer: Answer | null) => Result,
  ): Promise<Result> {
    const knock = { identity: keyOf(identity), isVoid: false };
    this.#underWay.add(knock);
    try {
      const answer = await ask();
      return goOn(knock.isVoid ? null : answer);
    } finally {
      this.#underWay.delete(knock);
    }
  }

  closed(chargePointId: string): void {
    const key = keyOf(chargePointId);
    for (const knock of this.#underWay) if (knock.identity === key) knock.isVoid = true;
  }
}

/** Letter case of an identity does not count (field-24). */
function keyOf(identity: string): string {
  return identity.trim().toUpperCase();
}
