import { Server as TlsServer } from 'node:https';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Node's own limit of the head of a request; a longer one is Node's to refuse. */
const HEAD_BYTES_MAX = 16_384;
/** For the head of the first request, as Node waits for one. */
const HEAD_MS = 60_000;
const GET = Buffer.from('GET ');
const HEAD_END = '\r\n\r\n';

/**
 * Some boxes ask for a WebSocket and forget `Connection: Upgrade` (field-25); Node takes that for an ordinary request.
 * The head of the first request of each connection is looked at, and what was forgotten is put in before Node reads it.
 * Returns the connections where that was so. To be called before anybody else listens to this server.
 */
export function mendHandshakes(server: Server | TlsServer): WeakSet<Duplex> {
  const mended = new WeakSet<Duplex>();
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const listeners = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    afterHead(socket, (head) => {
      const whole = withConnection(head);
      if (whole !== null) mended.add(socket);
      if (head.length > 0) socket.unshift(whole ?? head);
      for (const listen of listeners) listen.call(server, socket);
    });
  });
  return mended;
}

/** Reads until the head of a request for a page has come, or until it is plain that this is none. */
function afterHead(socket: Socket, then: (read: Buffer) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const drop = () => socket.destroy();
  const tooLate = setTimeout(drop, HEAD_MS).unref();
  const gone = () => clearTimeout(tooLate);
  const look = () => {
    for (let chunk: Buffer | null; (chunk = socket.read() as Buffer | null) !== null;)
      read = Buffer.concat([read, chunk]);
    // Who hangs up half-way has asked for nothing.
    if (socket.readableEnded) return drop();
    const start = Math.min(read.length, GET.length);
    const isGet = read.subarray(0, start).equals(GET.subarray(0, start));
    if (isGet && read.length < HEAD_BYTES_MAX && !read.includes(HEAD_END)) return;
    gone();
    socket.off('readable', look).off('end', drop).off('error', drop).off('close', gone);
    then(read);
  };
  socket.on('readable', look).on('end', drop).on('error', drop).on('close', gone);
}

/** The request with what it lacks to be one for a WebSocket; null when it lacks nothing, or asks for none. */
function withConnection(read: Buffer): Buffer | null {
  const end = read.indexOf(HEAD_END);
  if (end < 0 || !read.subarray(0, GET.length).equals(GET)) return null;
  // Byte for byte, so that nothing else of it changes.
  const [request = '', ...headers] = read.subarray(0, end).toString('latin1').split('\r\n');
  const isAsked = headers.some((one) => /^upgrade:\s*websocket\s*$/i.test(one));
  const hasKey = headers.some((one) => /^sec-websocket-key:/i.test(one));
  const connections = headers.filter((one) => /^connection:/i.test(one));
  if (!isAsked || !hasKey || connections.some((one) => /[:,]\s*upgrade\s*(?:,|$)/i.test(one))) return null;
  const others = headers.filter((one) => !connections.includes(one));
  const head = [request, ...others, 'Connection: Upgrade'].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), read.subarray(end)]);
}
