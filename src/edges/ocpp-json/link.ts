import type { WebSocket } from 'ws';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import { FRAME_BYTES_MAX, readFrame, writeError } from '#src/wire/ocpp/frame.ts';
import type { Tolerance, WireFault } from '#src/wire/ocpp/messages.ts';
import { Flood } from '../flood.ts';
import type { CallRef } from '#src/wire/link-message.ts';
import type { EdgeHandlers } from '../handlers.ts';
import type { PingRhythm } from './ping-rhythm.ts';
import type { TextSender } from './text-sender.ts';

/** Calls of one charger that may wait for their answers; beyond, its socket is not read until some have left. */
export const CALLS_IN_FLIGHT_MAX = 32;
const CALLS_RESUME_AT = 16;
/** A charger that speaks faster is read more slowly, so that no other waits for it (field-37). */
export const FRAMES_PER_SECOND_MAX = 500;
/** Answers kept for a call that comes again under the same id (field-35), and the longest call kept with them. */
const ANSWERS_KEPT = 4;
const KEPT_CHARACTERS_MAX = 1_024;
/** Bytes that a charger may leave unread before its link is cut. */
const UNSENT_BYTES_MAX = 1_048_576;
/** What is asked for the present moment: an answer of before, replayed, would set a clock back or revive a verdict. */
const ASKED_FOR_NOW: ReadonlySet<string> = new Set(['Heartbeat', 'BootNotification', 'Authorize']);
/** How much of a frame that cannot be read is journalled. */
const JOURNALLED_CHARACTERS_MAX = 2_000;

type Kept = { readonly messageId: string; readonly text: string; answer: string | null };

/** One socket of one charger. Frames in, messages out; nothing here decides. */
export class OcppJsonLink {
  readonly id: number;
  readonly chargePointId: string;
  readonly #socket: WebSocket;
  readonly #sender: TextSender;
  readonly #handlers: EdgeHandlers;
  readonly #rhythm: PingRhythm;
  #kept: Kept[] | null = null;
  #unanswered = 0;
  /** Too many calls wait for their answers. */
  #paused = false;
  /** Too many frames came in this second. */
  #resting = false;
  #secondStartMs = 0;
  #secondFrames = 0;
  readonly #flood = new Flood();
  #closed = false;
  /** Has it made a call that could be read? */
  hasSpoken = false;
  heardAtMs: number;
  pingedAtMs: number;
  /** Pings since the last sign of life. */
  pingsUnanswered = 0;

  constructor(link: {
    id: number;
    chargePointId: string;
    socket: WebSocket;
    sender: TextSender;
    handlers: EdgeHandlers;
    rhythm: PingRhythm;
  }) {
    this.id = link.id;
    this.chargePointId = link.chargePointId;
    this.#socket = link.socket;
    this.#sender = link.sender;
    this.#handlers = link.handlers;
    this.#rhythm = link.rhythm;
    this.heardAtMs = link.handlers.now();
    this.pingedAtMs = this.heardAtMs;
    this.#socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    this.#socket.on('ping', () => this.#hear(this.#handlers.now()));
    this.#socket.on('pong', () => {
      this.pingsUnanswered = 0;
      this.#rhythm.answered(this.chargePointId);
      this.#hear(this.#handlers.now());
    });
    // `ws` closes the socket after a protocol error of its own; `close` follows and tells.
    this.#socket.on('error', () => undefined);
  }

  answer(messageId: string, frame: string): void {
    this.#settled();
    if (this.#kept !== null) keepAnswer(this.#kept, messageId, frame);
    this.#send(frame);
  }

  /** No answer will come: the charger repeats, and must then not be taken for answered. */
  abandon(messageId: string): void {
    this.#settled();
    this.#forgetRepeat(messageId);
  }

  call(frame: string): void {
    this.#send(frame);
  }

  ping(nowMs: number): void {
    this.pingedAtMs = nowMs;
    this.pingsUnanswered++;
    this.#socket.ping();
  }

  close(code: number, why: string): void {
    this.#closed = true;
    // A socket at rest would not hear the other side agree.
    this.#socket.resume();
    this.#socket.close(code, why);
  }

  /** Without waiting for the other side, which may be long gone (field-09). */
  terminate(): void {
    this.#closed = true;
    this.#socket.terminate();
  }

  #hear(nowMs: number): void {
    this.heardAtMs = nowMs;
    if (this.pingsUnanswered > 0) {
      this.pingsUnanswered = 0;
      this.#rhythm.ignored(this.chargePointId);
    }
    this.#handlers.heard(this.chargePointId, nowMs);
  }

  #receive(text: string): void {
    if (this.#closed) return;
    const atMs = this.#handlers.now();
    this.#hear(atMs);
    this.#slowDown(atMs);
    const frame = readFrame(text);
    switch (frame.kind) {
      case 'call': {
        const from: CallRef = { linkId: this.id, messageId: frame.messageId };
        const reuse = ASKED_FOR_NOW.has(frame.action) ? 'none' : this.#reuse(frame.messageId, text);
        if (reuse === 'repeated') return;
        const isStrict = this.#handlers.isStrict(this.chargePointId);
        const around: readonly Tolerance[] =
          reuse === 'another-call' ? [...frame.tolerated, 'message-id-reused'] : frame.tolerated;
        if (isStrict && around.length > 0) return this.#refuse(frame.messageId, faultOf(around), text, atMs);
        const read = readCall(frame.action, frame.payload, isStrict ? 'strict' : 'tolerant');
        if (!read.ok) return this.#refuse(frame.messageId, read.fault, text, atMs);
        const both = around.length === 0 ? read.tolerated : [...around, ...read.tolerated];
        this.hasSpoken = true;
        const muted = this.#flooding(atMs) && frame.action !== 'StartTransaction' && frame.action !== 'StopTransaction';
        this.#unanswered++;
        this.#throttle();
        return this.#handlers.deliver(this.chargePointId, {
          type: 'call',
          from,
          call: read.call,
          frame: muted ? null : text,
          tolerated: both,
          atMs,
        });
      }
      case 'result':
        return this.#handlers.deliver(this.chargePointId, {
          type: 'result',
          linkId: this.id,
          callId: frame.messageId,
          payload: frame.payload,
          frame: this.#flooding(atMs) ? null : text,
          atMs,
        });
      case 'error': {
        const { messageId, code, description } = frame;
        return this.#handlers.deliver(this.chargePointId, {
          type: 'call-error',
          linkId: this.id,
          callId: messageId,
          code,
          description,
          frame: this.#flooding(atMs) ? null : text,
          atMs,
        });
      }
      case 'ignored':
        if (this.#flooding(atMs)) return;
        return this.#handlers.ignored(this.chargePointId, journalled(text), frame.why, atMs);
      case 'malformed': {
        if (frame.looksLike === 'answer') {
          const { code, detail } = frame.fault;
          const error = {
            type: 'call-error',
            linkId: this.id,
            callId: frame.messageId,
            code,
            description: detail,
            frame: this.#flooding(atMs) ? null : journalled(text),
            atMs,
          } as const;
          return this.#handlers.deliver(this.chargePointId, error);
        }
        return this.#refuse(frame.messageId, frame.fault, text, atMs);
      }
    }
  }

  /** What cannot be read is journalled and answered (field-16); in a flood it is only answered (field-37). */
  #refuse(messageId: string, fault: WireFault, text: string, atMs: number): void {
    if (this.#flooding(atMs)) {
      this.#forgetRepeat(messageId);
      return this.#send(writeError(messageId, fault));
    }
    this.#unanswered++;
    this.#throttle();
    const from: CallRef = { linkId: this.id, messageId };
    this.#handlers.deliver(this.chargePointId, { type: 'bad-frame', from, fault, frame: journalled(text), atMs });
  }

  /**
   * The same call under the same id is the same call: it gets the same answer, or waits for the first one's
   * (field-35). The same id over another call is a new call, flagged as such; its content tells repeats apart.
   */
  #reuse(messageId: string, text: string): 'none' | 'repeated' | 'another-call' {
    const kept = (this.#kept ??= []);
    let isReused = false;
    for (let at = kept.length - 1; at >= 0; at--) {
      const one = kept[at];
      if (one?.messageId !== messageId) continue;
      isReused = true;
      // A box that numbers every call alike may say the same thing twice and mean it: then something else came between.
      if (one.text !== text || (one.answer !== null && at < kept.length - 1)) continue;
      if (one.answer !== null) this.#send(one.answer);
      return 'repeated';
    }
    if (text.length <= KEPT_CHARACTERS_MAX) {
      kept.push({ messageId, text, answer: null });
      if (kept.length > ANSWERS_KEPT) kept.shift();
    }
    return isReused ? 'another-call' : 'none';
  }

  #forgetRepeat(messageId: string): void {
    if (this.#kept === null) return;
    this.#kept = this.#kept.filter((one) => one.messageId !== messageId || one.answer !== null);
  }

  #flooding(atMs: number): boolean {
    return this.#flood.isFlood(atMs, (calls) =>
      this.#handlers.deliver(this.chargePointId, { type: 'flood', calls, atMs }),
    );
  }

  /** A socket that is read too fast rests until the second is over. */
  #slowDown(atMs: number): void {
    if (atMs - this.#secondStartMs >= 1_000) {
      this.#secondStartMs = atMs;
      this.#secondFrames = 0;
    }
    if (++this.#secondFrames !== FRAMES_PER_SECOND_MAX) return;
    this.#resting = true;
    this.#socket.pause();
    const rested = () => {
      this.#resting = false;
      this.#resume();
    };
    setTimeout(rested, Math.max(this.#secondStartMs + 1_000 - atMs, 1)).unref();
  }

  #throttle(): void {
    if (this.#paused || this.#unanswered <= CALLS_IN_FLIGHT_MAX) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #settled(): void {
    this.#unanswered--;
    if (!this.#paused || this.#unanswered > CALLS_RESUME_AT) return;
    this.#paused = false;
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused && !this.#resting && !this.#closed) this.#socket.resume();
  }

  #send(frame: string): void {
    if (this.#closed || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#sender.unsentBytes > UNSENT_BYTES_MAX) return this.terminate();
    this.#sender.send(frame);
  }
}

/** The first of the calls under this id that was not answered yet: answers come in the order of their calls. */
function keepAnswer(kept: readonly Kept[], messageId: string, answer: string): void {
  for (const one of kept) {
    if (one.messageId !== messageId || one.answer !== null) continue;
    one.answer = answer;
    return;
  }
}

/** What is wrong around a payload is no fault of the payload (OCPP-J 1.6 §4.2.3). */
function faultOf(around: readonly Tolerance[]): WireFault {
  return { code: 'FormationViolation', detail: `the frame is not conform: ${around.join(', ')}` };
}

function journalled(text: string): string {
  return text.length <= FRAME_BYTES_MAX && text.length <= JOURNALLED_CHARACTERS_MAX
    ? text
    : `${text.slice(0, JOURNALLED_CHARACTERS_MAX)}…`;
}
