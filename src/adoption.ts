import { chargePointKey } from '#src/domain/ids.ts';
import type { RosterRow, Storage } from '#src/storage/ports.ts';
import type { Admission } from '#src/edges/ocpp-json/handlers.ts';

/** The merchant of the chargers that nobody declared, where strangers are welcome. */
const TEST_MERCHANT = 'Commerçant de test';

/**
 * Who may connect: a declared, active charge point, whatever the letter case of its identity (field-24). Where
 * strangers are welcome an unknown identity is declared on the spot, once, however often it knocks (field-33).
 */
export function doorkeeper(deps: {
  readonly storage: Storage;
  readonly welcomeStrangers: boolean;
  readonly declare: (roster: RosterRow) => void;
  readonly onFailure: (error: unknown) => void;
}): (identity: string) => Promise<Admission> {
  const { reader, registry } = deps.storage;
  const adopting = new Map<string, Promise<string>>();

  async function adopt(identity: string): Promise<string> {
    const stationId = `test-${chargePointKey(identity)}`;
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
      inactive: false,
    });
    const roster = await reader.rosterEntry(identity);
    if (roster !== null) deps.declare(roster);
    return identity;
  }

  return async (identity) => {
    try {
      const key = chargePointKey(identity);
      const row = await reader.chargePoint(key);
      if (row !== null)
        return row.inactive
          ? { ok: false, status: 404, why: 'inactive' }
          : { ok: true, chargePointId: row.chargePointId };
      if (!deps.welcomeStrangers) return { ok: false, status: 404, why: 'unknown-identity' };
      const adopted = adopting.get(key) ?? adopt(identity).finally(() => adopting.delete(key));
      adopting.set(key, adopted);
      return { ok: true, chargePointId: await adopted };
    } catch (error) {
      deps.onFailure(error);
      return { ok: false, status: 503, why: 'storage-failure' };
    }
  };
}
