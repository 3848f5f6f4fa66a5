import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { randomBytes } from 'node:crypto';
import { firstPoints } from '#actors/office/points.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import { KIT_FREE_BADGE, kitChargePointId } from '#src/domain/kit.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Kit } from '#src/simulator/fleet.ts';
import { kitNameplate } from '#src/simulator/models.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';
import type { SqliteStorage } from '#src/storage/sqlite/open.ts';

type Declare = (of: { readonly id: string; readonly subscriberId: string; readonly values: Values }) => RecordRow;

/** Those whose stations stand in the demonstration; the first is on a modem with a card of the pool. */
const STATIONS: readonly {
  readonly serial: string;
  readonly name: string;
  readonly address: string;
  readonly position: string;
  readonly iccid: string | null;
}[] = [
  {
    serial: '00138',
    name: 'Parking des Arts',
    address: '9 rue de Lyon',
    position: '48.3905;-4.4861',
    iccid: '8933010000000000011',
  },
  { serial: '00140', name: 'Port du Moulin Blanc', address: 'Rue du Moulin', position: '48.3925;-4.4341', iccid: null },
  { serial: '00141', name: 'Place Guérin', address: '1 place Guérin', position: '48.3961;-4.4828', iccid: null },
  { serial: '00149', name: 'Téléphérique', address: 'Boulevard Jean Moulin', position: '48.3853;-4.5002', iccid: null },
];
const KEY_BYTES = 32;

/** The stations of the kits, the first of which stands among the equipment already. */
export function kitStationWrites(declare: Declare): readonly OfficeWrite[] {
  return STATIONS.slice(1).flatMap(({ serial, name, address, position }) => {
    const { vendor, model, connectors, powerW } = kitNameplate(serial);
    const record = declare({
      id: `ponant-kit-${serial}`,
      subscriberId: 'ponant',
      values: {
        company: 'ponant-company-1',
        name,
        access: 'public',
        contactName: 'Camille Roux',
        contactPhone: '+33298000001',
        contactEmail: 'camille.roux@ponant.example',
        address,
        postcode: '29200',
        city: 'Brest',
        country: 'France',
        position,
        language: 'fr',
        timeZone: 'Europe/Paris',
        publicCustomers: true,
        protocol: 'lafon-pulse',
        kitSerial: serial,
        mediaType: 'ethernet',
        udpPort: 1_080,
        make: vendor,
        model,
        evses: connectors,
        permanentPowerW: powerW,
        maxPowerW: 11_000,
        maxPowerFrom: '07:00',
        maxPowerTo: '21:00',
        parkingAfterMinutes: 20,
        customerInfo: 'Bienvenue. Présentez votre badge.',
      },
    });
    return [{ type: 'put', entity: ENTITIES.station, record } as const, ...firstPoints(record, ENTITIES.station)];
  });
}

/** Each kit with its key, which the first start makes; simulated cars charge `speedFactor` times faster than life. */
export async function demoKits(
  storage: SqliteStorage,
  of: { readonly speedFactor: number; readonly energyPriceMillsPerKwh: number },
): Promise<readonly Kit[]> {
  const found = await Promise.all(
    STATIONS.map(async ({ serial, iccid }): Promise<readonly Kit[]> => {
      const station = await storage.office.findBy(ENTITIES.station, 'kitSerial', serial);
      const kit = await storage.office.findBy(ENTITIES.kit, 'serialNumber', serial);
      if (station === null || kit === null) return [];
      if ((await storage.kits.find(serial)) === null)
        await storage.office.write([{ type: 'kit-key', kitId: kit.id, key: randomBytes(KEY_BYTES).toString('hex') }]);
      const key = (await storage.kits.find(serial))?.key;
      if (key === undefined) return [];
      const chargePointId = kitChargePointId(serial);
      const nameplate = kitNameplate(serial);
      await storage.registry.putChargePoint({
        chargePointId,
        key: chargePointKey(chargePointId),
        stationId: station.id,
        connectors: nameplate.connectors,
        powerMaxW: nameplate.powerW * of.speedFactor,
        energyPriceMillsPerKwh: of.energyPriceMillsPerKwh,
        serialNumber: serial,
        freeServiceTag: KIT_FREE_BADGE,
        leniency: 'tolerant',
        limits: NO_STAY_LIMITS,
        inactive: false,
      });
      return [{ nameplate, key, iccid }];
    }),
  );
  return found.flat();
}
