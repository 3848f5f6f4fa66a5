import type { Behaviour, World } from '#actors/behaviour.ts';
import type { WireOf } from '#actors/plan.ts';
import { endsOrRepeats } from '#actors/connector/stops.ts';
import type { ResolveMessage } from '#actors/connector/messages.ts';
import { editionActorId } from '#actors/edition/actor.ts';
import { NO_HABIT, type Habit } from '#actors/edition/habit.ts';
import { correctedMs } from '#src/domain/clock-offset.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { StopTransaction, Tolerance } from '#src/wire/ocpp/messages.ts';
import { boxesOf } from './boxes.ts';
import { CONNECTORS_MAX } from './calls.ts';
import { orphaned, waitsForLink } from './command-steps.ts';
import { decide } from './decide.ts';
import type { Certify } from './certified.ts';
import type { CommandView } from './messages.ts';
import { mayCharge } from './may-charge.ts';
import { movesFile } from './promises.ts';
import { hidesSecret } from './secrets.ts';
import { callOf } from './kept-commands.ts';
import { editionOf } from './quirks.ts';
import { addressee, notBeforeMs, type Offer } from './sending.ts';
import {
  chargePointOf,
  freshDurable,
  freshLive,
  type CallFacts,
  type ChargePointMessage,
  type ChargePointReady,
  type ChargePointState,
  type Durable,
  type Live,
  type ReadyCall,
  type ReadyResolve,
  type ReadyResult,
} from './state.ts';
import type { WayTo } from './way.ts';

/** `tolerated` was how releases before 0.2 counted: without the time, nor the firmware. */
type Snapshot = Omit<Durable, 'boxes'> & {
  /** Older releases kept the last boot alone. */
  readonly boxes?: Durable['boxes'];
  readonly editions?: Live['editions'];
  readonly tolerated?: Readonly<Partial<Record<Tolerance, number>>>;
};
type CallMessage = Extract<ChargePointMessage, { type: 'call' }>;

/** A charge point. `welcomeStrangers`: badges that begin with `TEST` charge as free service (the demo). */
export function chargePointBehaviour(options: {
  wireOf: WireOf;
  welcomeStrangers: boolean;
  /** Null: no charger is given a certificate. */
  certify: Certify | null;
  /** Null: who has no link is not called. */
  wayTo: WayTo | null;
  /** Null: no files move. */
  offer: Offer | null;
}): Behaviour<ChargePointState, ChargePointMessage, ChargePointReady> {
  const wayTo = (state: ChargePointState): Promise<number | null> =>
    options.wayTo === null || state.live.link !== null
      ? Promise.resolve(null)
      : options.wayTo(state.chargePointId, state.durable.lastAddress);
  return {
    kind: 'charge-point',
    schema: 1,
    initial: (id) => ({ chargePointId: chargePointOf(id), durable: freshDurable(), live: freshLive() }),
    restore: (id, snapshot) => restored(chargePointOf(id), snapshot as Snapshot),
    durable: (state) => state.durable,
    snapshot: (state): Snapshot => ({ ...state.durable, editions: state.live.editions }),
    prepare(state, message, world) {
      if (message.type === 'call') {
        const facts =
          message.call.action === 'SignCertificate'
            ? certificateFacts(state, message.call.csr, message.atMs, world, options.certify)
            : gather(state, message, world, options.welcomeStrangers);
        return facts instanceof Promise ? facts.then((found) => withFacts(message, found)) : withFacts(message, facts);
      }
      if (message.type === 'link-up') return { ...message, protocol: options.wireOf(message.linkId).protocol };
      if (message.type === 'resolve') return toResolve(message, world.reader);
      if (message.type === 'command') {
        const isLimit = message.call.action === 'SetChargingProfile';
        if (state.live.link !== null && !isLimit) return message;
        const way = state.live.link === null ? wayTo(state) : null;
        const profile = isLimit ? profileFacts(state, world) : null;
        return Promise.all([way, profile]).then(([found, facts]) => ({
          ...message,
          way: found,
          ...(facts !== null && { profile: facts }),
        }));
      }
      if (message.type === 'limit-reached')
        return state.live.link !== null ? message : wayTo(state).then((way) => ({ ...message, way }));
      if (message.type === 'keys-due' || message.type === 'force-key' || message.type === 'view') {
        const keys = world.reader.stationKeys(chargePointKey(state.chargePointId));
        if (message.type !== 'view') return keys.then((station) => ({ ...message, station }));
        return Promise.all([keys, wayTo(state)]).then(([station, way]) => ({ ...message, station, way }));
      }
      if (message.type === 'address-due')
        return addressOf(state, message.commandId, options.offer).then((address) => ({ ...message, address }));
      if (message.type !== 'result' && message.type !== 'call-error') return message;
      const asked = callOf(state, message.callId);
      const wire = options.wireOf(message.linkId);
      const request = asked === null ? null : wire.call(message.callId, asked, state.chargePointId);
      if (message.type === 'call-error') return { ...message, request };
      const { linkId, callId, frame, atMs, payload } = message;
      const outcome: ReadyResult['outcome'] =
        asked === null
          ? { ok: false, fault: { code: 'GenericError', detail: 'no such call' } }
          : wire.readAnswer(asked, payload);
      return { type: 'answered', linkId, callId, outcome, request, frame, atMs };
    },
    decide,
  };
}

/** No key is made for a command whose turn it is not. */
async function addressOf(state: ChargePointState, commandId: string, offer: Offer | null): Promise<string | null> {
  const { chargePointId, live, durable } = state;
  const command = addressee(state, commandId);
  if (command === null || offer === null) return null;
  const calledAs = live.link?.calledAs ?? durable.lastCalledAs;
  return offer({ commandId, chargePointId, file: command.file, calledAs, notBeforeMs: notBeforeMs(command) });
}

/** What is known of the edition of this charger, of its connectors, who charges there, and by how many phases (field-30). */
async function profileFacts({ chargePointId, durable }: ChargePointState, world: World) {
  const editionId = editionActorId(editionOf(durable.boot));
  const key = chargePointKey(chargePointId);
  const [habit, open, row, singlePhase] = await Promise.all([
    editionId === null ? NO_HABIT : world.ask<Habit>(editionId, (replyTo) => ({ type: 'view', replyTo })),
    world.reader.sessions({ chargePointId, closing: 'open', limit: CONNECTORS_MAX }),
    world.reader.chargePoint(key),
    world.reader.singlePhase(key),
  ]);
  const charging = [...new Set(open.map(({ connectorId }) => connectorId))];
  return { habit, charging, declared: row?.connectors ?? 0, singlePhase };
}

/** Field by field: it is made for every call, and a spread costs several times as much. */
function withFacts({ type, from, call, frame, tolerated, atMs }: CallMessage, facts: CallFacts): ReadyCall {
  return { type, from, call, frame, tolerated, atMs, facts };
}

/**
 * Commands that were under way when the process ended have no outcome: they are told with the next link. Those that
 * wait for an absent charger go on waiting.
 */
function restored(chargePointId: string, snapshot: Snapshot): ChargePointState {
  const { tolerated, editions = asEditions(tolerated, snapshot), ...durable } = snapshot;
  const { boxes = boxesOf(durable.boot, durable.bootedAtMs) } = durable;
  const waiting = durable.commands.filter(goesOnWaiting).map(({ commandId }) => commandId);
  const orphans = durable.commands.filter(isCutOff).map((one) => orphaned(one, one.requestedAtMs));
  const commands = durable.commands.map((one) => orphans.find((orphan) => orphan.commandId === one.commandId) ?? one);
  return {
    chargePointId,
    // Older snapshots lack what was added since.
    durable: { ...freshDurable(), ...durable, boxes, commands },
    live: { ...freshLive(), newcomer: false, orphans, waiting: waiting.toReversed(), editions },
  };
}

/** A charger that moves a file goes on with it, whatever becomes of us. */
function isCutOff(command: CommandView): boolean {
  const { call, phase, ended } = command;
  return !ended && !goesOnWaiting(command) && (phase === 'queued' || phase === 'sent' || !movesFile(call));
}

/** Not with a secret: it was in the memory of the process that has ended. */
function goesOnWaiting(command: CommandView): boolean {
  return waitsForLink(command) && !hidesSecret(command.call);
}

/** What an older release counted, as if it were all of its last firmware. */
function asEditions(tolerated: Snapshot['tolerated'] = {}, { boot, bootedAtMs }: Snapshot): Live['editions'] {
  const counts = Object.entries(tolerated);
  if (counts.length === 0) return [];
  const lastAtMs = bootedAtMs ?? 0;
  return [{ ...editionOf(boot), quirks: Object.fromEntries(counts.map(([one, count]) => [one, { count, lastAtMs }])) }];
}

function gather(
  state: ChargePointState,
  message: CallMessage,
  world: World,
  welcomeStrangers: boolean,
): CallFacts | Promise<CallFacts> {
  const { call, atMs } = message;
  switch (call.action) {
    case 'Authorize':
      return authorizeFacts(state, call.idTag, { atMs, world, welcomeStrangers });
    case 'StartTransaction':
      return startFacts(state, call.idTag, { atMs, world, welcomeStrangers });
    case 'StopTransaction':
      return endedBy(state, call, atMs, world.reader).then((ended) => ({ about: 'stop', ended }));
    case 'BootNotification':
      return world.reader
        .chargePoint(chargePointKey(state.chargePointId))
        .then((row) => ({ about: 'boot', registeredSerial: row?.serialNumber ?? null }));
    default:
      return null;
  }
}

/**
 * Only a charger that has proven who it is gets a certificate, or anyone could have one in its name. The names it may
 * have are those that were declared, not what it says of itself.
 */
async function certificateFacts(
  state: ChargePointState,
  csr: string,
  atMs: number,
  world: World,
  certify: Certify | null,
): Promise<CallFacts> {
  const { chargePointId, live } = state;
  if (certify === null) return { about: 'certificate', certified: { ok: false, why: 'no-authority' } };
  if ((live.link?.security ?? 0) === 0) return { about: 'certificate', certified: { ok: false, why: 'not-secured' } };
  const row = await world.reader.chargePoint(chargePointKey(chargePointId));
  const names = [chargePointId, ...(row?.serialNumber ? [row.serialNumber] : [])];
  return { about: 'certificate', certified: await certify({ chargePointId, csr, names, atMs }) };
}

type Asking = { atMs: number; world: World; welcomeStrangers: boolean };

async function authorizeFacts(state: ChargePointState, idTag: string, asking: Asking): Promise<CallFacts> {
  const row = await asking.world.reader.chargePoint(chargePointKey(state.chargePointId));
  const authorisation = await mayCharge(idTag, row, asking);
  return { about: 'authorize', authorisation };
}

async function startFacts(state: ChargePointState, idTag: string, asking: Asking): Promise<CallFacts> {
  const row = await asking.world.reader.chargePoint(chargePointKey(state.chargePointId));
  const authorisation = await mayCharge(idTag, row, asking);
  const transactionId = await asking.world.nextTransactionId();
  const terms = {
    energyPriceMillsPerKwh: row?.energyPriceMillsPerKwh ?? 0,
    powerMaxW: row?.powerMaxW ?? 0,
    limits: row?.limits ?? NO_STAY_LIMITS,
  };
  return { about: 'start', authorisation, transactionId, terms };
}

/** A review with the connector that decides about it: the one whose session it is, or is to be. */
async function toResolve(message: ResolveMessage, reader: World['reader']): Promise<ReadyResolve> {
  const { key, choice } = message;
  const review = await reader.review(key);
  const session = choice.type === 'attach' ? await reader.sessionByTransaction(choice.transactionId) : null;
  return { ...message, review, connectorId: session?.connectorId ?? review?.connectorId ?? null };
}

/** Sessions looked through for the end of one that is not named. */
const CANDIDATES_MAX = 20;
const ORDER: Readonly<Record<SessionRow['closing'], number>> = { open: 0, provisional: 1, final: 2 };

/**
 * The session that a stop names; when its id says nothing, the one on disk that it fits: one that is open before one
 * that waits for its stop, and of these the one with the nearest register (field-03, field-04).
 */
async function endedBy(
  state: ChargePointState,
  call: StopTransaction,
  atMs: number,
  reader: World['reader'],
): Promise<SessionRow | null> {
  const { chargePointId, live } = state;
  const named = call.transactionId === null ? null : await reader.sessionByTransaction(call.transactionId);
  // A stop belongs to the station that it comes from, whatever its id says (field-38).
  if (named?.chargePointId === chargePointId) return named;
  const chargerMs = call.timestamp.ms;
  const stop = { call, stoppedAtMs: correctedMs({ chargerMs, offsetMs: live.clockOffsetMs, receivedAtMs: atMs }) };
  const sessions = await reader.sessions({ chargePointId, limit: CANDIDATES_MAX });
  const [likely] = sessions
    .filter((session) => endsOrRepeats(stop, session, sessions))
    .toSorted((a, b) => ORDER[a.closing] - ORDER[b.closing] || b.meterStartWh - a.meterStartWh);
  return likely ?? null;
}
