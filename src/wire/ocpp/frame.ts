import type { AnswerToChargePoint, CallToChargePoint, Tolerance, WireFault } from './messages.ts';
import { answerPayload, callPayload } from './payload.ts';
import { NOTHING_TOLERATED } from './reading.ts';
import { recoverHead, repairJson } from './repair.ts';

/** Counted here in UTF-16 units, of which there are never more than bytes; the socket's own limit counts bytes. */
export const FRAME_BYTES_MAX = 65_536;
/** OCPP-J 1.6 §4.1.4. Longer ids are answered all the same, up to MESSAGE_ID_CHARACTERS_TOLERATED_MAX. */
export const MESSAGE_ID_CHARACTERS_MAX = 36;
/** Room for a stack that joins two UUIDs with a name; past it, the id is an attack on our memory. */
export const MESSAGE_ID_CHARACTERS_TOLERATED_MAX = 255;
/** OCPP-J 1.6 §4.2.3: the description of a CALLERROR. */
export const ERROR_DESCRIPTION_CHARACTERS_MAX = 255;
/** What a CALLERROR carries when the id of the call could not be made out (OCPP-J 1.6 errata). */
export const UNKNOWN_MESSAGE_ID = '-1';

/**
 * One frame of OCPP-J 1.6 §4.2. `payload` is not looked into. `malformed` is answered with `fault` under `messageId`,
 * unless it `looksLike` an answer: then nothing is sent, and the call it answers has failed. `ignored` is a message
 * type that the standard tells receivers to ignore. Neither closes the connection (field-16).
 */
export type Frame =
  | {
      readonly kind: 'call';
      readonly messageId: string;
      readonly action: string;
      readonly payload: unknown;
      readonly tolerated: readonly Tolerance[];
    }
  | {
      readonly kind: 'result';
      readonly messageId: string;
      readonly payload: unknown;
      readonly tolerated: readonly Tolerance[];
    }
  | {
      readonly kind: 'error';
      readonly messageId: string;
      readonly code: string;
      readonly description: string;
      readonly details: unknown;
      readonly tolerated: readonly Tolerance[];
    }
  | { readonly kind: 'ignored'; readonly why: 'unknown-message-type'; readonly tolerated: readonly Tolerance[] }
  | {
      readonly kind: 'malformed';
      readonly messageId: string;
      readonly looksLike: 'call' | 'answer' | 'unknown';
      readonly fault: WireFault;
    };

const CALL = 2;
const RESULT = 3;
const ERROR = 4;

/** Reads one WebSocket text message. Never throws; `tolerated` is empty for a frame as the standard has it. */
export function readFrame(text: string): Frame {
  if (text.length > FRAME_BYTES_MAX) return broken(text, `the frame is longer than ${FRAME_BYTES_MAX} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A SyntaxError, which is what the charger is told unless the text can be repaired.
    return readBrokenFrame(text);
  }
  // The common case, decided before anything is allocated.
  if (Array.isArray(json) && json.length === 4 && json[0] === CALL) {
    const [, messageId, action, payload] = json as readonly unknown[];
    if (
      typeof messageId === 'string' &&
      messageId.length <= MESSAGE_ID_CHARACTERS_MAX &&
      typeof action === 'string' &&
      typeof payload === 'object' &&
      payload !== null
    ) {
      return { kind: 'call', messageId, action, payload, tolerated: NOTHING_TOLERATED };
    }
  }
  return readParts(json, text, NOTHING_TOLERATED);
}

/** `[2,id,action,payload]`. The caller keeps to the lengths of the standard. */
export function writeCall(messageId: string, call: CallToChargePoint): string {
  return `[2,${quoted(messageId)},"${call.action}",${callPayload(call)}]`;
}

/** `[3,id,payload]`; the action tells the shape of the payload and is not on the wire. */
export function writeResult(messageId: string, answer: AnswerToChargePoint): string {
  return `[3,${quoted(messageId)},${answerPayload(answer)}]`;
}

/** `[4,id,code,description,{}]`, the description cut to its maximum. */
export function writeError(messageId: string, fault: WireFault): string {
  const description = fault.detail.slice(0, ERROR_DESCRIPTION_CHARACTERS_MAX);
  return `[4,${quoted(messageId)},"${fault.code}",${JSON.stringify(description)},{}]`;
}

/** What needs no escape in JSON. Testing for it costs half of what JSON.stringify does. */
const PLAIN = /^[\w .:+-]*$/;

function quoted(messageId: string): string {
  return PLAIN.test(messageId) ? `"${messageId}"` : JSON.stringify(messageId);
}

function readBrokenFrame(text: string): Frame {
  const repaired = repairJson(text);
  if (repaired === null) {
    return broken(text, text.trim() === '' ? 'the frame is empty' : 'the frame is not JSON');
  }
  try {
    return readParts(JSON.parse(repaired), text, ['repaired-json']);
  } catch {
    // A SyntaxError: there was more wrong than the faults we know.
    return broken(text, 'the frame is not JSON');
  }
}

function broken(text: string, detail: string): Frame {
  const head = recoverHead(text);
  return malformed(head.messageType, head.messageId, { code: 'FormationViolation', detail });
}

function malformed(messageType: number | null, messageId: string | null, fault: WireFault): Frame {
  const looksLike =
    messageType === CALL ? 'call' : messageType === RESULT || messageType === ERROR ? 'answer' : 'unknown';
  return { kind: 'malformed', messageId: messageId ?? UNKNOWN_MESSAGE_ID, looksLike, fault };
}

/** Any JSON value as a frame; what the fast path of `readFrame` left over. */
function readParts(json: unknown, text: string, before: readonly Tolerance[]): Frame {
  if (!Array.isArray(json)) {
    return malformed(null, null, { code: 'FormationViolation', detail: 'the frame is not a JSON array' });
  }
  const parts: readonly unknown[] = json;
  const tolerated = new Set(before);
  const messageType = messageTypeOf(parts[0], tolerated);
  if (messageType === null) {
    return malformed(null, null, { code: 'FormationViolation', detail: 'the frame does not begin with a number' });
  }
  if (messageType !== CALL && messageType !== RESULT && messageType !== ERROR) {
    tolerated.add('unknown-message-type');
    return { kind: 'ignored', why: 'unknown-message-type', tolerated: settled(tolerated) };
  }
  const messageId = messageIdOf(parts[1], text, tolerated);
  if (messageId === null) {
    return malformed(messageType, null, { code: 'FormationViolation', detail: 'the message id cannot be used' });
  }
  if (messageType === ERROR) return readError(messageId, parts, tolerated);
  if (messageType === RESULT) {
    const payload = payloadOf(parts, 2, tolerated);
    return { kind: 'result', messageId, payload, tolerated: settled(tolerated) };
  }
  const action = parts[2];
  if (typeof action !== 'string') {
    return malformed(messageType, messageId, { code: 'FormationViolation', detail: 'the action is not a text' });
  }
  const payload = payloadOf(parts, 3, tolerated);
  return { kind: 'call', messageId, action, payload, tolerated: settled(tolerated) };
}

function readError(messageId: string, parts: readonly unknown[], tolerated: Set<Tolerance>): Frame {
  const code = textOf(parts[2], 'GenericError', tolerated);
  const description = textOf(parts[3], '', tolerated);
  const details = payloadOf(parts, 4, tolerated);
  return { kind: 'error', messageId, code, description, details, tolerated: settled(tolerated) };
}

function messageTypeOf(part: unknown, tolerated: Set<Tolerance>): number | null {
  if (typeof part === 'number') return part;
  if (typeof part !== 'string' || !/^\s*\d{1,3}\s*$/.test(part)) return null;
  tolerated.add('coerced-type');
  return Number(part);
}

/** `null` when the sender could not tell its call by it. A number is read as it is spelled, however wide it is. */
function messageIdOf(part: unknown, text: string, tolerated: Set<Tolerance>): string | null {
  if (typeof part === 'number') {
    tolerated.add('message-id-not-text');
    return Number.isSafeInteger(part) ? String(part) : recoverHead(text).messageId;
  }
  if (typeof part !== 'string' || part.length > MESSAGE_ID_CHARACTERS_TOLERATED_MAX) return null;
  if (part.length > MESSAGE_ID_CHARACTERS_MAX) tolerated.add('over-long');
  return part;
}

function payloadOf(parts: readonly unknown[], index: number, tolerated: Set<Tolerance>): unknown {
  if (parts.length > index + 1) tolerated.add('extra-property');
  if (parts.length <= index) {
    tolerated.add('missing-property');
    return {};
  }
  if (parts[index] !== null) return parts[index];
  tolerated.add('null-payload');
  return {};
}

function textOf(part: unknown, substitute: string, tolerated: Set<Tolerance>): string {
  if (typeof part === 'string') return part;
  tolerated.add(part === undefined ? 'missing-property' : 'coerced-type');
  return typeof part === 'number' || typeof part === 'boolean' ? String(part) : substitute;
}

function settled(tolerated: Set<Tolerance>): readonly Tolerance[] {
  return tolerated.size === 0 ? NOTHING_TOLERATED : [...tolerated];
}
