import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EdgeHandlers } from './handlers.ts';

/** The first byte of a TLS connection (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;

/** Whoever speaks something else than HTTP to a port of chargers is told so, as far as HTTP can, and is on the radar. */
export function refuseOtherThanHttp(server: Server, handlers: Pick<EdgeHandlers, 'now' | 'refused'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex) => {
    // Who hangs up half-way, or never comes to an end, has said nothing that could be refused.
    if (error.code?.startsWith('HPE_') !== true) return void socket.destroy();
    const why = error.rawPacket?.[0] === TLS_HANDSHAKE ? 'tls-on-plain-port' : `not-http: ${error.code.slice(4)}`;
    const remoteAddress = (socket as Duplex & { readonly remoteAddress?: string }).remoteAddress ?? 'unknown';
    handlers.refused({ atMs: handlers.now(), identity: null, remoteAddress, path: 'http', why });
    if (!socket.writable) return void socket.destroy();
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}
