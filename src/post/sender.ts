import { EXPIRED, openText, pauseAfter, type OutboxChannel } from '#src/domain/post.ts';
import type { PostOutcome, PostRow, PostStore } from '#src/storage/post-port.ts';
import type { Delivery, Transport, Transports } from './transport.ts';

/** How often the disk is asked for messages whose time has come: one look at an index. */
export const LOOK_MS = 1_000;
/** Sent at the same time; the rest waits for its turn, so that no provider is flooded. */
const AT_ONCE_MAX = 4;
/** Read at each look: what several looks can send. */
const BATCH_MAX = 50;
/** How long a stop waits for what is under way before it gives up what was not handed over; and for the rest in all. */
export const STOP_GRACE_MS = 500;
/** Containers are killed after ten seconds: what is then still without an answer would be so all the same. */
export const STOP_MAX_MS = 8_000;

type Log = { warn(details: object, message: string): void };

export type SenderDeps = {
  readonly store: PostStore;
  readonly transports: Transports;
  readonly now: () => number;
  readonly wakeIn: (ms: number, run: () => void) => () => void;
  /** What one try came to, for the journal. */
  readonly told: (row: PostRow, outcome: PostOutcome) => void;
  readonly log: Log;
};

/**
 * Takes waiting messages, sends them by the transport of their channel and writes down what it came to. A message is
 * `sent` once its transport has accepted it, never before.
 *
 * Between that acceptance and the commit that says so lies one moment in which a crash makes the next start send the
 * message again: nobody can have both without the help of the other side. So the repeat is made recognisable: the
 * Message-ID of a mail and `{key}` of an HTTP template follow from the key, and servers that look at them keep one. A
 * disk that refuses the commit does not send anything twice: what was accepted is remembered until it is written.
 *
 * A stop is short for the same reason: what was not handed over waits for the next start, and was never tried; what was
 * is waited for, until `STOP_MAX_MS` have passed.
 */
export function startSender({ transports, ...deps }: SenderDeps): { stop(): Promise<void> } {
  const senders = Object.entries(transports).map(([channel, transport]) =>
    // Each channel by itself: a mail server that hangs holds back no SMS.
    startChannel(deps, channel as OutboxChannel, transport),
  );
  return {
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()));
    },
  };
}

function startChannel(
  { store, now, wakeIn, told, log }: Omit<SenderDeps, 'transports'>,
  channel: OutboxChannel,
  transport: Transport,
): { stop(): Promise<void> } {
  const underWay = new Map<string, Promise<void>>();
  const unwritten = new Map<string, PostOutcome>();
  let isStopped = false;
  let isCut = false;
  let isOver = false;
  let looking = Promise.resolve();
  let cancel = wakeIn(0, look);

  function look(): void {
    looking = round()
      .catch((error: unknown) => log.warn({ channel, error: String(error) }, 'the outbox was not read or written'))
      .then(() => {
        if (!isStopped) cancel = wakeIn(LOOK_MS, look);
      });
  }

  async function round(): Promise<void> {
    for (const [key, outcome] of unwritten) {
      await store.tried(key, outcome);
      unwritten.delete(key);
    }
    // Known before the disk is read: what ends after that still looks as though it waited.
    const busy = new Set([...underWay.keys(), ...unwritten.keys()]);
    for (const row of await store.due(channel, now(), BATCH_MAX)) {
      if (busy.has(row.key)) continue;
      while (underWay.size >= AT_ONCE_MAX) await Promise.race(underWay.values());
      if (isStopped) return;
      underWay.set(
        row.key,
        sendOne(row).finally(() => underWay.delete(row.key)),
      );
    }
  }

  async function sendOne(row: PostRow): Promise<void> {
    const { key, to, subject, createdAtMs, expiresAtMs = Infinity } = row;
    const delivery: Delivery =
      expiresAtMs <= now()
        ? { result: 'refused', detail: EXPIRED }
        : await transport.send({ key, to, subject, text: openText(row), createdAtMs });
    // Cut off before anybody took it: it waits as it did. And after the end there is no disk to write on.
    if (isOver || (isCut && delivery.result === 'later')) return;
    const outcome = outcomeOf(delivery, row.tries + 1, now());
    told(row, outcome);
    if (outcome.state !== 'sent')
      log.warn({ key, state: outcome.state, error: outcome.error }, 'a message was not sent');
    await store.tried(key, outcome).catch((error: unknown) => {
      unwritten.set(key, outcome);
      log.warn({ key, error: String(error) }, 'what came of a message is written later');
    });
  }

  function within(ended: Promise<unknown>, ms: number): Promise<unknown> {
    let forget = (): void => undefined;
    const passed = new Promise<void>((resolve) => (forget = wakeIn(ms, resolve)));
    return Promise.race([ended, passed]).finally(() => forget());
  }

  return {
    async stop() {
      isStopped = true;
      cancel();
      const ended = looking.then(() => Promise.all(underWay.values()));
      await within(ended, STOP_GRACE_MS);
      isCut = true;
      transport.cut?.();
      await within(ended, STOP_MAX_MS - STOP_GRACE_MS);
      isOver = true;
      await transport.close();
    },
  };
}

/** `tries` counts this one. */
function outcomeOf(delivery: Delivery, tries: number, nowMs: number): PostOutcome {
  if (delivery.result === 'accepted') return { state: 'sent', atMs: nowMs };
  const pauseMs = delivery.result === 'later' ? pauseAfter(tries) : null;
  return pauseMs === null
    ? { state: 'failed', atMs: nowMs, error: delivery.detail }
    : { state: 'waiting', nextTryAtMs: nowMs + pauseMs, error: delivery.detail };
}
