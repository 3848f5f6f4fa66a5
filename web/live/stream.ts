import { audienceOf } from '#src/domain/office/viewer.ts';
import type { SignedIn } from '#web/views/env.ts';

/** Chunks that may wait for a browser before we stop writing to it and let its changes pile up as newest states. */
const CHUNKS_WAITING_MAX = 4;
/** A browser that takes nothing for so long is let go; it comes back by itself. */
const STALLED_MS_MAX = 30_000;
/** A stream ends after this long: a page that was left open asks again. */
const STREAM_AGE_MS_MAX = 3_600_000;
/** All pages together. One more is told to come back later. */
export const STREAMS_MAX = 1000;
const RETRY_MS = 1000;

const encoder = new TextEncoder();

/** One open event stream, with back-pressure: `ready` says whether the browser keeps up. */
export type EventStream = {
  readonly response: Response;
  readonly login: SignedIn;
  ready(): boolean;
  send(chunk: Uint8Array): void;
  end(): void;
};

/** Every open stream of the server: the count that is limited, and what signing out ends. */
export class Streams {
  readonly #open = new Set<EventStream>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Null when there are `STREAMS_MAX` already. `onEnd` runs once, whoever ends the stream. */
  open(login: SignedIn, onEnd: () => void): EventStream | null {
    if (this.#open.size >= STREAMS_MAX) return null;
    const stream = eventStream(login, this.#now, () => {
      this.#open.delete(stream);
      onEnd();
    });
    this.#open.add(stream);
    stream.send(beat(this.#now(), { retryMs: RETRY_MS }));
    return stream;
  }

  endOf(tokenHash: string): void {
    for (const stream of this.#open) if (stream.login.tokenHash === tokenHash) stream.end();
  }

  /** The same, of pages that must draw themselves anew: their viewer has entered another account. */
  redrawOf(tokenHash: string): void {
    for (const stream of this.#open) {
      if (stream.login.tokenHash !== tokenHash) continue;
      stream.send(named('stale', ''));
      stream.end();
    }
  }

  /**
   * Ends the streams of logins that have ended, and of viewers who find other stations by now than when they came: their
   * pages draw themselves anew.
   */
  async recheck(loginOf: (tokenHash: string) => Promise<SignedIn | null>): Promise<void> {
    const byLogin = Map.groupBy(this.#open, ({ login }) => login.tokenHash);
    for (const [hash, streams] of byLogin) {
      const login = await loginOf(hash);
      const audience = login === null ? null : audienceOf(login);
      for (const stream of streams) {
        if (audience === audienceOf(stream.login)) continue;
        if (audience !== null) stream.send(named('stale', ''));
        stream.end();
      }
    }
  }

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

/** The answer when the house is full. */
export function fullHouse(): Response {
  return new Response(null, { status: 503, headers: { 'Retry-After': '30' } });
}

function eventStream(login: SignedIn, now: () => number, onEnd: () => void): EventStream {
  const bornMs = now();
  let takenMs = bornMs;
  let ended = false;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const end = (): void => {
    if (ended) return;
    ended = true;
    onEnd();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (opened) => {
        controller = opened;
      },
      pull: () => {
        takenMs = now();
      },
      cancel: end,
    },
    { highWaterMark: CHUNKS_WAITING_MAX },
  );
  const close = (): void => {
    if (!ended) controller?.close();
    end();
  };
  return {
    login,
    response: new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
    }),
    ready: () => {
      if (ended) return false;
      const keepsUp = (controller?.desiredSize ?? 0) > 0;
      if ((!keepsUp && now() - takenMs > STALLED_MS_MAX) || now() - bornMs > STREAM_AGE_MS_MAX) close();
      return keepsUp && !ended;
    },
    send: (chunk) => {
      if (!ended) controller?.enqueue(chunk);
    },
    end: close,
  };
}

/**
 * A sign of life that carries the server's clock, by which the page counts ages; with `mark`, also up to where the page
 * knows a journal of which nothing had to be shown.
 */
export function beat(
  nowMs: number,
  more: { readonly retryMs?: number; readonly mark?: string | null } = {},
): Uint8Array {
  const { retryMs, mark } = more;
  const head = `${retryMs === undefined ? '' : `retry: ${retryMs}\n`}${mark ? `id: ${mark}\n` : ''}`;
  return encoder.encode(`${head}event: beat\ndata: ${nowMs}\n\n`);
}

/** A named event: swaps nothing, becomes a DOM event on the page. */
export function named(event: string, data: string): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${data}\n\n`);
}

/** Data lines that swap `content` over the element with this id. */
export function partial(
  targetId: string,
  content: string,
  swap: 'outerMorph' | 'innerHTML' | 'afterbegin',
): Uint8Array {
  const lines = `<hx-partial hx-target="#${targetId}" hx-swap="${swap}">${content}</hx-partial>`.split(/\r\n|\r|\n/);
  return encoder.encode(`${lines.map((line) => `data: ${line}`).join('\n')}\n`);
}

/** Joins partials into one unnamed event. With `id`, a page that reconnects says that it has all up to there. */
export function message(partials: readonly Uint8Array[], id: number | string | null): Uint8Array {
  return Buffer.concat([...partials, encoder.encode(id === null ? '\n' : `id: ${id}\n\n`)]);
}
