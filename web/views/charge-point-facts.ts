import type { ChargePointDetail, CommandView } from '#actors/charge-point/messages.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { SessionRow } from '#src/storage/ports.ts';

/** What a charger's page is drawn from. */
export type ChargePointFacts = {
  readonly view: ChargePointView;
  readonly detail: ChargePointDetail;
  /** Newest first; one more than is shown tells that there are older ones. */
  readonly sessions: readonly SessionRow[];
  readonly nowMs: number;
  /** Without the right the forms of commands are left out. */
  readonly mayCommand: boolean;
};

/** The commands about one connector, newest first; null: about the charger itself. */
export function commandsAbout(facts: ChargePointFacts, connectorId: number | null): readonly CommandView[] {
  return facts.detail.commands.filter((command) => connectorOf(facts, command) === connectorId);
}

/** The connector that a command is about: a stop names a session, and that session its connector. Null: the charger. */
export function connectorOf({ view, sessions }: ChargePointFacts, { call }: CommandView): number | null {
  const known = (id: number | undefined): number | null =>
    view.connectors.some((one) => one.connectorId === id) ? (id ?? null) : null;
  if (call.action !== 'RemoteStopTransaction') return 'connectorId' in call ? known(call.connectorId) : null;
  const { transactionId } = call;
  const running = view.connectors.find((one) => one.session?.transactionId === transactionId);
  return known((running ?? sessions.find((one) => one.transactionId === transactionId))?.connectorId);
}
