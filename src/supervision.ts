import { alertBehaviour, type AlertOptions } from '#actors/alert/actor.ts';
import { ALERTS, alertsService, type AlertsDeps } from '#actors/alert/service.ts';
import { alertActorId, alertsOf } from '#actors/alert/state.ts';
import { AlertWatch } from '#actors/alert/watch.ts';
import { ARCHIVES, archiveService, SEARCHERS } from '#actors/archive/actor.ts';
import type { World } from '#actors/behaviour.ts';
import type { Certify } from '#actors/charge-point/certified.ts';
import { chargePointBehaviour } from '#actors/charge-point/actor.ts';
import { isAnothers } from '#actors/charge-point/holder.ts';
import type { Offer } from '#actors/charge-point/sending.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import type { WayTo } from '#actors/charge-point/way.ts';
import { connectorBehaviour } from '#actors/connector/actor.ts';
import { connectorOf } from '#actors/connector/state.ts';
import type { ReplyTo } from '#actors/decision.ts';
import type { Directory } from '#actors/directory.ts';
import { editionBehaviour } from '#actors/edition/actor.ts';
import { Engine, type EngineDeps, type Links } from '#actors/engine.ts';
import { FLEET, FLEET_BATCH_MS, FLEET_READERS, FleetFeed, fleetService } from '#actors/fleet/actor.ts';
import { FleetBoard, type FleetWatcher } from '#actors/fleet/board.ts';
import type { Mailboxes } from '#actors/mailbox.ts';
import type { ChargeLetterOf } from '#actors/notice/messages.ts';
import { NOTICES, noticeService } from '#actors/notice/service.ts';
import { EndingWatch } from '#actors/notice/watch.ts';
import { OFFICE_READERS, officeService } from '#actors/office/actor.ts';
import { OFFICE } from '#actors/office/messages.ts';
import { roamingChargers } from '#actors/office/roaming.ts';
import { RECHARGES, rechargeService } from '#actors/recharge/service.ts';
import { RadarBoard } from '#actors/radar/board.ts';
import { knockingKits } from '#actors/radar/kits.ts';
import type { CertificateTerm } from '#actors/radar/messages.ts';
import { RADAR, radarService } from '#actors/radar/service.ts';
import { StatusWatch } from '#actors/roaming/watch.ts';
import { TEXTS, textService, type TextAnswerOf } from '#actors/text/service.ts';
import { walletBehaviour } from '#actors/wallet/actor.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import type { IncomingSms, SmsOutcome } from '#src/domain/incoming-sms.ts';
import type { WriteApnSms } from '#src/domain/kit.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { findsStation, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { ActorId, EventRow, Storage } from '#src/storage/ports.ts';
import type { RechargeStore } from '#src/storage/recharge-port.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import { directoryOf } from './directory.ts';
import { reread, wireOf } from '#src/wire/all.ts';

/** How often the store is told when chargers were last heard, and silent chargers are looked for. */
const HEARD_FLUSH_MS = 30_000;

const SMS_RECEIVED = {
  connectorId: null,
  level: 'info',
  kind: 'sms',
  name: 'sms-received',
  request: null,
  answer: null,
} as const;

/** What alerts need from outside the actors. */
export type AlertDeps = AlertOptions & Pick<AlertsDeps, 'store' | 'office' | 'accountOf'>;

export type CustomerLetters = { readonly chargeOver: ChargeLetterOf; readonly answer: TextAnswerOf };

export type SupervisionDeps = {
  readonly storage: Storage;
  readonly mailboxes: Mailboxes;
  readonly links: Links;
  readonly now: () => number;
  readonly wakeIn: (ms: number, run: () => void) => () => void;
  readonly welcomeStrangers: boolean;
  readonly onBug: EngineDeps['onBug'];
  readonly onStoreFailure: EngineDeps['onStoreFailure'];
  readonly onDropped: EngineDeps['onDropped'];
  /** Null in a simulation, where nobody keeps stations. */
  readonly office: Office | null;
  /** A kit has another key: its link must close. */
  readonly onKeyChanged?: (chargePointId: string) => void;
  /** The SMS of a kit's access point (LAF-05); without, there are no kits. */
  readonly writeApnSms?: WriteApnSms;
  /** IANA name: where the days of the back office begin and end. */
  readonly timeZone: string;
  /** Null in a simulation, where nobody is told of anything. */
  readonly alerts: AlertDeps | null;
  /** What customers are told by SMS; without, they are told nothing, and nobody hears what they write. */
  readonly customerLetters?: CustomerLetters;
  /** Null in a simulation, where nobody looks at lists. */
  readonly recharges: RechargeStore | null;
  /** Signs what chargers ask for; without, none is given a certificate. */
  readonly certify?: Certify | null;
  /** The way to a charger that has no link; without, there is none. */
  readonly wayTo?: WayTo;
  /** Where chargers fetch and leave files; without, none move. */
  readonly offer?: Offer;
  /** Certificates whose end somebody should see coming. */
  readonly certificates?: () => Promise<readonly CertificateTerm[]>;
  /** A charger is no longer declared: its link must close. */
  readonly onForgotten: (chargePointId: string) => void;
};

/** Every actor of a server or of a simulation, wired to its storage and its links; sockets, pages and logs are elsewhere. */
export type Supervision = {
  readonly engine: Engine;
  readonly directory: Directory;
  /** Who was refused, or stayed half-way. */
  readonly radar: RadarBoard;
  /** Is this charge point declared? */
  readonly known: (chargePointId: string) => boolean;
  /** Is it forgiven nothing? */
  readonly isStrict: (chargePointId: string) => boolean;
  readonly deliver: (chargePointId: string, message: unknown) => void;
  readonly heard: (chargePointId: string, atMs: number) => void;
  /** A charge point that was declared after the start. */
  readonly declare: (roster: RosterRow) => void;
  /** LAF-04: a kit told which card is in it. */
  readonly cardDetected: (chargePointId: string, iccid: string) => void;
  /** SOC-10: somebody wrote to the server; resolves when what follows from it is on disk. */
  readonly smsReceived: (sms: IncomingSms) => Promise<SmsOutcome>;
  /** Tells the store when chargers were last heard. */
  readonly flush: () => Promise<void>;
  readonly stop: () => void;
};

export async function startSupervision(deps: SupervisionDeps): Promise<Supervision> {
  const { storage, now, wakeIn } = deps;
  const feed = new FleetFeed();
  const { alerts } = deps;
  const watch =
    alerts === null
      ? null
      : new AlertWatch({
          startedAtMs: now(),
          limits: await alerts.store.parkingLimits(),
          tell: (chargePointId, facts, atMs) =>
            engine.tell(alertActorId(chargePointId), { type: 'observed', facts, atMs }),
        });
  const { office, customerLetters } = deps;
  /** What follows from behind waits while the disk refuses, and is asked for again. */
  const followed = <R>(to: ActorId, build: (replyTo: ReplyTo<R>) => unknown): Promise<R> =>
    storage.actors.health().writable ? engine.ask(to, build) : Promise.reject(new Error('the disk refuses'));
  const statuses =
    office === null
      ? null
      : new StatusWatch({
          startedAtMs: now(),
          report: (chargePointId, atMs) => {
            const of = { chargePointId, id: atMs.toString(36), atMs, viewer: platformViewer('Vigie') };
            return followed(OFFICE, (replyTo) => ({ type: 'report-statuses', ...of, replyTo }));
          },
        });
  const endings =
    office === null || deps.recharges === null || customerLetters === undefined
      ? null
      : new EndingWatch({
          tell: (ending, atMs) => followed(NOTICES, (replyTo) => ({ type: 'charge-over', ending, atMs, replyTo })),
        });
  const board = new FleetBoard(now(), allOf([watch, statuses]));
  const engine = new Engine({
    store: storage.actors,
    reader: storage.reader,
    mailboxes: deps.mailboxes,
    links: deps.links,
    wireOf,
    now,
    wakeIn,
    kinds: {
      'charge-point': chargePointBehaviour({
        wireOf,
        welcomeStrangers: deps.welcomeStrangers,
        certify: deps.certify ?? null,
        wayTo: deps.wayTo ?? null,
        offer: deps.offer ?? null,
      }),
      connector: connectorBehaviour,
      wallet: walletBehaviour,
      edition: editionBehaviour,
      ...(alerts !== null && { alert: alertBehaviour(alerts) }),
    },
    parentOf,
    observe: (id, state) => feed.observe(id, state),
    onBug: deps.onBug,
    onStoreFailure: deps.onStoreFailure,
    onDropped(id) {
      if (isAlert(id)) watch?.forget(alertsOf(id));
      deps.onDropped(id);
    },
  });
  const hold = ({ chargePointId, stationId, historySinceMs, leniency }: RosterRow) =>
    engine.tell(chargePointActorId(chargePointId), {
      type: 'held-by',
      stationId,
      historySinceMs,
      leniency,
      atMs: now(),
    });
  const declare = (roster: RosterRow): void => {
    feed.declare(roster);
    hold(roster);
  };
  // What is inactive is kept, yet treated as non-existent (MOD-06).
  const rosters = (await storage.reader.roster()).filter((roster) => !roster.inactive);
  for (const roster of rosters) feed.declare(roster);
  await engine.restore('charge-point/');
  await engine.restore('connector/');
  await engine.restore('edition/');
  if (alerts !== null && watch !== null) {
    for (const id of await engine.restore('alert/')) watch.forget(alertsOf(id));
    const { store, accountOf } = alerts;
    engine.serve(
      ALERTS,
      alertsService({
        store,
        office: alerts.office,
        accountOf,
        stationIdsFor: (viewer) => board.stationIdsFor(viewer),
        ask: (to, build) => engine.ask(to, build),
      }),
    );
  }
  for (const id of [FLEET, ...FLEET_READERS]) engine.serve(id, fleetService(board));
  for (const id of [...ARCHIVES, ...SEARCHERS]) engine.serve(id, archiveService(storage.reader, reread));
  const radar = new RadarBoard();
  const radarDeps = {
    board: radar,
    certificates: deps.certificates ?? (async () => []),
    finds: (viewer: Viewer, chargePointId: string) => {
      const place = board.placeOf(chargePointId);
      return place !== null && findsStation(viewer, place);
    },
    stationIdOf: (chargePointId: string) => board.placeOf(chargePointId)?.stationId ?? null,
  };
  engine.serve(RADAR, radarService(radarDeps));
  if (office !== null) {
    const roaming = await roamingChargers(office, null);
    statuses?.changed(roaming, roaming);
    const service = officeService({
      office,
      keyChanged: deps.onKeyChanged ?? (() => undefined),
      knocking: () => knockingKits(radar.blips()),
      writeApnSms: deps.writeApnSms ?? (async () => ({ ok: false, why: 'no-kit-key' })),
      note: (event) =>
        storage.note({ connectorId: null, level: 'info', kind: 'server', request: null, answer: null, ...event }),
      viewOf: (id) => board.find(id),
      timeZone: deps.timeZone,
      changed: async (stationIds, before) => {
        const of = { office, reader: storage.reader, feed, declare, deps };
        const identities = await rosterChanged(of, stationIds, before);
        for (const identity of identities) {
          watch?.changed(identity, (await alerts?.store.parkingLimits(identity))?.get(identity) ?? null);
        }
        statuses?.changed(identities, await roamingChargers(office, [...identities]));
      },
    });
    for (const id of [OFFICE, ...OFFICE_READERS]) engine.serve(id, service);
    const { recharges } = deps;
    if (recharges !== null) {
      const answer = rechargeService({ store: recharges, office, viewOf: (id) => board.find(id) });
      for (const id of RECHARGES) engine.serve(id, answer);
      if (customerLetters !== undefined) {
        const { reader } = storage;
        const { chargeOver: letterOf, answer: answerOf } = customerLetters;
        engine.serve(NOTICES, noticeService({ office, recharges, letterOf }));
        const ask: World['ask'] = (to, build) => engine.ask(to, build);
        const { welcomeStrangers } = deps;
        const note = (of: Pick<EventRow, 'chargePointId' | 'atMs' | 'note'>): void =>
          storage.note({ ...SMS_RECEIVED, ...of });
        engine.serve(TEXTS, textService({ reader, office, ask, welcomeStrangers, answerOf, note }));
      }
    }
  }
  const share = () => {
    const batch = feed.take();
    const nowMs = now();
    if (batch !== null) {
      engine.tell(FLEET, { type: 'batch', batch, atMs: nowMs });
      if (endings !== null) for (const connector of batch.connectors) endings.look(connector, nowMs);
    } else board.settle(nowMs);
    watch?.drain();
    statuses?.drain(nowMs);
    endings?.drain(nowMs);
  };
  // A crash may have come between a new station and its charger's hearing of it.
  const misheld = rosters.filter((roster) => {
    const state = feed.seen(roster.chargePointId);
    return state !== null && isAnothers(state, roster);
  });
  share();
  await engine.start();
  misheld.forEach(hold);

  const flush = () => storage.actors.heard(feed.takeUnsaved());
  const stops = [
    every(wakeIn, FLEET_BATCH_MS, share),
    every(wakeIn, HEARD_FLUSH_MS, () => {
      engine.tell(FLEET, { type: 'age', atMs: now() });
      watch?.sweep(board, now());
      statuses?.sweep(board, now());
      if (endings !== null) {
        endings.sweep(now());
        if (storage.actors.health().writable) engine.tell(NOTICES, { type: 'sweep', atMs: now() });
      }
      flush().catch((error: unknown) => deps.onStoreFailure('heard', error));
    }),
  ];
  return {
    engine,
    radar,
    directory: directoryOf(engine, board),
    known: (chargePointId) => board.placeOf(chargePointId) !== null,
    isStrict: (chargePointId) => board.isStrict(chargePointId),
    deliver: (chargePointId, message) => engine.tell(chargePointActorId(chargePointId), message),
    heard: (chargePointId, atMs) => feed.heard(chargePointId, atMs),
    declare,
    cardDetected: (chargePointId, iccid) =>
      engine.tell(OFFICE, {
        type: 'card-detected',
        viewer: platformViewer(chargePointId),
        chargePointId,
        iccid,
        atMs: now(),
      }),
    smsReceived: (sms) => engine.ask(TEXTS, (replyTo) => ({ type: 'sms-received', sms, atMs: now(), replyTo })),
    flush,
    stop() {
      for (const stop of stops) stop();
      engine.stop();
    },
  };
}

function isAlert(id: ActorId): boolean {
  return id.startsWith('alert/');
}

/** All of these look. */
function allOf(watchers: readonly (FleetWatcher | null)[]): FleetWatcher {
  const known = watchers.filter((one) => one !== null);
  return {
    look(view, nowMs) {
      for (const one of known) one.look(view, nowMs);
    },
    gone(chargePointId, nowMs) {
      for (const one of known) one.gone(chargePointId, nowMs);
    },
  };
}

/** Connectors live and die with their charge point; everyone else hangs under the system. */
function parentOf(id: ActorId): ActorId | null {
  return id.startsWith('connector/') ? chargePointActorId(connectorOf(id).chargePointId) : null;
}

/** What people changed of stations reaches the fleet: new chargers appear, others take their new place or go. Of which? */
async function rosterChanged(
  of: {
    office: Office;
    reader: Storage['reader'];
    feed: FleetFeed;
    declare: (roster: RosterRow) => void;
    deps: Pick<SupervisionDeps, 'onForgotten'>;
  },
  stationIds: readonly string[],
  identitiesBefore: readonly string[],
): Promise<ReadonlySet<string>> {
  const { office, reader, feed, declare, deps } = of;
  const identities = new Set(identitiesBefore);
  for (const stationId of stationIds) {
    const station = await office.find(ENTITIES.station, stationId, [{}]);
    const identity = station === null ? null : chargePointIdOf(station.values);
    if (identity !== null) identities.add(identity);
  }
  for (const identity of identities) {
    const roster = await reader.rosterEntry(identity);
    // In its place: since when its state holds is no matter of its name. In other letters it is another link's.
    if (roster !== null && !roster.inactive && roster.chargePointId === identity) {
      declare(roster);
      continue;
    }
    feed.forget(identity);
    deps.onForgotten(identity);
  }
  return identities;
}

/** Runs again and again, `ms` after the last run. */
function every(wakeIn: SupervisionDeps['wakeIn'], ms: number, run: () => void): () => void {
  let cancel = wakeIn(ms, function again() {
    cancel = wakeIn(ms, again);
    run();
  });
  return () => cancel();
}
