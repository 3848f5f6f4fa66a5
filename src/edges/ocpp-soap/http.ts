import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { httpStatusOf } from '#src/wire/ocpp-soap/faults.ts';
import type { EdgeHandlers } from '../handlers.ts';
import { refuseOtherThanHttp, tellOfFailedTls } from '../not-spoken.ts';
import type { ServerCertificates } from '../server-certificates.ts';
import { stopperOf } from '../stopper.ts';
import type { Reply } from './link.ts';

/** The whole of an envelope, over the worst of mobile networks. */
const REQUEST_MS = 120_000;
/** Longer than routers keep an idle connection, so that none sends a request into one that we are just closing. */
const KEEP_ALIVE_MS = 75_000;
const SOAP = 'application/soap+xml; charset=utf-8';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export type ListeningHttp = {
  readonly port: number;
  /** Whoever is being answered may still be; the rest is cut after `graceMs`. */
  stop(graceMs: number): Promise<void>;
};

/** Listens on one port, over TLS when there is a certificate. @throws when the port cannot be listened on. */
export async function listenHttp(
  of: { readonly host: string; readonly port: number; readonly certificates: ServerCertificates | null },
  listener: Listener,
  handlers: EdgeHandlers,
): Promise<ListeningHttp> {
  const options = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS / 2, keepAliveTimeout: KEEP_ALIVE_MS };
  const secure =
    of.certificates?.serve({ minVersion: 'TLSv1.2' }, (tls) => createTlsServer({ ...options, ...tls }, listener)) ??
    null;
  if (secure !== null) tellOfFailedTls(secure, handlers);
  const server = secure ?? createServer(options, listener);
  const stop = stopperOf(server);
  refuseOtherThanHttp(server, handlers);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: of.host, port: of.port, backlog: 4096 }, resolve);
  });
  return { port: (server.address() as AddressInfo).port, stop };
}

export function replyOn(response: ServerResponse): Reply {
  return {
    send: (envelope) => respond(response, httpStatusOf(envelope), envelope),
    drop: () => response.destroy(),
  };
}

/** `isLast`: nothing more is read of this sender, who may not have finished. */
export function respond(response: ServerResponse, status: number, envelope: string, isLast = false): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = Buffer.from(envelope);
  response.writeHead(status, {
    'content-type': SOAP,
    'content-length': bytes.length,
    ...(isLast ? { connection: 'close' } : {}),
  });
  response.end(bytes, () => {
    if (isLast) response.req.destroy();
  });
}

export function respondText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}
