import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { ServerCertificates } from '../server-certificates.ts';
import { TLSSocket } from 'node:tls';

/** What chargers see of us over TLS, and whose certificates of theirs we trust. */
export type TlsOptions = {
  readonly port: number;
  readonly certificates: ServerCertificates;
  /** PEM. The root of our own authority: a client certificate of another one is none (security profile 3). */
  readonly clientRoot: string | null;
};

/** Between the hello of a charger on a mobile line and the end of its handshake. */
const HANDSHAKE_MS = 30_000;

/**
 * The TLS twin of the port (security profiles 2 and 3). A client certificate is asked for and none is demanded: what it
 * proves is for the door to say, and a charger without one comes by its password.
 */
export function secureServer(
  { certificates, clientRoot }: TlsOptions,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  // The least that the whitepaper allows.
  const common = { minVersion: 'TLSv1.2', ...(clientRoot !== null && { ca: clientRoot }) } as const;
  const asking = { requestCert: clientRoot !== null, rejectUnauthorized: false, handshakeTimeout: HANDSHAKE_MS };
  return certificates.serve(common, (options) => createServer({ ...options, ...asking }, answer));
}

/** SHA-256 in hex of a certificate that our own root signed and whose key the charger holds; null for anything else. */
export function clientCertificate({ socket }: IncomingMessage): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { fingerprint256 } = socket.getPeerCertificate();
  // One that is over is still known: its charger is told so, and may come by its password.
  const isOurs = socket.authorized || String(socket.authorizationError) === 'CERT_HAS_EXPIRED';
  return isOurs && typeof fingerprint256 === 'string' ? fingerprint256.replaceAll(':', '').toLowerCase() : null;
}

/** The profile of a link, from how it came and what it has shown. */
export function securityOf({ socket }: IncomingMessage, proven: 'password' | 'certificate' | undefined): 0 | 1 | 2 | 3 {
  if (proven === undefined) return 0;
  if (!(socket instanceof TLSSocket)) return 1;
  return proven === 'certificate' ? 3 : 2;
}

export function listening(server: HttpServer | Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, fail) => {
    server.once('error', fail);
    server.listen({ host, port, backlog: 4096 }, resolve);
  });
}
