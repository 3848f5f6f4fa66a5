import { serve, type ServerType } from '@hono/node-server';
import { randomBytes } from 'node:crypto';
import type { AddressInfo, Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { OutboxChannel } from '#src/domain/post.ts';
import { ownerIdOf } from '#src/domain/office/account.ts';
import type { EventLevel, EventRow } from '#src/storage/ports.ts';
import { openSqlite, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { stopperOf } from '#src/edges/stopper.ts';
import { alertLetter } from '#web/letters/alert.ts';
import { customerLetters } from '#web/letters/customer.ts';
import { createWeb } from '#web/app.ts';
import type { Demo } from '#web/deps.ts';
import { alertsOver } from './alerts/audience.ts';
import type { Owner } from './adoption.ts';
import { openAuthority } from './charger-security/authority.ts';
import { followCertificates } from './charger-security/certificate-files.ts';
import { chargerSecurityOver } from './charger-security/security.ts';
import { accountsOver } from './accounts.ts';
import { nodeName, startChargerSide, type ChargerSide, type Log } from './charger-side.ts';
import type { Config } from './config.ts';
import { exportEvents } from './event-export.ts';
import { apnSmsOver, kitDoor } from './kits.ts';
import { hashPassword, tokenHash, verifyPassword } from './password.ts';
import { AddressService } from './places/address-service.ts';
import { placesOver } from './places/places.ts';
import { configuredTransports } from './post/configured.ts';
import { postEvent } from './post-journal.ts';
import { startSender } from './post/sender.ts';
import { portsFree } from './ports-free.ts';
import { journalKeptOf, startPurge } from './purge.ts';
import { certificatePathsOf, portsOf, soapPortsOf, type SoapPorts } from './soap-side.ts';
import { secondFactorsOver } from './second-factors.ts';

/** A running server. */
export type Vigie = {
  readonly webPort: number;
  readonly ocppJsonPort: number;
  /** UDP, for Pulse kits; 0 where it is off. */
  readonly lafonPulsePort: number;
  readonly chargers: ChargerSide;
  readonly storage: SqliteStorage;
  /** Every address that pages and API answer at, as `GET /fleet/:chargePointId`. */
  readonly routes: readonly string[];
  /** Looks at the files of the certificates now; null without any. */
  readonly renewCertificates: (() => Promise<void>) | null;
  /** Stops listening, answers what is under way, and closes the database. */
  stop(): Promise<void>;
};

export type VigieOptions = {
  readonly config: Config;
  readonly log: Log;
  readonly version: string;
  /** Declares a world before anything listens. */
  readonly seed?: (storage: SqliteStorage) => Promise<void>;
  /** Who gets the chargers that nobody declared, where strangers are welcome; without, nobody has them. */
  readonly strangersTo?: Owner;
  /** What the login page of a demonstration gives away. */
  readonly demo?: Demo;
  /** The file now belongs to another process: this one must go. */
  readonly onFenced: () => void;
};

/** Opens the database, brings every actor back, and listens for chargers and browsers. */
export async function startVigie(options: VigieOptions): Promise<Vigie> {
  const { config, log } = options;
  const startedAtMs = Date.now();
  // Before the file is claimed: a second start by mistake must not take it from a server that runs (decision 0002).
  const soap = await soapPortsOf(config);
  const tls = tlsOf(config, soap.certificates);
  const others = [...portsOf(soap), ...(tls === null ? [] : [tls.port])];
  const drop = config.dropPort === 'off' ? null : config.dropPort;
  const ftp = config.dropFtpPort === 'off' ? null : config.dropFtpPort;
  await portsFree(config.host, [
    config.webPort,
    config.ocppJsonPort,
    ...others,
    ...[drop, ftp].filter((port) => port !== null),
  ]);
  const storage = await openSqlite({
    path: config.database,
    node: nodeName(),
    onFailure(failure) {
      log.error({ kind: failure.kind, code: failure.code }, failure.message);
      if (failure.kind === 'fenced') options.onFenced();
    },
  });
  await declareAccess(storage, config, startedAtMs);
  await options.seed?.(storage);
  const beside = (name: string): string => join(dirname(config.database), name);
  const authority = await openAuthority(config.authorityFolder || beside('authority'), startedAtMs);
  const { host, ocppJsonPort, welcomeStrangers } = config;
  const accounts = accountsOver({
    office: storage.office,
    registry: storage.registry,
    newId,
    timeZone: config.timeZone,
  });
  let webPort = config.webPort;
  const addressOf = (path: string): string => new URL(path, config.publicUrl || `http://localhost:${webPort}`).href;
  const chargers = await startChargerSide({
    storage,
    office: storage.office,
    timeZone: config.timeZone,
    alerts: alertsOver({
      storage,
      accounts,
      letterOf: alertLetter(addressOf, config.timeZone),
    }),
    recharges: storage.recharges,
    customerLetters: customerLetters(config.timeZone),
    host,
    ocppJsonPort,
    lafonPulse:
      config.lafonPulsePort === 'off' ? null : { port: config.lafonPulsePort, kits: kitDoor(storage.kits, Date.now) },
    writeApnSms: apnSmsOver(storage.kits),
    soap,
    welcomeStrangers,
    strangersTo: options.strangersTo ?? null,
    credentials: storage.credentials,
    authority,
    tls,
    drop: {
      folder: config.filesFolder || beside('files'),
      httpPort: drop,
      ftpPort: ftp,
      url: config.dropUrl,
      store: storage.drop,
      office: storage.office,
    },
    log,
  });
  const { smsReceived } = chargers.supervision;
  const transports = await configuredTransports(config, smsReceived);
  const web = createWeb({
    actors: chargers.supervision.directory,
    accounts,
    places: placesOver({
      service: config.geocoderUrl === '' ? null : new AddressService(config.geocoderUrl),
      onFailure: (why) => log.warn({ why }, 'the address service did not answer: the list of communes did'),
    }),
    secondFactors: secondFactorsOver(storage.office),
    registry: storage.registry,
    health: () => ({
      storage: storage.actors.health(),
      linkedChargePoints: chargers.links(),
      startedAtMs,
      version: options.version,
    }),
    now: Date.now,
    newId,
    newKey: () => randomBytes(32).toString('hex'),
    every(ms, run) {
      const timer = setInterval(run, ms);
      return () => clearInterval(timer);
    },
    verifyPassword,
    files: chargers.drop?.files ?? null,
    chargerSecurity: chargerSecurityOver(storage.credentials, Date.now, ({ chargePointId, serialNumber }, by) => {
      for (const edge of chargers.edges.values())
        edge.closeChargePoint(chargePointId, CERTIFICATE_REVOKED, 'its certificate was revoked');
      storage.note(serverLine('certificate-revoked', 'info', `${serialNumber} by ${by}`, chargePointId));
    }),
    exportEvents,
    post: {
      ...storage.post,
      transports: new Set(Object.keys(transports) as OutboxChannel[]),
      addressOf,
    },
    incomingSms:
      config.smsInSecret === ''
        ? null
        : { secret: config.smsInSecret, fields: config.smsInFields.split(','), received: smsReceived },
    site: {
      publicUrl: config.publicUrl || null,
      publisher: config.publisher || null,
      publisherAddress: config.publisherAddress || null,
      contact: config.contact || null,
      host: config.hostedBy || null,
    },
    timeZone: config.timeZone,
    journalKept: journalKeptOf(config),
    note: (event) => storage.note(event),
    proxies: config.proxies,
    demo: options.demo ?? null,
    log,
  });
  const { server, stop: stopListening } = await listen(web.app.fetch, config);
  webPort = (server.address() as AddressInfo).port;
  const sender = startSender({
    store: storage.post,
    transports,
    now: Date.now,
    wakeIn,
    told: (row, outcome) => storage.note(postEvent(row, outcome, Date.now())),
    log,
  });
  const paths = certificatePathsOf(config);
  const follower =
    soap.certificates === null || paths === null
      ? null
      : followCertificates({
          certificates: soap.certificates,
          paths,
          wakeIn,
          told(name, note) {
            const isFine = name === 'certificate-renewed';
            log[isFine ? 'info' : 'error']({ note }, name);
            storage.note(serverLine(name, isFine ? 'info' : 'problem', note));
          },
        });
  const stopPurge = startPurge({
    registry: storage.registry,
    office: storage.office,
    post: storage.post,
    alerts: storage.alerts,
    drop: chargers.drop,
    journalKept: journalKeptOf(config),
    log,
    now: Date.now,
    wakeIn,
  });
  return {
    webPort,
    ocppJsonPort: chargers.portOf('ocpp-1.6-json'),
    lafonPulsePort: chargers.portOf('lafonpulse'),
    chargers,
    storage,
    routes: web.app.routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${method} ${path}`])),
    renewCertificates: follower === null ? null : () => follower.look(),
    async stop() {
      stopPurge();
      follower?.stop();
      web.close();
      const closed = stopListening(0);
      await chargers.stop();
      await sender.stop();
      await closed;
      await storage.close();
    },
  };
}

/** Private use (RFC 6455 §7.4.2): whoever came in by this certificate is out. */
const CERTIFICATE_REVOKED = 4004;
/** Longer than proxies keep an idle connection, so that none sends a request into one that we are just closing. */
const KEEP_ALIVE_MS = 75_000;

function newId(): string {
  return randomBytes(18).toString('base64url');
}

/** A line of the journal about the server itself, or about what it did to one charger. */
function serverLine(name: string, level: EventLevel, note: string, chargePointId: string | null = null): EventRow {
  const none = { connectorId: null, request: null, answer: null } as const;
  return { ...none, atMs: Date.now(), chargePointId, level, kind: 'server', name, note };
}

/** A TLS port opens only with a certificate. */
function tlsOf({ ocppJsonTlsPort: port }: Config, certificates: SoapPorts['certificates']) {
  return certificates === null || port === 'off' ? null : { port, certificates };
}

function wakeIn(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}

/** The operator account and the API token of the configuration; both are left alone when it names none. */
async function declareAccess(storage: SqliteStorage, config: Config, nowMs: number): Promise<void> {
  const { registry } = storage;
  if (config.operatorPassword !== '') {
    const before = await registry.user(config.operatorUser);
    const isSame = before !== null && (await verifyPassword(config.operatorPassword, before.passwordHash));
    // AUT-09: a new password ends what signed in by the old one.
    if (!isSame)
      for (const { tokenHash: old } of await registry.loginsOf(null, config.operatorUser))
        await registry.deleteLogin(old);
    const passwordHash = await hashPassword(config.operatorPassword);
    await registry.putUser({
      username: config.operatorUser,
      displayName: config.operatorUser,
      passwordHash,
      createdAtMs: nowMs,
    });
  }
  if (config.operatorForgetsFactor) {
    const doer = { by: 'configuration', atMs: nowMs };
    await secondFactorsOver(storage.office).turnOff(ownerIdOf(null, config.operatorUser), doer);
  }
  if (config.apiToken !== '') {
    await registry.putApiToken({ tokenHash: tokenHash(config.apiToken), label: 'API', createdAtMs: nowMs });
  }
}

type Listening = { readonly server: ServerType; stop(graceMs: number): Promise<void> };

function listen(fetch: Parameters<typeof serve>[0]['fetch'], config: Config): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const options = { fetch, hostname: config.host, port: config.webPort };
    const server = serve({ ...options, serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } }, () =>
      resolve({ server, stop }),
    );
    const stop = stopperOf(server as Server);
    server.once('error', reject);
  });
}
