import { correctedMs } from '#src/domain/clock-offset.ts';
import { deliveredWh } from '#src/domain/metering.ts';
import type { StoredEvent } from '#src/storage/ports.ts';
import type {
  BootNotification,
  ChargePointErrorCode,
  ChargePointStatus,
  MeterSample,
  MeterValues,
  StatusNotification,
  StopTransaction,
} from '#src/wire/ocpp/messages.ts';
import type { Exchange } from '#src/wire/wire.ts';

/** Reads a journalled frame again, whichever protocol it is of. */
export type Reread = (request: string, answer: string | null) => Exchange | null;

export type PastStatus = {
  readonly status: ChargePointStatus;
  readonly errorCode: ChargePointErrorCode;
  readonly info: string | null;
  readonly vendorErrorCode: string | null;
  /** Since when it says so. */
  readonly sinceMs: number;
};
/** What its start would have told is null where the start was not among the events. */
export type PastSession = {
  readonly transactionId: number;
  readonly idTag: string | null;
  /** By our clock as far as one line can tell. */
  readonly startedAtMs: number | null;
  readonly meterStartWh: number | null;
  /** Since the start; null without the start, or without a reading. */
  readonly energyWh: number | null;
  /** The register itself, where it was read. */
  readonly registerWh: number | null;
  readonly powerW: number | null;
  readonly socPercent: number | null;
  /** When the last reading came in. */
  readonly readAtMs: number | null;
};
export type PastConnector = {
  /** Null: not told in these events. */
  readonly status: PastStatus | null;
  /** Null: none was running; `unknown`: the events do not say. */
  readonly session: PastSession | null | 'unknown';
};
export type PastLink = { readonly up: boolean; readonly sinceMs: number; readonly note: string | null };
export type PastBoot = { readonly atMs: number; readonly boot: BootNotification };

/** What the journal tells of one charger after some of its events. */
export type Past = {
  readonly link: PastLink | null;
  readonly boot: PastBoot | null;
  /** Of the box itself: connector 0. */
  readonly box: PastStatus | null;
  readonly connectors: ReadonlyMap<number, PastConnector>;
  /** The last commands and what came of them, newest first. */
  readonly commands: readonly StoredEvent[];
  /** Frames came too fast to be kept (field-37): what they said is missing here. */
  readonly floodedAtMs: number | null;
};

const COMMANDS_KEPT = 5;
const UNTOLD: PastConnector = { status: null, session: 'unknown' };
export const NOTHING_TOLD: Past = {
  link: null,
  boot: null,
  box: null,
  connectors: new Map(),
  commands: [],
  floodedAtMs: null,
};

/** Retells a charger by its events, oldest first. Pure; what they do not tell stays unknown. */
export function retold(events: readonly StoredEvent[], reread: Reread): Past {
  return retoldOn(NOTHING_TOLD, events, reread);
}

/** The same from where the events before have left it. */
export function retoldOn(before: Past, events: readonly StoredEvent[], reread: Reread): Past {
  return events.reduce((past, event) => after(past, event, reread), before);
}

function after(past: Past, event: StoredEvent, reread: Reread): Past {
  switch (event.kind) {
    case 'link':
      return afterLink(past, event);
    case 'session':
      return event.name === 'closed-without-stop' ? closed(past, transactionIn(event.note)) : past;
    case 'command':
    case 'frame-out':
      return { ...past, commands: [event, ...past.commands].slice(0, COMMANDS_KEPT) };
    case 'frame-in': {
      const exchange = event.request === null ? null : reread(event.request, event.answer);
      return exchange === null ? past : afterCall(past, event, exchange);
    }
    case 'refused':
    case 'server':
    case 'post':
    case 'sms':
    case 'account':
    case 'gireve':
    case 'easyconnect':
      return past;
  }
}

function afterLink(past: Past, { name, atMs, note }: StoredEvent): Past {
  switch (name) {
    case 'link-up':
      return { ...past, link: { up: true, sinceMs: atMs, note } };
    case 'link-down':
      return { ...past, link: { up: false, sinceMs: atMs, note } };
    case 'flood':
      return { ...past, floodedAtMs: atMs };
    default:
      return past;
  }
}

function afterCall(past: Past, event: StoredEvent, exchange: Exchange): Past {
  const { call } = exchange;
  switch (call.action) {
    case 'BootNotification':
      return exchange.status === 'Rejected' ? past : { ...past, boot: { atMs: event.atMs, boot: call } };
    case 'StatusNotification':
      return afterStatus(past, event, call);
    case 'StartTransaction':
      return afterStart(past, event, exchange);
    case 'MeterValues':
      return afterMeter(past, event, call);
    case 'StopTransaction':
      return afterStop(past, event, call);
    default:
      return past;
  }
}

/** A connector's own line names it; what the box said of a connector that it cannot have changed nothing. */
function afterStatus(past: Past, { connectorId, atMs }: StoredEvent, call: StatusNotification): Past {
  const { status, errorCode } = call;
  const told = { status, errorCode, info: call.info ?? null, vendorErrorCode: call.vendorErrorCode ?? null };
  if (connectorId === null) return call.connectorId === 0 ? { ...past, box: since(past.box, told, atMs) } : past;
  const before = past.connectors.get(connectorId) ?? UNTOLD;
  const { session } = before;
  // Kept offline since before the session began, it tells nothing of it.
  const isOld = isRunning(session) && (call.timestamp?.ms ?? Infinity) < (session.startedAtMs ?? -Infinity);
  if (status === 'Available' && isOld) return past;
  return withConnector(past, connectorId, {
    status: since(before.status, told, atMs),
    // Nobody is plugged in.
    session: status === 'Available' ? null : session,
  });
}

function since(before: PastStatus | null, told: Omit<PastStatus, 'sinceMs'>, atMs: number): PastStatus {
  const isSame =
    before !== null &&
    before.status === told.status &&
    before.errorCode === told.errorCode &&
    before.info === told.info &&
    before.vendorErrorCode === told.vendorErrorCode;
  return isSame ? before : { ...told, sinceMs: atMs };
}

function afterStart(past: Past, { connectorId, atMs, note }: StoredEvent, { call, transactionId }: Exchange): Past {
  if (call.action !== 'StartTransaction' || connectorId === null || transactionId === null) return past;
  if (hasWord(note, 'repeated')) return past;
  const before = past.connectors.get(connectorId) ?? UNTOLD;
  const startedAtMs = correctedMs({ chargerMs: call.timestamp.ms, offsetMs: null, receivedAtMs: atMs });
  // An older one that was kept offline: the one that runs is newer, and stays.
  if (isRunning(before.session) && (before.session.startedAtMs ?? -Infinity) > startedAtMs) return past;
  return withConnector(past, connectorId, {
    ...before,
    session: {
      transactionId,
      idTag: call.idTag,
      startedAtMs,
      meterStartWh: call.meterStart,
      energyWh: 0,
      registerWh: null,
      powerW: null,
      socPercent: null,
      readAtMs: null,
    },
  });
}

function afterMeter(past: Past, event: StoredEvent, { transactionId, samples }: MeterValues): Past {
  // Values under a wrong connector belong where their transaction is (field-38).
  const place = connectorRunning(past, transactionId) ?? event.connectorId;
  if (place === null) return past;
  const before = past.connectors.get(place) ?? UNTOLD;
  const known = isRunning(before.session) ? before.session : null;
  if (transactionId === null && known === null) return past;
  if (known !== null && transactionId !== null && known.transactionId !== transactionId) return past;
  if (known === null && (before.session === null || hasWord(event.note, 'unmatched-transaction'))) return past;
  const session = known ?? unstarted(transactionId ?? 0);
  const counts = !hasWord(event.note, 'implausible-energy');
  return withConnector(past, place, { ...before, session: sampled(session, samples, { atMs: event.atMs, counts }) });
}

/** A session whose start is not among the events. */
function unstarted(transactionId: number): PastSession {
  return {
    transactionId,
    idTag: null,
    startedAtMs: null,
    meterStartWh: null,
    energyWh: null,
    registerWh: null,
    powerW: null,
    socPercent: null,
    readAtMs: null,
  };
}

function sampled(
  session: PastSession,
  samples: readonly MeterSample[],
  { atMs, counts }: { readonly atMs: number; readonly counts: boolean },
): PastSession {
  const last = samples.at(-1);
  const { meterStartWh } = session;
  const energyWh =
    meterStartWh === null || !counts
      ? session.energyWh
      : samples.reduce((sum, one) => deliveredWh({ energyWh: sum, meterStartWh }, one.energyWh), session.energyWh ?? 0);
  return {
    ...session,
    energyWh,
    registerWh: last?.energyWh ?? session.registerWh,
    powerW: last?.powerW ?? session.powerW,
    socPercent: last?.socPercent ?? session.socPercent,
    readAtMs: atMs,
  };
}

/** A stop ends the session that it names; where it names none, the server's note says whether it ended one. */
function afterStop(past: Past, { connectorId, note }: StoredEvent, { transactionId }: StopTransaction): Past {
  if (connectorRunning(past, transactionId) !== null) return closed(past, transactionId);
  const endsNone = ['repeated', 'corrected', 'conflicting-stop', 'unmatched-transaction'].some((one) =>
    hasWord(note, one),
  );
  if (endsNone || connectorId === null) return past;
  return withConnector(past, connectorId, { ...(past.connectors.get(connectorId) ?? UNTOLD), session: null });
}

function closed(past: Past, transactionId: number | null): Past {
  const connectorId = connectorRunning(past, transactionId);
  const connector = connectorId === null ? undefined : past.connectors.get(connectorId);
  if (connectorId === null || connector === undefined) return past;
  return withConnector(past, connectorId, { ...connector, session: null });
}

function connectorRunning(past: Past, transactionId: number | null): number | null {
  if (transactionId === null) return null;
  for (const [connectorId, { session }] of past.connectors) {
    if (isRunning(session) && session.transactionId === transactionId) return connectorId;
  }
  return null;
}

export function isRunning(session: PastConnector['session']): session is PastSession {
  return session !== null && session !== 'unknown';
}

function withConnector(past: Past, connectorId: number, connector: PastConnector): Past {
  return { ...past, connectors: new Map(past.connectors).set(connectorId, connector) };
}

function hasWord(note: string | null, word: string): boolean {
  return note !== null && note.split(',').includes(word);
}

/** `transaction 77, ...`, as the lines about a session begin. */
function transactionIn(note: string | null): number | null {
  const found = /^transaction (\d+)/.exec(note ?? '')?.[1];
  return found === undefined ? null : Number(found);
}
