import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkIdOf } from '#src/wire/protocol.ts';
import type { HandshakeOddity } from '#src/wire/ocpp/messages.ts';
import { chooseSubprotocol, identityFromPath, isOddPath, type SubprotocolChoice } from '#src/wire/ocpp/subprotocol.ts';
import { calledAs } from '../called-as.ts';
import type { Edge } from '../edge.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import type { Arrival, EdgeHandlers } from '../handlers.ts';
import { Knocks } from '../knocks.ts';
import { refuseOtherThanHttp, tellOfFailedTls } from '../not-spoken.ts';
import { remoteAddressOf } from '../remote-address.ts';
import { stopperOf } from '../stopper.ts';
import { basicOf } from './basic.ts';
import { OcppJsonLink } from './link.ts';
import { mendHandshakes } from './mended-handshake.ts';
import { PingRhythm } from './ping-rhythm.ts';
import { clientCertificate, listening, secureServer, securityOf, type TlsOptions } from './secure.ts';
import { RawTextSender, type TextSender } from './text-sender.ts';

/** Beyond, `ws` itself closes the link (1009); up to it, a frame that is too long is answered (field-16). */
const SOCKET_BYTES_MAX = 1_048_576;
/** Twice the heartbeat interval and a minute: no link is closed for silence before that (field-11). */
export const SILENT_CLOSE_MS = 2 * 900_000 + 60_000;
const SWEEP_MS = 20_000;
/** Time to take the close frame of a refusal. */
const SEND_AWAY_MS = 2_000;
/** For chargers that take leave, and whoever waits for an answer, while we stop. */
const STOP_GRACE_MS = 500;
const PROTOCOL_ERROR = 1002;
const GOING_AWAY = 1001;
const REPLACED = 4000;
/** No close frame came: the connection just broke (RFC 6455 §7.1.5). */
const BROKEN = 1006;

export type OcppJsonOptions = {
  readonly host: string;
  readonly port: number;
  readonly handlers: EdgeHandlers;
  readonly tls?: TlsOptions | null;
};
/** `tlsPort` is null without a certificate. */
export type OcppJsonEdge = Edge & { readonly tlsPort: number | null };

/**
 * Listens for OCPP-J 1.6 chargers. The identity is admitted, with whatever is odd about its handshake, before that is
 * answered; the newest socket of an identity wins at once (field-09).
 */
export async function listenOcppJson(options: OcppJsonOptions): Promise<OcppJsonEdge> {
  const { handlers } = options;
  const links = new Map<number, OcppJsonLink>();
  const current = new Map<string, OcppJsonLink>();
  const knocks = new Knocks();
  const rhythm = new PingRhythm();
  let lastLinkSerial = 0;
  /** Set while stopping: told when the last link is gone. */
  let emptied: (() => void) | null = null;

  /** Requests of boxes that are taken to speak 1.6, whatever they offer. */
  const assumed = new WeakSet<IncomingMessage>();

  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: SOCKET_BYTES_MAX,
    // A byte that is not UTF-8 is a fault of one frame, answered as such, and no reason to close (field-16).
    skipUTF8Validation: true,
    clientTracking: false,
    handleProtocols: (offered, request) => {
      const choice = chooseSubprotocol(offered);
      if (choice.ok) return choice.header;
      // Whatever it calls OCPP 1.6: a client that is not told one of its own names hangs up (RFC 6455 §4.1).
      const [named = false] = offered;
      return assumed.has(request) ? named : false;
    },
  });
  function answer(request: IncomingMessage, response: ServerResponse): void {
    refuse(request, null, 'not-a-websocket');
    response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
    response.end('This is the OCPP-J 1.6 port: dial ws://host:port/<identity> with sub-protocol ocpp1.6.\n');
  }
  const server = createServer(answer);
  const secure = options.tls ? secureServer(options.tls, answer) : null;
  const servers = [server, secure].filter((one) => one !== null);
  const mended = servers.map(mendHandshakes);
  const stoppers = servers.map(stopperOf);
  for (const one of servers) {
    refuseOtherThanHttp(one, handlers);
    one.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      upgrade(request, socket, head).catch(() => reject(socket, 503));
    });
  }
  if (secure !== null) tellOfFailedTls(secure, handlers);

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const named = identityFromPath(request.url ?? '/');
    if (!named.ok) {
      refuse(request, null, `identity-${named.why}`);
      return reject(socket, named.why === 'missing' ? 404 : 400);
    }
    const offered = request.headers['sec-websocket-protocol']?.split(',') ?? [];
    const choice = chooseSubprotocol(offered);
    const oddities = odditiesOf({
      choice,
      lacksConnection: mended.some((those) => those.has(socket)),
      path: request.url ?? '/',
    });
    const { identity } = named;
    const arrival: Arrival = {
      identity,
      protocol: 'ocpp-1.6-json',
      remoteAddress: remoteAddressOf(request.socket),
      basic: basicOf(request, identity),
      certificate: clientCertificate(request),
      oddities,
    };
    await knocks.during(
      identity,
      () => handlers.admit(arrival),
      (admission) => {
        // It tries again, and is told then what holds now.
        if (admission === null) return reject(socket, 503);
        if (!admission.ok) {
          const { why, status } = admission;
          const isOther = why === ('unsupported-subprotocol' satisfies HandshakeOddity);
          refuse(request, identity, isOther ? `${why}: ${offered.join(',').slice(0, 80)}` : why);
          // It hears why in the close frame (OCPP-J 1.6 §3.1.2).
          const isSubprotocol = isOther || why === ('no-subprotocol' satisfies HandshakeOddity);
          return isSubprotocol ? sockets.handleUpgrade(request, socket, head, sendAway) : reject(socket, status);
        }
        assumed.add(request);
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          open(webSocket, {
            sender: new RawTextSender(socket),
            chargePointId: admission.chargePointId,
            remoteAddress: arrival.remoteAddress,
            calledAs: calledAs(request),
            security: securityOf(request, admission.proven),
            tolerated: oddities,
            note: oddities.length === 0 ? null : oddities.join(' '),
          });
        });
      },
    );
  }

  type Opened = Pick<
    Extract<LinkMessage, { type: 'link-up' }>,
    'remoteAddress' | 'calledAs' | 'security' | 'tolerated' | 'note'
  > & {
    sender: TextSender;
    chargePointId: string;
  };

  function open(socket: WebSocket, { sender, chargePointId, ...up }: Opened): void {
    const link = new OcppJsonLink({
      id: linkIdOf('ocpp-1.6-json', ++lastLinkSerial),
      chargePointId,
      socket,
      sender,
      handlers,
      rhythm,
    });
    current.get(chargePointId)?.terminate();
    links.set(link.id, link);
    current.set(chargePointId, link);
    socket.on('close', (code: number) => {
      links.delete(link.id);
      if (links.size === 0) emptied?.();
      // One that gave way to a newer link of its own charger is not half-made.
      if (!link.hasSpoken && current.get(chargePointId) === link) {
        const { remoteAddress } = up;
        const half = {
          identity: chargePointId,
          remoteAddress,
          path: `/${chargePointId}`,
          why: `said-nothing: ${code}`,
        };
        handlers.halfMade?.({ atMs: handlers.now(), ...half });
      }
      if (current.get(chargePointId) === link) {
        current.delete(chargePointId);
        if (code === BROKEN) rhythm.dropped(chargePointId, handlers.now() - link.heardAtMs);
      }
      handlers.deliver(chargePointId, { type: 'link-down', linkId: link.id, code, atMs: handlers.now() });
    });
    const atMs = handlers.now();
    handlers.heard(chargePointId, atMs);
    handlers.deliver(chargePointId, { type: 'link-up', linkId: link.id, ...up, atMs });
  }

  function refuse(request: IncomingMessage, identity: string | null, why: string): void {
    const path = (request.url ?? '').slice(0, 200);
    handlers.refused({ atMs: handlers.now(), identity, remoteAddress: remoteAddressOf(request.socket), path, why });
  }

  /** One timer looks after every link: who has been silent is asked, who stays silent is let go (field-11). */
  const sweep = setInterval(() => {
    const nowMs = handlers.now();
    for (const link of links.values()) {
      const silentMs = nowMs - link.heardAtMs;
      if (silentMs > SILENT_CLOSE_MS) link.terminate();
      const afterMs = rhythm.afterMs(link.chargePointId);
      if (silentMs > afterMs && nowMs - link.pingedAtMs > afterMs * (1 + link.pingsUnanswered)) link.ping(nowMs);
    }
  }, SWEEP_MS);

  await listening(server, options.host, options.port);
  if (secure !== null) await listening(secure, options.host, options.tls?.port ?? 0);

  return {
    port: (server.address() as AddressInfo).port,
    tlsPort: secure === null ? null : (secure.address() as AddressInfo).port,
    links: () => links.size,
    answer: (to, frame) => links.get(to.linkId)?.answer(to.messageId, frame),
    abandon: (to) => links.get(to.linkId)?.abandon(to.messageId),
    call: (linkId, _callId, frame) => links.get(linkId)?.call(frame),
    close(linkId, code, why) {
      const link = links.get(linkId);
      if (code === REPLACED) link?.terminate();
      else link?.close(code, why);
    },
    closeChargePoint(chargePointId, code, why) {
      knocks.closed(chargePointId);
      current.get(chargePointId)?.close(code, why);
    },
    async stop() {
      clearInterval(sweep);
      for (const link of links.values()) link.close(GOING_AWAY, 'the server stops');
      const closed = Promise.all(stoppers.map((stop) => stop(STOP_GRACE_MS)));
      // A link tells of its end a moment after its connection is gone: whoever listens to it must still be there.
      const told = new Promise<void>((resolve) => {
        emptied = resolve;
        if (links.size === 0) resolve();
      });
      setTimeout(() => {
        for (const link of links.values()) link.terminate();
      }, STOP_GRACE_MS).unref();
      await Promise.all([closed, told]);
    },
  };
}

/** What is odd about a handshake, what matters most first (field-25). */
function odditiesOf(of: {
  readonly choice: SubprotocolChoice;
  readonly lacksConnection: boolean;
  readonly path: string;
}): readonly HandshakeOddity[] {
  const oddities: HandshakeOddity[] = [];
  if (!of.choice.ok) oddities.push(of.choice.why === 'unsupported' ? 'unsupported-subprotocol' : 'no-subprotocol');
  if (of.lacksConnection) oddities.push('no-connection-upgrade');
  if (isOddPath(of.path)) oddities.push('odd-path');
  return oddities;
}

/** Whatever it still says falls on deaf ears, and it is not waited for long. */
function sendAway(socket: WebSocket): void {
  socket.on('error', () => undefined);
  socket.close(PROTOCOL_ERROR, 'ocpp1.6 is the only sub-protocol here');
  setTimeout(() => socket.terminate(), SEND_AWAY_MS).unref();
}

function reject(socket: Duplex, status: 400 | 401 | 404 | 503): void {
  const asked = status === 401 ? 'WWW-Authenticate: Basic realm="OCPP"\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${asked}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
