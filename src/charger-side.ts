import { hostname } from 'node:os';
import { nactMailboxes } from '#actors/shell.ts';
import { connectorOf } from '#actors/connector/state.ts';
import { chargePointOf } from '#actors/charge-point/state.ts';
import type { Links } from '#actors/engine.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import { kitSerialOf, type WriteApnSms } from '#src/domain/kit.ts';
import type { Edge } from '#src/edges/edge.ts';
import type { EdgeHandlers, Refusal } from '#src/edges/handlers.ts';
import type { KitDoor } from '#src/edges/lafonpulse/kit-door.ts';
import { listenLafonPulse } from '#src/edges/lafonpulse/server.ts';
import type { TlsOptions } from '#src/edges/ocpp-json/secure.ts';
import { listenOcppJson } from '#src/edges/ocpp-json/server.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { ActorId, Storage } from '#src/storage/ports.ts';
import type { RechargeStore } from '#src/storage/recharge-port.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import { protocolOf, type Protocol } from '#src/wire/protocol.ts';
import { doorkeeper, type Owner } from './adoption.ts';
import type { Authority } from './charger-security/authority.ts';
import { certificateTerms } from './charger-security/terms.ts';
import { lockedDoor } from './charger-security/door.ts';
import { certifier } from './charger-security/certifier.ts';
import { offerBy } from './drop/files.ts';
import { startDrop, type DropOptions, type StartedDrop } from './drop/start.ts';
import { refusalNotes } from './refusals.ts';
import { startSoapSide, wayOver, type SoapPorts } from './soap-side.ts';
import { stationsOver } from './stations.ts';
import { startSupervision, type AlertDeps, type CustomerLetters, type Supervision } from './supervision.ts';

/** What is told while running; `pino` fits. */
export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};
export type ChargerSide = {
  readonly supervision: Supervision;
  /** What listens for chargers, by the protocol that is spoken there. */
  readonly edges: ReadonlyMap<Protocol, Edge>;
  /** The port for chargers that speak this; 0 when nothing listens for them. */
  readonly portOf: (protocol: Protocol) => number;
  /** OCPP 1.6 JSON over TLS; null without a certificate. */
  readonly tlsPort: number | null;
  /** Where chargers fetch and leave files; null without. */
  readonly drop: StartedDrop | null;
  /** Open links, of all protocols. */
  readonly links: () => number;
  /** Answers what is under way, tells the store what it must know, and closes every link. */
  stop(): Promise<void>;
};

/** The name of this process towards the store. */
export function nodeName(): string {
  return `${hostname()}/${process.pid}`;
}

/** The same failure of a disk comes with every message: it is logged once in a while. */
const FAILURE_LOG_MS = 5_000;
/** The server cannot go on with this link (RFC 6455 §7.4.1). */
const INTERNAL_ERROR = 1011;
/** Private use (RFC 6455 §7.4.2): nobody declares this charge point any more. */
const NO_LONGER_DECLARED = 4002;
/** Private use: what this kit signs by is worth nothing any more. */
const KEY_CHANGED = 4003;

/** Actors on nact, chargers on sockets, over one storage. Pages are not needed for it. */
export async function startChargerSide(options: {
  readonly storage: Storage;
  readonly host: string;
  readonly ocppJsonPort: number;
  /** Null: nothing listens for SOAP. */
  readonly soap: SoapPorts | null;
  /** Null: nothing listens for Pulse kits. */
  readonly lafonPulse?: { readonly port: number; readonly kits: KitDoor } | null;
  /** The SMS of a kit's access point (LAF-05). */
  readonly writeApnSms?: WriteApnSms;
  readonly welcomeStrangers: boolean;
  readonly office: Office | null;
  readonly timeZone: string;
  readonly alerts: AlertDeps | null;
  readonly recharges: RechargeStore | null;
  /** What customers are told by SMS; without, nothing. */
  readonly customerLetters?: CustomerLetters;
  readonly strangersTo?: Owner | null;
  /** The passwords and certificates of chargers; without, nobody is asked for one. */
  readonly credentials?: ChargerCredentials | null;
  /** OCPP 1.6 JSON over TLS; without a certificate of ours there is none. */
  readonly tls?: Omit<TlsOptions, 'clientRoot'> | null;
  /** Certifies chargers; without, what they ask for is refused. */
  readonly authority?: Authority | null;
  /** Files that chargers fetch and leave; without, there are none. */
  readonly drop?: DropOptions | null;
  readonly log: Log;
  /** Epoch ms; the computer's own clock unless told. */
  readonly now?: () => number;
  /** Gives back what cancels it; by the computer's own clock unless told. */
  readonly wakeIn?: (ms: number, run: () => void) => () => void;
}): Promise<ChargerSide> {
  const { storage, log, now = Date.now } = options;
  const edges = new Map<Protocol, Edge>();
  const edgeOf = (linkId: number) => edges.get(protocolOf(linkId));
  const closeChargePoint = (chargePointId: string, code: number, why: string) =>
    edges.forEach((edge) => edge.closeChargePoint(chargePointId, code, why));
  const links: Links = {
    answer: (to, frame) => edgeOf(to.linkId)?.answer(to, frame),
    abandon: (to) => edgeOf(to.linkId)?.abandon(to),
    call: (linkId, callId, frame) => edgeOf(linkId)?.call(linkId, callId, frame),
    close: (linkId, code, why) => edgeOf(linkId)?.close(linkId, code, why),
  };
  const noteOf = refusalNotes();
  let failureLoggedMs = 0;
  const onStoreFailure = (about: string, error: unknown) => {
    if (now() - failureLoggedMs < FAILURE_LOG_MS) return;
    failureLoggedMs = now();
    log.error({ about, error: String(error) }, 'the store failed');
  };
  const stationOf = stationsOver(options.office, storage.reader);
  const mailboxes = nactMailboxes((id, error) => log.error({ id, error: stackOf(error) }, 'an actor crashed'));
  let drop: StartedDrop | null = null;
  const supervision = await startSupervision({
    storage,
    mailboxes,
    links,
    now,
    wakeIn: options.wakeIn ?? wakeIn,
    welcomeStrangers: options.welcomeStrangers,
    onStoreFailure,
    office: options.office,
    timeZone: options.timeZone,
    ...(options.writeApnSms && { writeApnSms: options.writeApnSms }),
    alerts: options.alerts,
    certify: options.authority && options.credentials ? certifier(options.authority, options.credentials) : null,
    wayTo: wayOver({ stationOf, edgeOf: (protocol) => edges.get(protocol) }),
    offer: async (of) => (drop === null ? null : offerBy(drop.files, of)),
    certificates: certificateTerms(options.credentials ?? null, options.tls?.certificates ?? null),
    recharges: options.recharges,
    ...(options.customerLetters && { customerLetters: options.customerLetters }),
    onKeyChanged: (chargePointId) => closeChargePoint(chargePointId, KEY_CHANGED, 'its key was replaced'),
    onForgotten: (chargePointId) => closeChargePoint(chargePointId, NO_LONGER_DECLARED, 'no longer declared'),
    onDropped: (id) => closeChargePoint(ownerOf(id), INTERNAL_ERROR, 'the server cannot store'),
    onBug(id, message, error) {
      log.error({ id, type: (message as { type?: unknown }).type, error: stackOf(error) }, 'a message was dropped');
      storage.note({
        atMs: now(),
        chargePointId: ownerOf(id) || null,
        connectorId: null,
        level: 'critical',
        kind: 'server',
        name: 'bug',
        request: (message as { frame?: string | null }).frame ?? null,
        answer: null,
        note: String(error).slice(0, 300),
      });
    },
  });
  const onAdmissionFailure = (error: unknown) => onStoreFailure('admission', error);
  const admit = doorkeeper({
    storage,
    welcomeStrangers: options.welcomeStrangers,
    office: options.office,
    stationOf,
    strangersTo: options.strangersTo ?? null,
    now,
    declare: supervision.declare,
    onFailure: onAdmissionFailure,
  });
  const stationIdOf = async (chargePointId: string) =>
    (await storage.reader.chargePoint(chargePointKey(chargePointId)))?.stationId ?? null;
  const handlers: EdgeHandlers = {
    now,
    admit: options.credentials
      ? lockedDoor({
          admit,
          credentials: options.credentials,
          stationOf: stationIdOf,
          now,
          onFailure: onAdmissionFailure,
        })
      : admit,
    deliver(chargePointId, message) {
      if (message.type === 'link-up') supervision.radar.admitted(chargePointId, message.atMs);
      supervision.deliver(chargePointId, message);
      const card = options.office === null ? null : cardOf(message);
      if (card !== null && kitSerialOf(chargePointId) !== null) supervision.cardDetected(chargePointId, card);
    },
    heard: supervision.heard,
    isStrict: supervision.isStrict,
    refused(refusal) {
      const note = noteOf(refusal);
      if (note !== null) void noteRefusal(storage, refusal, note);
      void supervision.radar.noticed(refusal, () => knownId(storage, refusal.identity));
    },
    halfMade: (refusal) => void supervision.radar.noticed(refusal, () => knownId(storage, refusal.identity)),
    ignored(chargePointId, frame, why, atMs) {
      storage.note({
        atMs,
        chargePointId,
        connectorId: null,
        level: 'problem',
        kind: 'frame-in',
        name: 'ignored-frame',
        request: frame,
        answer: null,
        note: why,
      });
    },
  };
  const { host } = options;
  const { deliver: progress } = supervision;
  if (options.drop) drop = await startDrop({ ...options.drop, host, now, progress, refused: handlers.refused });
  const tls = options.tls ? { ...options.tls, clientRoot: options.authority?.root ?? null } : null;
  const json = await listenOcppJson({ host, port: options.ocppJsonPort, handlers, tls });
  edges.set('ocpp-1.6-json', json);
  if (options.soap !== null) {
    for (const [protocol, edge] of await startSoapSide({ host, ports: options.soap, handlers, stationOf }))
      edges.set(protocol, edge);
  }
  const { lafonPulse = null } = options;
  if (lafonPulse !== null)
    edges.set('lafonpulse', await listenLafonPulse({ host, ...lafonPulse, handlers, told: settingsTold(storage) }));
  return {
    supervision,
    edges,
    tlsPort: json.tlsPort,
    drop,
    portOf: (protocol) => edges.get(protocol)?.port ?? 0,
    links: () => [...edges.values()].reduce((sum, edge) => sum + edge.links(), 0),
    async stop() {
      await Promise.all([...edges.values(), ...(drop === null ? [] : [drop])].map((one) => one.stop()));
      await storage.actors.drain();
      await supervision.flush().catch((error: unknown) => onStoreFailure('heard', error));
      supervision.stop();
      mailboxes.close();
    },
  };
}

function wakeIn(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** A refused box that is known has the line on its own page too; one that is inactive does not exist (MOD-06). */
async function noteRefusal(storage: Storage, refusal: Refusal, note: string): Promise<void> {
  const { atMs, identity, path } = refusal;
  storage.note({
    atMs,
    chargePointId: await knownId(storage, identity),
    connectorId: null,
    level: 'problem',
    kind: 'refused',
    name: identity ?? path,
    request: path,
    answer: null,
    note,
  });
}

/** The active charger that this identity names. A disk that refuses to be read is told of elsewhere. */
async function knownId(storage: Storage, identity: string | null): Promise<string | null> {
  if (identity === null) return null;
  const known = await storage.reader.chargePoint(chargePointKey(identity)).catch(() => null);
  return known === null || known.inactive ? null : known.chargePointId;
}

/** What a kit is told to go by is a line of its journal, beside the frames of its charger. */
function settingsTold(storage: Storage) {
  return (chargePointId: string, set: string, atMs: number): void =>
    storage.note({
      atMs,
      chargePointId,
      connectorId: null,
      level: 'info',
      kind: 'server',
      name: 'settings',
      request: set,
      answer: null,
      note: null,
    });
}

/** The SIM card that a charger tells of when it starts; null for everything else. */
function cardOf(message: LinkMessage): string | null {
  const isStart = message.type === 'call' && message.call.action === 'BootNotification';
  return isStart ? (message.call.iccid ?? null) : null;
}

/** The charge point whose link an actor speaks through; empty for a wallet. */
function ownerOf(id: ActorId): string {
  if (id.startsWith('charge-point/')) return chargePointOf(id);
  return id.startsWith('connector/') ? connectorOf(id).chargePointId : '';
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
