import { firstPoints } from '#actors/office/points.ts';
import { ENTITIES, type EntityName } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';

/** One record of the demonstration, by whoever makes its records. */
type Declare = (
  entity: EntityName,
  of: { readonly id: string; readonly subscriberId: string | null; readonly values: Values },
) => RecordRow;

const DC: Values = {
  connectorId: null,
  outlet1Type: 'combo-2',
  outlet1Speed: 'fast',
  outlet1ConnectorId: 1,
  outlet2Type: 'chademo',
  outlet2Speed: 'fast',
  outlet2ConnectorId: 2,
};
/** The integrator's models, and how their points differ from what a point begins with. */
const MODELS: readonly (readonly [name: string, powerW: number, points: readonly Values[]])[] = [
  ['Parvis 22-2', 22_000, [{}, {}]],
  ['Parvis 7-2', 7_400, [{ supply: 'single-phase' }, { supply: 'single-phase' }]],
  ['Mistral DC50', 50_000, [DC, { connectorId: 3, outlet1Speed: 'accelerated' }]],
];
/** Kits that he was granted; the first two are built into a model. */
const KITS: readonly (readonly [serialNumber: string, hard: string, model: string | null])[] = [
  ['00138', 'PULB', 'Parvis 7-2'],
  ['00140', 'PULB', 'Parvis 7-2'],
  ['00141', 'PULB', null],
  ['00149', 'KIPA', null],
];
const CARDS: readonly (readonly [iccid: string, phone: string, merchant: string | null])[] = [
  ['8933010000000000011', '+33700000011', 'ponant'],
  ['8933010000000000029', '+33700000029', 'concarneau'],
  ['8933010000000000037', '+33700000037', null],
];
const PLACE: Values = {
  company: 'ponant-company-1',
  access: 'public',
  contactName: 'Camille Roux',
  contactPhone: '+33298000001',
  contactEmail: 'camille.roux@ponant.example',
  postcode: '29200',
  city: 'Brest',
  country: 'France',
  language: 'fr',
  timeZone: 'Europe/Paris',
  publicCustomers: true,
};

/**
 * What installing a charger takes, in the demonstration: models whose points are described, kits and cards, a station
 * that waits for its charger, one with a LafonPulse kit, and a grappe.
 */
export function equipmentWrites(declare: Declare): readonly OfficeWrite[] {
  const put = (entity: EntityName, id: string, values: Values, subscriberId: string | null = null): OfficeWrite => ({
    type: 'put',
    entity: ENTITIES[entity],
    record: declare(entity, { id, subscriberId, values }),
  });
  const station = (id: string, values: Values): readonly OfficeWrite[] => {
    const record = declare('station', { id, subscriberId: 'ponant', values: { ...PLACE, ...values } });
    return [{ type: 'put', entity: ENTITIES.station, record }, ...firstPoints(record, ENTITIES.station)];
  };
  return [
    ...MODELS.flatMap(([name, permanentPowerW, points]) => {
      const values = { manufacturer: 'Volterre', make: 'Volterre', name, zeReady: true, evses: points.length };
      const model = declare('charger-model', {
        id: `model-${name}`,
        subscriberId: 'volterre',
        values: { ...values, permanentPowerW },
      });
      return [
        { type: 'put', entity: ENTITIES['charger-model'], record: model } as const,
        ...firstPoints(model, ENTITIES['charger-model']).map((write, index) => described(write, points[index] ?? {})),
      ];
    }),
    ...KITS.map(([serialNumber, hardVersion, model]) =>
      put('kit', `kit-${serialNumber}`, {
        serialNumber,
        hardVersion,
        make: 'Volterre',
        model: 'Parvis',
        zeReady: true,
        softwareVersion: 'KIPA101B202A',
        softwareDate: '2026-04-20',
        integrator: 'volterre',
        chargerModel: model === null ? null : `model-${model.replaceAll(' ', '-')}`,
      }),
    ),
    ...CARDS.map(([iccid, phone, merchant]) =>
      put('sim', `sim-${iccid}`, { iccid, phone, apn: 'm2m.example', merchant }),
    ),
    put('firmware', 'firmware-parvis', {
      name: 'Parvis 2.1',
      make: 'Volterre',
      model: 'Parvis 22-2',
      softwareVersion: '2.1.0',
      url: 'https://volterre.example/parvis-2.1.0.bin',
    }),
    put('server', 'server-essai', { name: 'Serveur d’essai', url: 'wss://ocpp.example/essai' }),
    put('grappe', 'ponant-grappe', { name: 'Parking des Arts', company: 'ponant-company-1' }, 'ponant'),
    ...station('ponant-to-equip', {
      name: 'Halles Saint-Louis',
      address: '2 place des Halles',
      position: '48.3879;-4.4882',
      maintenanceInfo: 'Socle posé, borne à installer.',
    }),
    ...station('ponant-kit', {
      name: 'Parking des Arts',
      address: '9 rue de Lyon',
      position: '48.3905;-4.4861',
      protocol: 'lafon-pulse',
      kitSerial: '00138',
      mediaType: 'gprs',
      udpPort: 1_080,
      simIccid: '8933010000000000011',
      simApn: 'm2m.example',
      simPhone: '+33700000011',
      manufacturer: 'Volterre',
      make: 'Volterre',
      model: 'Parvis 7-2',
      integratorModel: 'model-Parvis-7-2',
      evses: 2,
      permanentPowerW: 7_400,
      grappe: 'ponant-grappe',
    }),
  ];
}

/** A point as it begins, but for what is said of it. */
function described(write: OfficeWrite, more: Values): OfficeWrite {
  if (write.type !== 'put') return write;
  const values: Record<string, Value> = { ...write.record.values, ...more };
  return { ...write, record: { ...write.record, values } };
}
