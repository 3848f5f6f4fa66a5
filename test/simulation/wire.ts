import type { WebSocket } from 'ws';
import type { TextSender } from '#src/edges/ocpp-json/text-sender.ts';
import { between, type Chance } from '#src/simulator/chance.ts';
import type { VirtualClock } from './clock.ts';

/** What the charger's end of a connection is told. */
export type ChargerEnd = { received(text: string): void; lost(): void };

/** How a network treats the frames of one connection. */
export type Weather = {
  /** How long a frame is under way, at most. */
  readonly latencyMaxMs: number;
  /** The chance that a frame is the last thing that a connection sees; before or after it arrives. */
  readonly cutChance: number;
  /** How long either side may believe in a connection that is gone. */
  readonly noticeMaxMs: number;
};

/** One direction of a connection: in order, nothing twice, nothing missing as long as it stands. */
class Pipe {
  readonly #clock: VirtualClock;
  readonly #arrive: (text: string) => void;
  readonly #under: string[] = [];
  #freeAtMs = 0;
  #closed = false;
  #paused = false;

  constructor(clock: VirtualClock, arrive: (text: string) => void) {
    this.#clock = clock;
    this.#arrive = arrive;
  }

  send(text: string, latencyMs: number): void {
    if (this.#closed) return;
    this.#under.push(text);
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.nowMs + latencyMs);
    this.#clock.after(this.#freeAtMs - this.#clock.nowMs, () => this.#next());
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (let count = this.#under.length; count > 0; count--) this.#clock.after(0, () => this.#next());
  }

  cut(): void {
    this.#closed = true;
    this.#under.length = 0;
  }

  #next(): void {
    if (this.#closed || this.#paused) return;
    const text = this.#under.shift();
    if (text !== undefined) this.#arrive(text);
  }
}

/**
 * A TCP connection with a WebSocket on it, without either: single frames are never lost, but a cut loses all that is
 * under way in both directions, and each side learns of it in its own time.
 */
export class Wire {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: () => Weather;
  readonly #toServer: Pipe;
  readonly #toCharger: Pipe;
  /** Of the server's end. */
  readonly #listeners = new Map<string, (argument: never) => void>();
  readonly #trace: ((text: string) => void) | null;
  #charger: ChargerEnd | null;
  #serverOpen = true;

  constructor(deps: {
    clock: VirtualClock;
    chance: Chance;
    weather: () => Weather;
    charger: ChargerEnd;
    trace: ((text: string) => void) | null;
  }) {
    this.#clock = deps.clock;
    this.#chance = deps.chance;
    this.#weather = deps.weather;
    this.#charger = deps.charger;
    this.#trace = deps.trace;
    this.#toServer = new Pipe(deps.clock, (text) => {
      this.#trace?.(`-> ${text}`);
      this.#emit('message', Buffer.from(text) as never);
    });
    this.#toCharger = new Pipe(deps.clock, (text) => {
      this.#trace?.(`<- ${text}`);
      this.#charger?.received(text);
    });
  }

  /** From the charger. */
  send(text: string): void {
    this.#carry(this.#toServer, text);
  }

  /** The charger has no power: it hears nothing any more. */
  powerLost(): void {
    this.#charger = null;
    this.cut();
  }

  /** The charger no longer believes in this connection; what it sent before may still arrive. */
  leave(): void {
    this.#charger = null;
    this.#toCharger.cut();
    this.#serverNotices(between(0, this.#weather().noticeMaxMs, this.#chance));
  }

  cut(): void {
    this.#toServer.cut();
    this.#toCharger.cut();
    const { noticeMaxMs } = this.#weather();
    this.#chargerNotices(between(0, noticeMaxMs / 3, this.#chance));
    this.#serverNotices(between(0, noticeMaxMs, this.#chance));
  }

  /** The server's process is gone, and its sockets with it. */
  serverDied(): void {
    this.#listeners.clear();
    this.cut();
  }

  onServerClose(closed: () => void): void {
    this.#listeners.set('close', closed);
  }

  /** What the edge sees: as much of a WebSocket as `OcppJsonLink` uses. */
  socket(): WebSocket {
    // oxlint-disable-next-line typescript/no-this-alias -- a getter below has a `this` of its own
    const wire = this;
    const socket = {
      OPEN: 1,
      get readyState() {
        return wire.#serverOpen ? 1 : 3;
      },
      on(event: string, listener: (argument: never) => void) {
        wire.#listeners.set(event, listener);
        return socket;
      },
      ping: () => undefined,
      pause: () => wire.#toServer.pause(),
      resume: () => wire.#toServer.resume(),
      close: () => wire.#serverCloses(false),
      terminate: () => wire.#serverCloses(true),
    };
    return socket as unknown as WebSocket;
  }

  /** What the edge sends by. */
  sender(): TextSender {
    return { unsentBytes: 0, send: (text) => this.#carry(this.#toCharger, text) };
  }

  #serverCloses(atOnce: boolean): void {
    this.#toServer.cut();
    if (atOnce) this.#toCharger.cut();
    this.#chargerNotices(between(0, this.#weather().latencyMaxMs, this.#chance));
    this.#serverNotices(between(0, 20, this.#chance));
  }

  #carry(pipe: Pipe, text: string): void {
    const { latencyMaxMs, cutChance } = this.#weather();
    const latencyMs = between(1, latencyMaxMs, this.#chance);
    if (this.#chance() >= cutChance) return pipe.send(text, latencyMs);
    if (this.#chance() < 0.5) return this.cut();
    pipe.send(text, latencyMs);
    this.#clock.after(between(0, 3 * latencyMaxMs, this.#chance), () => this.cut());
  }

  #chargerNotices(ms: number): void {
    this.#clock.after(ms, () => {
      const charger = this.#charger;
      this.#charger = null;
      this.#toServer.cut();
      if (charger === null) return;
      this.#trace?.('-- link lost');
      charger.lost();
    });
  }

  #serverNotices(ms: number): void {
    this.#clock.after(ms, () => {
      if (!this.#serverOpen) return;
      this.#serverOpen = false;
      this.#toServer.cut();
      this.#emit('close', undefined as never);
    });
  }

  #emit(event: string, argument: never): void {
    this.#listeners.get(event)?.(argument);
  }
}
