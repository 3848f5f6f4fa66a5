import { WebSocket } from 'ws';
import type { Payload } from './state.ts';
import type { Transport } from './transport.ts';

const SUBPROTOCOL = 'ocpp1.6';
const HANDSHAKE_WITHIN_MS = 20_000;
const CALL = 2;
const RESULT = 3;
const REFUSAL = 4;

/** OCPP-J 1.6 on a WebSocket. */
export const dialOcppJson: Transport = ({ url, identity, password }, events) => {
  const headers =
    password === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}` };
  const socket = new WebSocket(`${url}/${encodeURIComponent(identity)}`, [SUBPROTOCOL], {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
    headers,
  });
  socket.on('open', events.opened);
  socket.on('error', events.failed);
  socket.on('close', events.closed);
  socket.on('message', (data) => {
    const frame = parsed(data.toString());
    const [kind, messageId] = frame;
    if (typeof messageId !== 'string') return;
    if (kind === CALL) events.called(messageId, String(frame[2]), recordOf(frame[3]));
    else if (kind === RESULT) events.answered(messageId, recordOf(frame[2]));
    else if (kind === REFUSAL) events.refused(messageId, String(frame[2]), String(frame[3]));
  });
  const write = (frame: readonly unknown[]): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    call: (messageId, action, payload) => write([CALL, messageId, action, payload]),
    answer: (messageId, payload) => write([RESULT, messageId, payload]),
    refuse: (messageId, code, detail) => write([REFUSAL, messageId, code, detail, {}]),
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
      await closed;
    },
    terminate: () => socket.terminate(),
  };
};

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
