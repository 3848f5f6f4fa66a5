import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket, Server as TlsServer } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { EdgeHandlers } from './handlers.ts';
import { remoteAddressOf } from './remote-address.ts';

type Addressed = { readonly remoteAddress?: string };
type Told = Pick<EdgeHandlers, 'now' | 'refused'>;

/** The first byte of a TLS connection (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;
const REASON_CHARACTERS_MAX = 80;

/** Whoever speaks something else than HTTP to a port of chargers is told so, as far as HTTP can, and is on the radar. */
export function refuseOtherThanHttp(server: Server, handlers: Told): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex & Addressed) => {
    // Who hangs up half-way, or never comes to an end, has said nothing that could be refused.
    if (error.code?.startsWith('HPE_') !== true) return void socket.destroy();
    const why = error.rawPacket?.[0] === TLS_HANDSHAKE ? 'tls-on-plain-port' : `not-http: ${error.code.slice(4)}`;
    handlers.refused({
      atMs: handlers.now(),
      identity: null,
      remoteAddress: remoteAddressOf(socket),
      path: 'http',
      why,
    });
    if (!socket.writable) return void socket.destroy();
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
}

/** The connection under a TLS socket, as Node keeps it and documents it nowhere: it alone still knows who has hung up. */
type OverConnection = TLSSocket & { readonly _parent?: Socket };

/** A handshake that fails is on the radar, in the words of TLS (field-27). */
export function tellOfFailedTls(server: TlsServer, handlers: Told): void {
  // A socket remembers what it was asked for before it was closed.
  server.on('connection', (connection: Socket) => void connection.remoteAddress);
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: OverConnection) => {
    // Who hangs up before a word, as port scanners do, has refused nothing.
    if (error.code === 'ECONNRESET') return;
    const why = `tls-failed: ${(error.code ?? error.message).replace(/^ERR_SSL_/, '').slice(0, REASON_CHARACTERS_MAX)}`;
    handlers.refused({
      atMs: handlers.now(),
      identity: null,
      // oxlint-disable-next-line no-underscore-dangle -- as Node calls it
      remoteAddress: remoteAddressOf(socket._parent ?? socket),
      path: 'tls',
      why,
    });
  });
}
