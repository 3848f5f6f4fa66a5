import { chargePointKey } from '#src/domain/ids.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Storage } from '#src/storage/ports.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { Admission, Arrival } from '#src/edges/handlers.ts';

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
  readonly strangersTo: Owner | null;
  readonly now: () => number;
  readonly declare: (roster: RosterRow) => void;
  readonly onFailure: (error: unknown) => void;
}): (arrival: Pick<Arrival, 'identity'>) => Promise<Admission> {
  const { reader, registry } = deps.storage;
  const adopting = new Map<string, Promise<string>>();

  async function adopt(identity: string): Promise<string> {
    const stationId = `test-${chargePointKey(identity)}`;
    const { office, strangersTo } = deps;
    if (office !== null && strangersTo !== null) {
      const written = await office.write([
        { type: 'put', entity: ENTITIES.station, record: strangersStation(identity, strangersTo, deps.now()) },
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
      strict: false,
      inactive: false,
    });
    const roster = await reader.rosterEntry(identity);
    if (roster !== null) deps.declare(roster);
    return identity;
  }

  return async ({ identity }) => {
    try {
      const key = chargePointKey(identity);
      const row = await reader.chargePoint(key);
      if (row !== null)
        return row.inactive
          ? { ok: false, status: 404, why: 'inactive' }
          : { ok: true, chargePointId: row.chargePointId };
      // A charger whose station was deleted is no stranger: it comes back with its station.
      const isStranger =
        deps.welcomeStrangers && (await deps.office?.isInBin(ENTITIES.station, 'identity', identity)) !== true;
      if (!isStranger) return { ok: false, status: 404, why: 'unknown-identity' };
      const adopted = adopting.get(key) ?? adopt(identity).finally(() => adopting.delete(key));
      adopting.set(key, adopted);
      return { ok: true, chargePointId: await adopted };
    } catch (error) {
      deps.onFailure(error);
      return { ok: false, status: 503, why: 'storage-failure' };
    }
  };
}

/** A station of the test merchant, to be filled in by whoever points chargers at it. */
function strangersStation(identity: string, owner: Owner, atMs: number): RecordRow {
  const given: Values = {
    company: owner.companyId,
    name: `Borne ${identity}`,
    access: 'public',
    address: 'Adoptée à sa première connexion',
    country: 'France',
    language: 'fr',
    timeZone: 'Europe/Paris',
    identity,
    ocppVersion: '1.6-json',
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
