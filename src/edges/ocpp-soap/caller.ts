import { lookup } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { readBody } from './body.ts';
import { isLocal, type Unreachable } from './reach.ts';

/** A modem that was asleep answers the first packet late; a charger that is off never does. */
const CONNECT_MAX_MS = 20_000;
/** Longer than the actor waits, so that a late answer is still recorded (field-15). */
export const ANSWER_MAX_MS = 180_000;

export type Posted =
  /** `status` of HTTP; the text may be anything. */
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly why: Unreachable };

/** Marks a name that leads to where no charger may send us. */
class ForbiddenAddress extends Error {}

/**
 * Posts an envelope to a charger. No redirection is followed, and `mayBeLocal` alone lets it go to this machine or its
 * link: an address comes from whoever pretends to be a charger. Never rejects; an aborted call ends as `hung-up`.
 */
export async function post(
  url: URL,
  envelope: string,
  options: { readonly mayBeLocal: boolean; readonly signal: AbortSignal },
): Promise<Posted> {
  const { mayBeLocal, signal } = options;
  if (!mayBeLocal && isIP(bare(url.hostname)) !== 0 && isLocal(url.hostname))
    return { ok: false, why: 'forbidden-address' };
  try {
    const response = await sent(url, envelope, { signal, ...(mayBeLocal ? {} : { lookup: guardedLookup }) });
    const body = await readBody(response);
    if (!body.ok) {
      response.destroy();
      return { ok: false, why: body.why === 'broken' ? 'hung-up' : 'not-soap' };
    }
    return { ok: true, status: response.statusCode ?? 0, text: body.text };
  } catch (error) {
    return { ok: false, why: whyOf(error) };
  }
}

function sent(url: URL, envelope: string, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(envelope);
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      {
        ...options,
        method: 'POST',
        // The small servers of chargers hang up when they like: no connection is kept for the next call.
        agent: false,
        headers: { 'content-type': contentTypeOf(envelope), 'content-length': bytes.length },
        timeout: ANSWER_MAX_MS,
      },
      resolve,
    );
    const connecting = setTimeout(() => request.destroy(new TimedOut()), CONNECT_MAX_MS).unref();
    request.on('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
    request.on('timeout', () => request.destroy(new TimedOut()));
    request.on('close', () => clearTimeout(connecting));
    request.on('error', reject);
    request.end(bytes);
  });
}

class TimedOut extends Error {}

/** RFC 3902: the action of WS-Addressing rides in the header too, where some chargers look for it. */
function contentTypeOf(envelope: string): string {
  const action = /<w:Action[^>]*>([^<"]+)</.exec(envelope)?.[1];
  return `application/soap+xml; charset=utf-8${action === undefined ? '' : `; action="${action}"`}`;
}

/** As `dns.lookup`, for a name that must not lead to this machine or its link. */
const guardedLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) return done(error ?? new ForbiddenAddress(), '');
    if (addresses.some(({ address }) => isLocal(address))) return done(new ForbiddenAddress(), '');
    if (options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function whyOf(error: unknown): Unreachable {
  if (error instanceof ForbiddenAddress) return 'forbidden-address';
  if (error instanceof TimedOut) return 'timed-out';
  const code = (error as NodeJS.ErrnoException).code ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection-refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'unknown-host';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'no-route';
    case 'ETIMEDOUT':
      return 'timed-out';
    default:
      return /CERT|SELF_SIGNED|TLS|SSL/.test(code) ? 'bad-certificate' : 'hung-up';
  }
}
