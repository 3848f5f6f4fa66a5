import { replyWith, type Effect } from '#actors/decision.ts';
import type { ChargePointState } from '#actors/charge-point/state.ts';
import type { ConnectorState } from '#actors/connector/state.ts';
import type { EditionState } from '#actors/edition/state.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { FleetBatch, FleetBoard } from './board.ts';
import type { FleetMessage } from './messages.ts';

/** The id of the actor that hears of what happens. */
export const FLEET: ActorId = 'fleet';
/** The board is asked by way of these, several at a time: an answer out of memory takes no time to wait for. */
export const FLEET_READERS: readonly ActorId[] = Array.from({ length: 3 }, (_, n) => `fleet-reader/${n}`);
/** How often what the engine saw is gathered into one message to the fleet. */
export const FLEET_BATCH_MS = 100;

export type FleetInbox =
  | FleetMessage
  | { readonly type: 'batch'; readonly batch: FleetBatch; readonly atMs: number }
  | { readonly type: 'age'; readonly atMs: number };

/** Answers for the whole fleet out of memory. */
export function fleetService(board: FleetBoard): (message: FleetInbox) => readonly Effect[] {
  return (message) => {
    switch (message.type) {
      case 'list':
        return [replyWith(message.replyTo, board.list(message.query, message.viewer))];
      case 'changes':
        return [replyWith(message.replyTo, board.changes(message.since, message.viewer))];
      case 'find':
        return [replyWith(message.replyTo, board.findFor(message.chargePointId, message.viewer))];
      case 'find-all': {
        const views = message.chargePointIds.flatMap((id) => board.findFor(id, message.viewer) ?? []);
        return [replyWith(message.replyTo, views)];
      }
      case 'passports':
        return [replyWith(message.replyTo, board.passportsFor(message.viewer))];
      case 'batch':
        board.apply(message.batch, message.atMs);
        return [];
      case 'age':
        board.age(message.atMs);
        return [];
    }
  };
}

/**
 * Gathers what happens to chargers between two batches: an actor's latest state replaces its earlier ones, so a busy
 * fleet costs the view no more than a quiet one.
 */
export class FleetFeed {
  #chargePoints = new Map<ChargePointId, ChargePointState>();
  #connectors = new Map<ActorId, ConnectorState>();
  #editions = new Map<ActorId, EditionState>();
  #heard = new Map<ChargePointId, number>();
  #declared: RosterRow[] = [];
  #gone: ChargePointId[] = [];
  /** What the store has not been told yet of when chargers were heard. */
  #unsaved = new Map<ChargePointId, number>();

  observe(id: ActorId, state: unknown): void {
    if (id.startsWith('charge-point/')) {
      const chargePoint = state as ChargePointState;
      this.#chargePoints.set(chargePoint.chargePointId, chargePoint);
    } else if (id.startsWith('connector/')) {
      this.#connectors.set(id, state as ConnectorState);
    } else if (id.startsWith('edition/')) {
      this.#editions.set(id, state as EditionState);
    }
  }

  /** What was observed of it since the last batch. */
  seen(chargePointId: ChargePointId): ChargePointState | null {
    return this.#chargePoints.get(chargePointId) ?? null;
  }

  heard(chargePointId: ChargePointId, atMs: number): void {
    this.#heard.set(chargePointId, atMs);
  }

  declare(roster: RosterRow): void {
    this.#declared.push(roster);
  }

  /** No longer declared: it is gone from every page. */
  forget(chargePointId: ChargePointId): void {
    // A batch takes off before it adds: what was declared since the last one must not come back by it.
    this.#declared = this.#declared.filter((roster) => roster.chargePointId !== chargePointId);
    this.#gone.push(chargePointId);
  }

  /** Null when nothing happened. */
  take(): FleetBatch | null {
    if (
      this.#chargePoints.size +
        this.#connectors.size +
        this.#editions.size +
        this.#heard.size +
        this.#declared.length +
        this.#gone.length ===
      0
    )
      return null;
    const batch: FleetBatch = {
      chargePoints: [...this.#chargePoints.values()],
      connectors: [...this.#connectors.values()],
      editions: this.#editions,
      heard: this.#heard,
      declared: this.#declared,
      gone: this.#gone,
    };
    for (const [chargePointId, atMs] of this.#heard) this.#unsaved.set(chargePointId, atMs);
    this.#chargePoints = new Map();
    this.#connectors = new Map();
    this.#editions = new Map();
    this.#heard = new Map();
    this.#declared = [];
    this.#gone = [];
    return batch;
  }

  takeUnsaved(): ReadonlyMap<ChargePointId, number> {
    const unsaved = this.#unsaved;
    this.#unsaved = new Map();
    return unsaved;
  }
}
