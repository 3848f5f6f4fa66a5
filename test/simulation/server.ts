import { connectorOf } from '#actors/connector/state.ts';
import { chargePointOf } from '#actors/charge-point/state.ts';
import { FLEET_BATCH_MS } from '#actors/fleet/actor.ts';
import type { EdgeHandlers } from '#src/edges/handlers.ts';
import { OcppJsonLink } from '#src/edges/ocpp-json/link.ts';
import { PingRhythm } from '#src/edges/ocpp-json/ping-rhythm.ts';
import type { Chance } from '#src/simulator/chance.ts';
import type { MemoryStorage } from '#src/storage/memory/open.ts';
import type { Commit } from '#src/storage/ports.ts';
import { startSupervision, type Supervision } from '#src/supervision.ts';
import type { VirtualClock } from './clock.ts';
import { slowDisk, type DiskMood } from './disk.ts';
import { SimulatedMailboxes } from './mailboxes.ts';
import type { SentCall } from './truth.ts';
import type { Wire } from './wire.ts';

/** Nobody looks at pages here: the fleet's view is refreshed this rarely. */
const PAGE_MS = 60_000;
/** As the edge on sockets: the newest link of a charger wins, and the older one is not waited for. */
const REPLACED = 4000;
const INTERNAL_ERROR = 1011;

export type ServerEvents = {
  /** Something is about to happen in this process: the moment to kill it. */
  step(server: SimulatedServer, what: string): void;
  /** A group was written, or was not. */
  written(commits: readonly Commit[]): void;
  /** An answer leaves for this call. */
  answers(call: SentCall, frame: string): void;
  bug(id: string, message: unknown, error: unknown): void;
  trace(line: () => string): void;
};

/** One life of the server's process: every actor over one opening of the disk, with the edge's links but no socket. */
export class SimulatedServer {
  readonly name: string;
  alive = true;
  supervision: Supervision | null = null;
  readonly #clock: VirtualClock;
  readonly #events: ServerEvents;
  readonly #links = new Map<
    number,
    { readonly link: OcppJsonLink; readonly wire: Wire; readonly sentBy: (messageId: string) => SentCall }
  >();
  readonly #current = new Map<string, OcppJsonLink>();
  #lastLinkId = 0;

  constructor(deps: {
    name: string;
    memory: MemoryStorage;
    clock: VirtualClock;
    chance: Chance;
    mood: DiskMood;
    events: ServerEvents;
  }) {
    const { name, memory, clock, chance, mood, events } = deps;
    this.name = name;
    this.#clock = clock;
    this.#events = events;
    // oxlint-disable-next-line typescript/no-this-alias -- a getter below has a `this` of its own
    const server = this;
    const process = {
      get alive() {
        return server.alive;
      },
      step: (what: string) => events.step(server, what),
    };
    const bug = (id: string, message: unknown, error: unknown) => events.bug(id, message, error);
    startSupervision({
      storage: slowDisk({ memory, clock, chance, holder: process, mood, written: events.written }),
      mailboxes: new SimulatedMailboxes({ clock, chance, process, onCrash: (id, error) => bug(id, null, error) }),
      links: {
        answer: (to, frame) => this.#answer(to.linkId, to.messageId, frame),
        abandon: (to) => this.#links.get(to.linkId)?.link.abandon(to.messageId),
        call: (linkId, _callId, frame) => this.#links.get(linkId)?.link.call(frame),
        close: (linkId, code, why) =>
          code === REPLACED
            ? this.#links.get(linkId)?.link.terminate()
            : this.#links.get(linkId)?.link.close(code, why),
      },
      now: () => clock.nowMs,
      wakeIn: (ms, run) =>
        clock.after(ms === FLEET_BATCH_MS ? PAGE_MS : ms, () => {
          if (this.alive) run();
        }),
      welcomeStrangers: false,
      onBug: bug,
      onStoreFailure: (id, error) => {
        events.trace(() => `${name}: store failure of ${id}: ${String(error)}`);
        if (error instanceof TypeError || error instanceof RangeError) bug(id, null, error);
      },
      office: null,
      timeZone: 'UTC',
      alerts: null,
      recharges: null,
      onForgotten: () => undefined,
      onDropped: (id) => {
        events.trace(() => `${name}: drops ${id}`);
        this.#current.get(ownerOf(id))?.close(INTERNAL_ERROR, 'the server cannot store');
      },
    }).then(
      (supervision) => {
        this.supervision = supervision;
      },
      (error: unknown) => bug('start', null, error),
    );
  }

  /** A charger dials. False while the server does not listen. */
  accept(chargePointId: string, wire: Wire, sentBy: (messageId: string) => SentCall): boolean {
    const { supervision } = this;
    if (!this.alive || supervision === null) return false;
    const now = () => this.#clock.nowMs;
    const handlers: EdgeHandlers = {
      now,
      admit: async () => ({ ok: true, chargePointId }),
      deliver: supervision.deliver,
      heard: supervision.heard,
      refused: () => undefined,
      isStrict: () => false,
      ignored: (_id, frame) => this.#events.bug('edge', frame, new Error('a frame was ignored')),
    };
    const link = new OcppJsonLink({
      id: ++this.#lastLinkId,
      chargePointId,
      socket: wire.socket(),
      sender: wire.sender(),
      handlers,
      rhythm: new PingRhythm(),
    });
    this.#current.get(chargePointId)?.terminate();
    this.#links.set(link.id, { link, wire, sentBy });
    this.#current.set(chargePointId, link);
    wire.onServerClose(() => {
      this.#links.delete(link.id);
      if (this.#current.get(chargePointId) === link) this.#current.delete(chargePointId);
      if (this.alive)
        supervision.deliver(chargePointId, { type: 'link-down', linkId: link.id, code: 1006, atMs: now() });
    });
    supervision.deliver(chargePointId, {
      type: 'link-up',
      linkId: link.id,
      remoteAddress: chargePointId,
      note: null,
      atMs: now(),
    });
    return true;
  }

  /** The process ends between two steps: whatever it was about to do is never done. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const { wire } of this.#links.values()) wire.serverDied();
  }

  #answer(linkId: number, messageId: string, frame: string): void {
    const known = this.#links.get(linkId);
    if (known === undefined) return;
    this.#events.answers(known.sentBy(messageId), frame);
    known.link.answer(messageId, frame);
  }
}

function ownerOf(id: string): string {
  if (id.startsWith('charge-point/')) return chargePointOf(id);
  return id.startsWith('connector/') ? connectorOf(id).chargePointId : '';
}
