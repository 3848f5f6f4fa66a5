import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { remoteAddressOf } from '#src/edges/remote-address.ts';
import { stopperOf } from '#src/edges/stopper.ts';
import { FILE_BYTES_MAX } from './folder.ts';
import { firstFile } from './form-file.ts';
import type { Drop, DropRefusal, Knock } from './drop.ts';

/** A charger that sends or takes nothing for so long has gone. */
const IDLE_MS = 120_000;
/** One transfer, from its first byte to its last: 256 MB at 20 kB/s, the slowest mobile link there is. */
const TRANSFER_MS_MAX = 4 * 3_600_000;
const PATH_CHARACTERS_MAX = 500;

const STATUSES: Readonly<Record<DropRefusal, number>> = {
  'drop-unknown': 404,
  'drop-expired': 410,
  'drop-other-charger': 404,
  'drop-closed': 409,
  'drop-file-gone': 404,
  'drop-too-large': 413,
  'drop-broken': 400,
  'drop-busy': 503,
  'drop-wrong-way': 405,
};

export type DropServer = { readonly port: number; stop(): Promise<void> };

/**
 * The drop over HTTP: `/drop/<identity>/<job>.<secret>/<file>`. GET with ranges fetches a firmware; PUT and POST, plain
 * or as a form with a file, leave a log. What comes after the key is the charger's own: some add a file name, some not.
 */
export async function listenDropHttp(options: { host: string; port: number; drop: Drop }): Promise<DropServer> {
  const { drop } = options;
  const server = createServer({ requestTimeout: TRANSFER_MS_MAX }, (request, response) => {
    serve(drop, request, response).catch(() => {
      // The connection broke while we answered, which the drop has told of already.
      response.destroy();
    });
  });
  const stop = stopperOf(server);
  server.setTimeout(IDLE_MS);
  await new Promise<void>((resolve, fail) => {
    server.once('error', fail);
    server.listen({ host: options.host, port: options.port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    // A transfer may take hours, and goes on from where it was cut.
    stop: () => stop(0),
  };
}

async function serve(drop: Drop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const knock = knockOf(request);
  switch (knock === null ? null : request.method) {
    case 'GET':
    case 'HEAD':
      return send(drop, knock as Knock, request, response);
    case 'PUT':
    case 'POST':
      return receive(drop, knock as Knock, request, response);
    default:
      return finish(response, knock === null ? 404 : 405);
  }
}

function knockOf(request: IncomingMessage): Knock | null {
  const parts = /^\/drop\/([^/?]+)\/([\w.-]+)(?:[/?]|$)/.exec((request.url ?? '').slice(0, PATH_CHARACTERS_MAX));
  if (parts === null) return null;
  const [, identity = '', key = ''] = parts;
  try {
    const remoteAddress = remoteAddressOf(request.socket);
    return { identity: decodeURIComponent(identity), key, remoteAddress };
  } catch {
    return null; // URIError: a stray % sign.
  }
}

async function send(drop: Drop, knock: Knock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const opened = await drop.admit(knock, 'firmware');
  if (!opened.ok) return finish(response, STATUSES[opened.why]);
  const total = await drop.size(knock, opened.job);
  if (total === null) return finish(response, 404);
  const range = rangeOf(request.headers.range, total);
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes', 'cache-control': 'no-store' };
  if (range === null) {
    response.writeHead(416, { 'content-range': `bytes */${total}`, 'content-length': '0' }).end();
    return;
  }
  const { start, end: last } = range;
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    ...headers,
    'content-length': String(last - start + 1),
    ...(isPart && { 'content-range': `bytes ${start}-${last}/${total}` }),
  });
  if (request.method === 'HEAD' || total === 0) {
    response.end();
    return;
  }
  await pipeline(drop.fetch(knock, opened.job, { start, end: last, total }), response);
}

/** `bytes=100-`, which a charger asks for to go on where it was cut; the whole file without. Null: outside of it. */
function rangeOf(header: string | undefined, total: number): { readonly start: number; readonly end: number } | null {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? 'bytes=0-');
  // Several ranges at once are beyond what a charger needs: it gets the whole file, as RFC 9110 §14.2 allows.
  if (parts === null) return { start: 0, end: total - 1 };
  const [, from = '', to = ''] = parts;
  const start = from === '' ? Math.max(0, total - Number(to)) : Number(from);
  const end = from === '' || to === '' ? total - 1 : Math.min(Number(to), total - 1);
  return start <= end || total === 0 ? { start, end } : null;
}

async function receive(drop: Drop, knock: Knock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  const opened = await drop.admit(knock, 'log');
  if (!opened.ok) return away(request, response, STATUSES[opened.why]);
  // A length that is too long is refused before it is waited for.
  const bytes = Number.isSafeInteger(length) && length <= FILE_BYTES_MAX + 10_000 ? length : null;
  const isForm = /^multipart\/form-data/i.test(request.headers['content-type'] ?? '');
  const { stream, fileName } = isForm
    ? await firstFile(request, request.headers['content-type'])
    : { stream: request, fileName: lastOf(request.url) };
  if (stream === null) return away(request, response, 400);
  const left = await drop.leave(knock, opened.job, stream, { fileName, bytes: isForm ? null : bytes });
  if (left.ok) return finish(response, 201);
  return away(request, response, STATUSES[left.why]);
}

/** What comes after the key: `/drop/<identity>/<key>/diag.zip`. */
function lastOf(url: string | undefined): string {
  const [, name = ''] = /^\/drop\/[^/]+\/[^/?]+\/([^?]*)/.exec(url ?? '') ?? [];
  return name.split('/').at(-1) || 'log';
}

function finish(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-length': '0' }).end();
}

/** A refusal closes the connection: what the charger still wants to send is not read. */
function away(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { 'content-length': '0', connection: 'close' });
  response.end(() => request.destroy());
}
