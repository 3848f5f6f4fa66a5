import { firstPoints } from '#actors/office/points.ts';
import { subscriptionWrites } from '#actors/office/subscription.ts';
import type { AlertRecipient } from '#src/domain/alert.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { emptyOf, type Entity, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { Nameplate } from '#src/simulator/state.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import { hashPassword } from '../password.ts';
import { CUSTOMER_LOGIN, customerWrites } from './customers.ts';
import { equipmentWrites } from './equipment.ts';
import { kitStationWrites } from './kits.ts';

export type DemoStation = {
  readonly identity: string;
  readonly stationId: string;
  readonly name: string;
  readonly address: string;
  readonly postcode: string;
  readonly city: string;
  readonly access: 'public' | 'private';
  readonly position: string;
  readonly owner: 'ponant' | 'concarneau';
  /** JSON unless it says so. */
  readonly soap?: SoapVersion;
};

/** The logins that the start text and the login page give away: each sees another part of the same fleet. */
export const LOGINS = [
  { username: 'mainteneur', who: 'maintainer' },
  { username: 'commercant', who: 'merchant' },
  { username: 'voisin', who: 'neighbour' },
  { username: 'integrateur', who: 'integrator' },
  { username: CUSTOMER_LOGIN, who: 'customer' },
] as const;

/** Whose the chargers are that nobody declared: « Accès commerçant de test » (MPU-10). */
export const STRANGERS = { subscriberId: 'essai', companyId: 'essai-company-1' } as const;

const BY = 'démonstration';
const MAINTAINED: readonly string[] = ['ponant-company-1', 'essai-company-1'];
const BORN_MS = Date.UTC(2026, 0, 5, 8);

const SUBSCRIBERS: readonly { readonly id: string; readonly values: Values }[] = [
  {
    id: 'ponant',
    values: {
      kind: 'merchant',
      name: 'Syndicat Mobilités du Ponant',
      administrator: 'commercant',
      contactName: 'Camille Roux',
      contactEmail: 'camille.roux@ponant.example',
      contactPhone: '+33298000001',
      address: '12 quai de la Douane',
      postcode: '29200',
      city: 'Brest',
      options: ['sms', 'mail', 'payment', 'grappe'],
      companiesMax: 5,
      chargersMax: 100,
    },
  },
  {
    id: 'concarneau',
    values: {
      kind: 'merchant',
      name: 'Régie de Concarneau',
      administrator: 'voisin',
      contactName: 'Soizic Kervella',
      contactEmail: 'soizic.kervella@concarneau.example',
      city: 'Concarneau',
      postcode: '29900',
      companiesMax: 1,
      chargersMax: 10,
    },
  },
  {
    id: 'atlantique',
    values: {
      kind: 'maintainer',
      name: 'Atlantique Maintenance',
      administrator: 'mainteneur',
      contactName: 'Yann Guillou',
      contactEmail: 'yann.guillou@atlantique.example',
      contactPhone: '+33612345678',
      city: 'Nantes',
      postcode: '44000',
      options: ['sms', 'mail', 'grappe'],
      testMerchant: STRANGERS.subscriberId,
    },
  },
  {
    id: 'volterre',
    values: {
      kind: 'integrator',
      name: 'Volterre',
      administrator: 'integrateur',
      contactName: 'Inès Moreau',
      contactEmail: 'ines.moreau@volterre.example',
      city: 'Rennes',
      postcode: '35000',
      testMerchant: 'volterre-test',
    },
  },
];

/** The maintainer hears of faults, the merchant of vehicles that stand too long. */
const RECIPIENTS: readonly AlertRecipient[] = [
  { userId: 'atlantique-administrator', fault: ['mail', 'sms'], parking: [] },
  { userId: 'ponant-administrator', fault: [], parking: ['mail'] },
];

/** « Informations complémentaires » of the larger merchant. */
const ADDED_TO_STATIONS: readonly Values[] = [
  { name: 'Mise en service', input: 'date' },
  { name: 'Gestionnaire de la voirie', input: 'text', lengthMax: 60 },
  { name: 'Pose', input: 'choice', choices: 'Sur pied\nMurale\nSur mât d’éclairage' },
];

/**
 * Two merchants, the maintainer of the larger one, and an integrator. Done once: what people change in a demonstration
 * stays changed.
 */
export async function declareOffice(
  office: Office,
  world: { stations: readonly DemoStation[]; chargers: readonly Nameplate[]; password: string },
): Promise<void> {
  if ((await office.findBy(ENTITIES.subscriber, 'name', 'Syndicat Mobilités du Ponant')) !== null) return;
  const writes: OfficeWrite[] = [];
  for (const { id, values } of SUBSCRIBERS) {
    const record = recordOf(ENTITIES.subscriber, { id, subscriberId: null, values: { language: 'fr', ...values } });
    writes.push({ type: 'put', entity: ENTITIES.subscriber, record }, ...subscriptionWrites(record, BY));
  }
  for (const [index, station] of world.stations.entries()) {
    const record = stationRecord(station, world.chargers[index]);
    writes.push({ type: 'put', entity: ENTITIES.station, record }, ...firstPoints(record, ENTITIES.station));
    if (station.owner === 'ponant')
      writes.push({ type: 'recipients', stationId: station.stationId, recipients: RECIPIENTS });
  }
  writes.push(...equipmentWrites((entity, of) => recordOf(ENTITIES[entity], of)));
  writes.push(...kitStationWrites((of) => recordOf(ENTITIES.station, of)));
  writes.push(...customerWrites(recordOf));
  for (const [index, values] of ADDED_TO_STATIONS.entries()) {
    const order = { form: 'station', order: index + 1 };
    const id = `ponant-added-${index + 1}`;
    const record = recordOf(ENTITIES['custom-field'], { id, subscriberId: 'ponant', values: { ...order, ...values } });
    writes.push({ type: 'put', entity: ENTITIES['custom-field'], record });
  }
  for (const companyId of MAINTAINED) {
    const row = { companyId, maintainerId: 'atlantique', offeredAtMs: BORN_MS, acceptedAtMs: BORN_MS };
    writes.push({ type: 'maintenance', row });
  }
  await office.write(writes.map(maintained));
  const passwordHash = await hashPassword(world.password);
  const credential = { passwordHash, mustChange: false, changedAtMs: BORN_MS };
  const userIds = [...SUBSCRIBERS.map(({ id }) => `${id}-administrator`), CUSTOMER_LOGIN];
  await office.write(userIds.map((userId) => ({ type: 'password', userId, credential }) as const));
}

/** The company says by whom it is maintained, as though its merchant had chosen him, and has its roaming id. */
function maintained(write: OfficeWrite): OfficeWrite {
  if (write.type !== 'put' || !MAINTAINED.includes(write.record.id)) return write;
  const cpoId = write.record.id === 'ponant-company-1' ? 'FR*PON' : null;
  const values = { ...write.record.values, maintainers: ['atlantique'], cpoId };
  return { ...write, record: { ...write.record, values } };
}

function stationRecord(station: DemoStation, nameplate: Nameplate | undefined): RecordRow {
  const { name, access, address, postcode, city, position, identity, owner } = station;
  const values: Values = {
    company: `${owner}-company-1`,
    name,
    access,
    contactName: owner === 'ponant' ? 'Camille Roux' : 'Soizic Kervella',
    contactPhone: '+33298000001',
    contactEmail: owner === 'ponant' ? 'camille.roux@ponant.example' : 'soizic.kervella@concarneau.example',
    address,
    postcode,
    city,
    country: 'France',
    position,
    language: 'fr',
    timeZone: 'Europe/Paris',
    publicCustomers: access === 'public',
    visibleToPublic: access === 'public',
    openData: true,
    siteType: 'street',
    schedule: '24/7',
    identity,
    serialNumber: nameplate?.serialNumber ?? null,
    evses: nameplate?.connectors ?? 1,
    ocppVersion: station.soap === undefined ? '1.6-json' : `${station.soap}-soap`,
    wsAddressing: station.soap !== undefined,
    permanentPowerW: nameplate?.powerW ?? 22_000,
    protocol: 'ocpp',
    ...(owner === 'ponant' && { parkingBeforeMinutes: 15, parkingAfterMinutes: 10, parkingMinutesMax: 240 }),
  };
  return recordOf(ENTITIES.station, { id: station.stationId, subscriberId: owner, values });
}

function recordOf(entity: Entity, of: { id: string; subscriberId: string | null; values: Values }): RecordRow {
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(entity.fields)) values[name] = of.values[name] ?? emptyOf(field);
  return {
    id: of.id.replace(/[^\w.:-]/g, '-'),
    subscriberId: of.subscriberId,
    version: 1,
    inactive: false,
    values,
    custom: {},
    createdAtMs: BORN_MS,
    changedAtMs: BORN_MS,
    changedBy: BY,
  };
}
