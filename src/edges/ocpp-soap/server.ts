import type { IncomingMessage, ServerResponse } from 'node:http';
import { CENTRAL_SYSTEM, type SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { Edge } from '../edge.ts';
import { calledAs } from '../called-as.ts';
import type { EdgeHandlers } from '../handlers.ts';
import { OutgoingCalls } from './calls.ts';
import type { ServerCertificates } from '../server-certificates.ts';
import { listenHttp, respondText } from './http.ts';
import { SoapLinks } from './links.ts';
import { remoteAddressOf } from '../remote-address.ts';
import type { ReachSettings } from './reach.ts';
import { Receiver } from './receiver.ts';

/** How often silent chargers are looked for. */
export const SWEEP_MS = 20_000;
const GOING_AWAY = 1001;
/** For whoever waits for an answer while we stop. */
const STOP_GRACE_MS = 500;

/** Where each version is served, as the manual's server has it. */
const PATHS: Readonly<Record<SoapVersion, string>> = { '1.5': '/ModuleOCPP15.svc', '1.6': '/ModuleOCPP16.svc' };

export type SoapEdge = Edge & {
  /** Null without a certificate. */
  readonly tlsPort: number | null;
  /** A link to call by that has not been heard: `SoapLinks.wayTo`. */
  wayTo(chargePointId: string, lastAddress: string): number;
};
export type SoapOptions = {
  readonly version: SoapVersion;
  readonly host: string;
  /** Null: not listened on; 0: any free one. */
  readonly port: number | null;
  readonly tls: { readonly port: number; readonly certificates: ServerCertificates } | null;
  readonly handlers: EdgeHandlers;
  /** How a station says that its charger is reached; null when it says nothing. */
  readonly reachOf: (chargePointId: string) => Promise<ReachSettings | null>;
};

/** Serves OCPP over SOAP to chargers, and calls them where they listen. @throws when a port cannot be listened on. */
export async function listenOcppSoap(options: SoapOptions): Promise<SoapEdge> {
  const { version, host, handlers } = options;
  const protocol: Protocol = version === '1.5' ? 'ocpp-1.5-soap' : 'ocpp-1.6-soap';
  const links = new SoapLinks(protocol, handlers);
  const receiver = new Receiver({ version, protocol, links, handlers });
  const calls = new OutgoingCalls({ links, handlers, reachOf: options.reachOf });
  const path = PATHS[version].toLowerCase();

  function listener(request: IncomingMessage, response: ServerResponse): void {
    // A sender who hangs up half-way is told by the body, or has nothing to be told.
    request.on('error', () => undefined);
    const remoteAddress = remoteAddressOf(request.socket);
    const [asked = '', query = ''] = (request.url ?? '').split('?', 2);
    if (!isPath(asked, path)) {
      const why = 'unknown-path';
      handlers.refused({ atMs: handlers.now(), identity: null, remoteAddress, path: asked.slice(0, 200), why });
      return respondText(response, 404, 'text/plain', `OCPP ${version} over SOAP is at ${PATHS[version]}\n`);
    }
    if (request.method === 'POST') {
      const where = { remoteAddress, path: asked, calledAs: calledAs(request) };
      // What fails on our side is not answered: the charger keeps its message.
      receiver.receive(request, response, where).catch(() => response.destroy());
      return;
    }
    if (query.toLowerCase().startsWith('wsdl')) {
      return respondText(response, 200, 'text/xml; charset=utf-8', CENTRAL_SYSTEM[version].text);
    }
    respondText(
      response,
      405,
      'text/plain',
      `This is OCPP ${version}: chargers post SOAP 1.2 here; ?wsdl describes it.\n`,
    );
  }

  const plain =
    options.port === null
      ? null
      : await listenHttp({ host, port: options.port, certificates: null }, listener, handlers);
  const secure =
    options.tls === null
      ? null
      : await listenHttp({ host, ...options.tls }, listener, handlers).catch((error: unknown) => {
          void plain?.stop(0);
          throw error;
        });
  const servers = [plain, secure].filter((server) => server !== null);
  const sweep = setInterval(() => links.sweep(handlers.now()), SWEEP_MS);

  return {
    port: plain?.port ?? 0,
    tlsPort: secure?.port ?? null,
    links: () => links.size,
    wayTo: (chargePointId, lastAddress) => links.wayTo(chargePointId, lastAddress),
    answer: (to, frame) => links.answer(to.linkId, to.messageId, frame),
    abandon: (to) => links.abandon(to.linkId, to.messageId),
    call: (linkId, callId, frame) => calls.make(linkId, callId, frame),
    close: (linkId, code) => links.close(linkId, code),
    closeChargePoint: (chargePointId, code) => links.closeChargePoint(chargePointId, code),
    async stop() {
      clearInterval(sweep);
      await Promise.all(servers.map((server) => server.stop(STOP_GRACE_MS)));
      links.closeAll(GOING_AWAY);
      await calls.ended();
    },
  };
}

/** In any letter case, whatever slashes follow it. By hand: a pattern goes back and forth in a path of slashes. */
function isPath(asked: string, path: string): boolean {
  let end = asked.length;
  while (asked[end - 1] === '/') end -= 1;
  return end === path.length && asked.slice(0, end).toLowerCase() === path;
}
