import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import { DEFAULT_LENIENCY, type Leniency } from '#src/domain/leniency.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Storage } from '#src/storage/ports.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { Admission, Arrival } from '#src/edges/handlers.ts';
import type { HandshakeOddity } from '#src/wire/ocpp/messages.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { StationOf } from './stations.ts';

/** The subscriber and the company that a station belongs to. */
export type Owner = { readonly subscriberId: string; readonly companyId: string };

/** The merchant of the chargers that nobody declared, where strangers are welcome. */
const TEST_MERCHANT = 'Commerçant de test';

/**
 * Who may connect: a declared, active charge point, whatever the letter case of its identity (field-24). Where
 * strangers are welcome an unknown identity is declared on the spot, once, however often it knocks (field-33).
 */
export function doorkeeper(deps: {
  readonly storage: Storage;
  readonly welcomeStrangers: boolean;
  readonly office: Office | null;
  readonly stationOf: StationOf;
  readonly strangersTo: Owner | null;
  readonly now: () => number;
  readonly declare: (roster: RosterRow) => void;
  readonly onFailure: (error: unknown) => void;
}): (arrival: Pick<Arrival, 'identity' | 'protocol' | 'oddities'>) => Promise<Admission> {
  const { reader, registry } = deps.storage;
  const adopting = new Map<string, Promise<string>>();

  async function adopt(identity: string, protocol: Protocol): Promise<string> {
    const stationId = `test-${chargePointKey(identity)}`;
    const { office, strangersTo } = deps;
    if (office !== null && strangersTo !== null) {
      const written = await office.write([
        {
          type: 'put',
          entity: ENTITIES.station,
          record: strangersStation({ identity, protocol }, strangersTo, deps.now()),
        },
      ]);
      if (written !== 'ok') throw new Error(`the station of ${identity} is ${written}`);
      const roster = await reader.rosterEntry(identity);
      if (roster !== null) deps.declare(roster);
      return identity;
    }
    await registry.putStation({
      stationId,
      name: `Borne ${identity}`,
      address: 'Adoptée à sa première connexion',
      postcode: '',
      city: '',
      merchant: TEST_MERCHANT,
      access: 'public',
      subscriberId: null,
      companyId: null,
    });
    await registry.putChargePoint({
      chargePointId: identity,
      key: chargePointKey(identity),
      stationId,
      connectors: 0,
      powerMaxW: 0,
      energyPriceMillsPerKwh: 0,
      serialNumber: null,
      freeServiceTag: null,
      leniency: 'tolerant',
      limits: NO_STAY_LIMITS,
      inactive: false,
    });
    const roster = await reader.rosterEntry(identity);
    if (roster !== null) deps.declare(roster);
    return identity;
  }

  return async ({ identity, protocol, oddities = [] }) => {
    // A kit has shown its key before it is asked for here; whoever else takes its name has not.
    const isKit = kitSerialOf(identity) !== null;
    if (isKit && protocol !== 'lafonpulse') return { ok: false, status: 404, why: 'unknown-identity' };
    try {
      const key = chargePointKey(identity);
      const row = await reader.chargePoint(key);
      if (row?.inactive === true) return { ok: false, status: 404, why: 'inactive' };
      // A box that cannot be understood must not be adopted, and stay as a phantom (field-33).
      const odd = unforgiven(oddities, row?.leniency ?? DEFAULT_LENIENCY);
      if (odd !== null) return { ok: false, status: 400, why: odd };
      if (row !== null) return asDeclared(row.chargePointId, protocol, await deps.stationOf(row.chargePointId));
      // A charger whose station was deleted is no stranger: it comes back with its station.
      const isStranger =
        !isKit &&
        deps.welcomeStrangers &&
        (await deps.office?.isInBin(ENTITIES.station, 'identity', identity)) !== true;
      if (!isStranger) return { ok: false, status: 404, why: 'unknown-identity' };
      const adopted = adopting.get(key) ?? adopt(identity, protocol).finally(() => adopting.delete(key));
      adopting.set(key, adopted);
      return { ok: true, chargePointId: await adopted };
    } catch (error) {
      deps.onFailure(error);
      return { ok: false, status: 503, why: 'storage-failure' };
    }
  };
}

/** The first oddity of a handshake that this much leniency does not forgive; null when all of it is (field-25). */
export function unforgiven(oddities: readonly HandshakeOddity[], leniency: Leniency): HandshakeOddity | null {
  switch (leniency) {
    case 'strict':
      return oddities[0] ?? null;
    case 'assume-1.6':
      return null;
    case 'tolerant':
      return oddities.find((one) => one === 'unsupported-subprotocol') ?? null;
  }
}

/**
 * Is this the way that the station was declared to speak (OCP-07)? SOAP has no passwords: a station that was declared
 * for JSON must not be spoken for over SOAP by whoever knows its identity (decision 0023). Another version of SOAP is
 * what a new firmware makes of a charger: it is let in, and the link says so.
 */
function asDeclared(chargePointId: string, protocol: Protocol, station: RecordRow | null): Admission {
  const declared = station?.values['ocppVersion'];
  const spoken = VERSIONS[protocol];
  if (spoken === undefined || spoken === '1.6-json' || typeof declared !== 'string' || declared === spoken)
    return { ok: true, chargePointId };
  if (declared === '1.6-json') return { ok: false, status: 404, why: `declared-${declared}` };
  return { ok: true, chargePointId, note: `declared-${declared}` };
}

/** « Version OCPP » of a station, by what is spoken. */
const VERSIONS: Readonly<Partial<Record<Protocol, string>>> = {
  'ocpp-1.6-json': '1.6-json',
  'ocpp-1.6-soap': '1.6-soap',
  'ocpp-1.5-soap': '1.5-soap',
};

/** A station of the test merchant, to be filled in by whoever points chargers at it. */
function strangersStation(of: Pick<Arrival, 'identity' | 'protocol'>, owner: Owner, atMs: number): RecordRow {
  const { identity, protocol } = of;
  const ocppVersion = VERSIONS[protocol] ?? '1.6-json';
  const given: Values = {
    company: owner.companyId,
    name: `Borne ${identity}`,
    access: 'public',
    address: 'Adoptée à sa première connexion',
    country: 'France',
    language: 'fr',
    timeZone: 'Europe/Paris',
    identity,
    ocppVersion,
    // Nobody knows where it listens but the charger itself (OCP-08).
    wsAddressing: ocppVersion !== '1.6-json',
  };
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(ENTITIES.station.fields)) values[name] = given[name] ?? emptyOf(field);
  return {
    id: `test-${chargePointKey(identity).replace(/[^\w.:-]/g, '-')}-${atMs}`,
    subscriberId: owner.subscriberId,
    version: 1,
    inactive: false,
    values,
    custom: {},
    createdAtMs: atMs,
    changedAtMs: atMs,
    changedBy: 'adoption',
  };
}
