import { WebSocket } from 'ws';
import { CALM, type Weather } from '#src/domain/weather.ts';
import { decide } from './behaviour.ts';
import { around, type Chance } from './chance.ts';
import { integerOf } from './configuration.ts';
import { fetchFirmware, leaveLog } from './errands.ts';
import type { Dial, Line } from './line.ts';
import { logText } from './log-text.ts';
import {
  answeredBy,
  cut,
  departed,
  EMPTY_OUTBOX,
  failed,
  nextToSend,
  payloadOf,
  queued,
  type Outbox,
} from './outbox.ts';
import { Passage } from './passage.ts';
import type { Payload } from './payload.ts';
import { newCharger, type Charger, type ChargerEvent, type Effect, type Nameplate } from './state.ts';
import { Tally } from './tally.ts';

/** Time as the caller owns it. `later` returns what cancels it. */
export type Clock = {
  readonly now: () => number;
  readonly later: (afterMs: number, run: () => void) => () => void;
};

export type ChargerOptions = {
  /** `ws://host:port/path`; the identity is added, percent-encoded. */
  readonly url: string;
  readonly nameplate: Nameplate;
  readonly clock: Clock;
  readonly chance: Chance;
  /** 1 is life; 10 lets a charge of forty minutes last four. */
  readonly speed: number;
  readonly autonomous: boolean;
  /** First registers of the meters, in Wh, connector by connector. */
  readonly registersWh: readonly number[];
  /** Many firmwares draw a new message id when they repeat a call (field-02). */
  readonly resendWith: 'same-id' | 'new-id';
  /** The badge of the next driver. */
  readonly pickBadge: () => string;
  /** For a charger that speaks something else than OCPP-J. */
  readonly dial?: Dial;
  /** Of the moment: asked with each message. */
  readonly weather?: () => Weather;
  readonly tally?: Tally;
  /** HTTP Basic password, for security profile 1. */
  readonly password?: string;
  readonly onError?: (identity: string, error: Error) => void;
};

/** An event that a test or a demonstration brings about; the time is added here. */
export type Happening =
  Exclude<ChargerEvent, { readonly type: 'opened' | 'closed' }> extends infer Each
    ? Each extends { readonly nowMs: number }
      ? Omit<Each, 'nowMs'>
      : never
    : never;

export type SimulatedCharger = {
  readonly identity: string;
  /** Powers the charger: it dials, boots, and lives. */
  start(afterMs?: number): void;
  /** For good; resolves when the socket is closed. */
  stop(): Promise<void>;
  happen(happening: Happening): void;
  /** Cuts the link without a word, and dials again after `forMs`. */
  dropLink(forMs: number): void;
  state(): Charger;
  /** Calls not yet answered, the one in flight included. */
  pending(): number;
};

const SUBPROTOCOL = 'ocpp1.6';
const ANSWER_WITHIN_MS = 30_000;
const HANDSHAKE_WITHIN_MS = 20_000;
const DIAL_AGAIN_AFTER_MS = 1_000;
const DIAL_AGAIN_AFTER_MS_MAX = 60_000;
const FLUSH_WITHIN_MS = 5_000;
const CALL = 2;
const RESULT = 3;
const REFUSAL = 4;

/** One charger on a real socket: this file owns socket and timers, `behaviour.ts` decides. */
export function createSimulatedCharger(options: ChargerOptions): SimulatedCharger {
  const { nameplate, chance, weather = () => CALM, tally = new Tally() } = options;
  const { later: laterByClock } = options.clock;
  /** The charger's own clock, which may be wrong. */
  const clock = { now: () => options.clock.now() + weather().skewSeconds * 1000 };
  let charger = newCharger(nameplate, options);
  let outbox: Outbox = EMPTY_OUTBOX;
  let socket: Line | null = null;
  let departedMs = 0;
  let stopped = false;
  let flushing = false;
  let dials = 0;
  let messages = 0;
  let cancelAnswerTimeout = (): void => {};
  let holdUntilMs = 0;
  const timers = new Set<() => void>();
  const runId = options.clock.now().toString(36);
  const passage = (): Passage =>
    new Passage({
      weather,
      chance,
      now: () => options.clock.now(),
      later: (afterMs, run) => void later(afterMs, run),
      seen: (fate) => tally.count(fate),
    });
  const outward = passage();
  const inward = passage();

  function later(afterMs: number, run: () => void): () => void {
    const cancelTimer = laterByClock(afterMs, () => {
      timers.delete(cancel);
      if (!stopped) run();
    });
    const cancel = (): void => {
      timers.delete(cancel);
      cancelTimer();
    };
    timers.add(cancel);
    return cancel;
  }

  function tell(event: ChargerEvent): void {
    const step = decide(charger, event, chance);
    charger = step.charger;
    step.effects.forEach(carryOut);
    pump();
  }

  function happen(happening: Happening): void {
    if (!stopped) tell({ ...happening, nowMs: clock.now() });
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'call':
        outbox = queued(outbox, effect.call);
        return;
      case 'answer':
        return write([RESULT, effect.messageId, effect.payload]);
      case 'refuse':
        return write([REFUSAL, effect.messageId, effect.code, effect.detail, {}]);
      case 'wake':
        later(effect.afterMs, () => happen({ type: 'woke', wake: effect.wake }));
        return;
      case 'find-driver':
        later(0, () => happen({ type: 'driver-came', connectorId: effect.connectorId, idTag: options.pickBadge() }));
        return;
      case 'fetch':
        void fetchFirmware(effect.location, effect.signed).then((fetched) => happen({ type: 'fetched', ...fetched }));
        return;
      case 'upload':
        void leaveLog(effect.location, effect.fileName, logText(charger)).then((ok) =>
          happen({ type: 'uploaded', ok }),
        );
        return;
      case 'drop-link':
        if (!effect.flush) return dropLink(effect.forMs);
        flushing = true;
        return afterFlush(clock.now() + FLUSH_WITHIN_MS, () => dropLink(effect.forMs));
    }
  }

  function afterFlush(deadlineMs: number, run: () => void): void {
    const idle = outbox.inFlight === null && outbox.queue.length === 0;
    if (idle || clock.now() >= deadlineMs) return run();
    later(50, () => afterFlush(deadlineMs, run));
  }

  function pump(): void {
    if (socket?.readyState !== WebSocket.OPEN || clock.now() < holdUntilMs) return;
    const waiting = nextToSend(outbox, { accepted: charger.accepted || flushing });
    if (!waiting) return;
    const messageId = (options.resendWith === 'same-id' && waiting.messageId) || `${runId}-${++messages}`;
    outbox = departed(outbox, messageId);
    tally.called(waiting.call.action);
    departedMs = options.clock.now();
    write([CALL, messageId, waiting.call.action, payloadOf(outbox, waiting.call)]);
    cancelAnswerTimeout = later(ANSWER_WITHIN_MS, () => {
      tally.count('timeouts');
      callFailed({ refused: false });
    });
  }

  function callFailed({ refused }: { readonly refused: boolean }): void {
    cancelAnswerTimeout();
    const attemptsMax = integerOf(charger.configuration, 'TransactionMessageAttempts');
    const tries = outbox.inFlight?.tries ?? 0;
    const { outbox: left, gaveUp } = failed(outbox, { refused, attemptsMax });
    outbox = left;
    if (gaveUp) return tell({ type: 'unanswered', call: gaveUp, nowMs: clock.now() });
    const retryMs = integerOf(charger.configuration, 'TransactionMessageRetryInterval') * 1000 * tries;
    holdUntilMs = clock.now() + retryMs;
    later(retryMs, pump);
  }

  function received(data: { toString(): string }): void {
    const frame = parsed(data.toString());
    const [kind, messageId] = frame;
    if (typeof messageId !== 'string') return;
    if (kind === CALL) {
      tally.count('commands');
      happen({ type: 'commanded', messageId, action: String(frame[2]), payload: recordOf(frame[3]) });
    } else if (kind === RESULT) {
      const payload = recordOf(frame[2]);
      const settled = answeredBy(outbox, messageId, payload);
      if (!settled) return;
      cancelAnswerTimeout();
      tally.answered(options.clock.now() - departedMs);
      outbox = settled.outbox;
      happen({ type: 'answered', call: settled.call, payload });
    } else if (kind === REFUSAL && outbox.inFlight?.messageId === messageId) {
      tally.count('refusals');
      report(new Error(`${outbox.inFlight.call.action} refused: ${String(frame[2])} ${String(frame[3])}`));
      callFailed({ refused: true });
    }
  }

  function dial(): void {
    if (stopped || socket) return;
    const dialled = options.dial?.(nameplate.identity) ?? dialJson();
    socket = dialled;
    dialled.on('open', () => {
      dials = 0;
      tally.count('links');
      if (socket === dialled && !stopped) tell({ type: 'opened', nowMs: clock.now() });
    });
    dialled.on('message', (data) => {
      // What is still on its way belongs to this link alone.
      inward.carry(() => {
        if (socket === dialled && !stopped) received(data);
      });
    });
    dialled.on('error', report);
    dialled.on('close', () => {
      if (socket === dialled) linkLost(backOffMs());
    });
  }

  function dialJson(): Line {
    const headers = options.password
      ? { authorization: `Basic ${Buffer.from(`${nameplate.identity}:${options.password}`).toString('base64')}` }
      : {};
    return new WebSocket(`${options.url}/${encodeURIComponent(nameplate.identity)}`, [SUBPROTOCOL], {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_WITHIN_MS,
      headers,
    });
  }

  function backOffMs(): number {
    const doubled = Math.min(DIAL_AGAIN_AFTER_MS_MAX, DIAL_AGAIN_AFTER_MS * 2 ** dials);
    dials += 1;
    return doubled * (0.5 + chance() / 2) + around(100, chance);
  }

  function linkLost(dialAgainAfterMs: number): void {
    socket = null;
    tally.count('linksLost');
    flushing = false;
    cancelAnswerTimeout();
    const after = cut(outbox);
    outbox = after.outbox;
    if (stopped) return;
    tell({ type: 'closed', nowMs: clock.now() });
    for (const call of after.lost) tell({ type: 'unanswered', call, nowMs: clock.now() });
    later(dialAgainAfterMs, dial);
  }

  function dropLink(forMs: number): void {
    const dropped = socket;
    if (!dropped) return;
    linkLost(forMs);
    dropped.terminate();
  }

  function write(frame: readonly unknown[]): void {
    const open = socket;
    if (open === null) return;
    outward.carry(() => {
      if (socket === open && open.readyState === WebSocket.OPEN) open.send(JSON.stringify(frame));
    });
  }

  function report(error: Error): void {
    tally.count('errors');
    options.onError?.(nameplate.identity, error);
  }

  return {
    identity: nameplate.identity,
    start(afterMs = 0) {
      later(afterMs, dial);
      happen({ type: 'powered' });
    },
    async stop() {
      stopped = true;
      for (const cancel of timers) cancel();
      const open = socket;
      if (!open || open.readyState === WebSocket.CLOSED) return;
      const closed = new Promise<void>((resolve) => open.once('close', () => resolve()));
      if (open.readyState === WebSocket.OPEN) open.close(1000);
      else open.terminate();
      await closed;
    },
    happen,
    dropLink,
    state: () => charger,
    pending: () => outbox.queue.length + (outbox.inFlight ? 1 : 0),
  };
}

/** An empty array for anything that is not a JSON array: the caller then finds no message in it. */
function parsed(text: string): readonly unknown[] {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) ? frame : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function recordOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
