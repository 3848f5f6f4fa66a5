import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { demoKits } from './kits.ts';
import type { Kit } from '#src/simulator/fleet.ts';
import { nameplatesFor } from '#src/simulator/models.ts';
import type { Nameplate } from '#src/simulator/state.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import type { SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import type { IdTokenRow } from '#src/storage/registry-port.ts';
import type { SqliteStorage } from '#src/storage/sqlite/open.ts';
import { DRIVERS } from './customers.ts';
import { declareOffice, type DemoStation } from './office.ts';

/** Of every login of the demonstration. */
export const PASSWORD = 'Vigie-demo-2026';
/** 0.39 EUR per kWh, VAT included. */
const ENERGY_PRICE_MILLS_PER_KWH = 390;
const METER_EVERY_MINUTE = { key: 'MeterValueSampleInterval', value: '60' };

type Town = {
  readonly city: string;
  readonly postcode: string;
  readonly code: string;
  readonly places: readonly [string, string, string];
  /** Latitude and longitude of its centre. */
  readonly position: readonly [number, number];
};
/** Real towns; the places in them are the ones that every French town has. */
const TOWNS: readonly Town[] = [
  {
    city: 'Rennes',
    postcode: '35000',
    code: 'REN',
    position: [48.1113, -1.68],
    places: ['Parking Charles-de-Gaulle', 'Gare Sud', 'Esplanade des Halles'],
  },
  {
    city: 'Nantes',
    postcode: '44000',
    code: 'NTE',
    position: [47.2173, -1.5534],
    places: ['Parking Bretagne', 'Gare Nord', 'Quai de la Fosse'],
  },
  {
    city: 'Brest',
    postcode: '29200',
    code: 'BES',
    position: [48.3904, -4.4861],
    places: ['Port de plaisance', 'Place de la Liberté', 'Parking Coat-ar-Guéven'],
  },
  {
    city: 'Quimper',
    postcode: '29000',
    code: 'QUI',
    position: [47.996, -4.1024],
    places: ['Halles Saint-François', 'Parking du Théâtre', 'Gare'],
  },
  {
    city: 'Vannes',
    postcode: '56000',
    code: 'VAN',
    position: [47.6559, -2.7603],
    places: ['Parking du Port', 'Place de la République', 'Hôpital'],
  },
  {
    city: 'Lorient',
    postcode: '56100',
    code: 'LRT',
    position: [47.7486, -3.367],
    places: ['Base des sous-marins', 'Gare', 'Parking des Halles'],
  },
  {
    city: 'Saint-Malo',
    postcode: '35400',
    code: 'SML',
    position: [48.6493, -2.0257],
    places: ['Parking Intra-Muros', 'Gare maritime', 'Plage du Sillon'],
  },
  {
    city: 'Saint-Brieuc',
    postcode: '22000',
    code: 'SBR',
    position: [48.5136, -2.7653],
    places: ['Place du Champ-de-Mars', 'Gare', 'Centre aquatique'],
  },
  {
    city: 'Angers',
    postcode: '49000',
    code: 'ANG',
    position: [47.4736, -0.5542],
    places: ['Parking Ralliement', 'Gare Saint-Laud', 'Château'],
  },
  {
    city: 'Le Mans',
    postcode: '72000',
    code: 'LMS',
    position: [48.0061, 0.1996],
    places: ['Place des Jacobins', 'Gare Nord', 'Circuit'],
  },
  {
    city: 'La Rochelle',
    postcode: '17000',
    code: 'LRH',
    position: [46.1591, -1.1517],
    places: ['Vieux-Port', 'Parking de Verdun', 'Les Minimes'],
  },
  {
    city: 'Poitiers',
    postcode: '86000',
    code: 'POI',
    position: [46.5802, 0.3404],
    places: ['Hôtel de Ville', 'Gare', 'Parking Notre-Dame'],
  },
  {
    city: 'Tours',
    postcode: '37000',
    code: 'TRS',
    position: [47.3941, 0.6848],
    places: ['Place Jean-Jaurès', 'Parking des Halles', 'Gare de Saint-Pierre'],
  },
  {
    city: 'Caen',
    postcode: '14000',
    code: 'CAE',
    position: [49.1829, -0.3707],
    places: ['Parking du Château', 'Gare', 'Bassin Saint-Pierre'],
  },
  {
    city: 'Cherbourg-en-Cotentin',
    postcode: '50100',
    code: 'CHB',
    position: [49.6386, -1.6163],
    places: ['Cité de la Mer', 'Place Divette', 'Gare'],
  },
  {
    city: 'Laval',
    postcode: '53000',
    code: 'LVL',
    position: [48.0707, -0.7734],
    places: ['Place du 11-Novembre', 'Gare', 'Parking du Viaduc'],
  },
  {
    city: 'Cholet',
    postcode: '49300',
    code: 'CHO',
    position: [47.0609, -0.8789],
    places: ['Place Travot', 'Gare', 'Parc de la Meilleraie'],
  },
  {
    city: 'La Roche-sur-Yon',
    postcode: '85000',
    code: 'RSY',
    position: [46.6706, -1.426],
    places: ['Place Napoléon', 'Gare', 'Parking des Halles'],
  },
  {
    city: 'Dinan',
    postcode: '22100',
    code: 'DIN',
    position: [48.4542, -2.0489],
    places: ['Port', 'Place Duclos', 'Gare'],
  },
  {
    city: 'Concarneau',
    postcode: '29900',
    code: 'CON',
    position: [47.8753, -3.9186],
    places: ['Ville close', 'Criée', 'Plage des Sables-Blancs'],
  },
];

export type DemoWorld = {
  /** The chargers of each merchant, and the badges that drivers of the simulated cars show there. */
  readonly fleets: readonly { readonly chargers: readonly Nameplate[]; readonly idTags: readonly string[] }[];
  readonly walletIds: readonly string[];
  /** Which of them are older boxes that speak SOAP. */
  readonly soap: ReadonlyMap<string, SoapVersion>;
  /** Of the larger merchant. */
  readonly kits: readonly Kit[];
};

/**
 * Declares sixty stations with one charger each (MOD-02), their customers and badges, and who may look at them.
 * `speedFactor`: how much faster than life the simulated cars charge, which the plausibility of their energy must allow
 * for (field-22).
 */
export async function declareWorld(storage: SqliteStorage, speedFactor: number): Promise<DemoWorld> {
  const { registry } = storage;
  const stations = stationsOf();
  const chargers = nameplatesFor(stations.map((one) => one.identity));
  await declareOffice(storage.office, { stations, chargers, password: PASSWORD });
  for (const [index, { identity, stationId }] of stations.entries()) {
    const nameplate = chargers[index] as Nameplate;
    await registry.putChargePoint({
      chargePointId: identity,
      key: chargePointKey(identity),
      stationId,
      connectors: nameplate.connectors,
      powerMaxW: nameplate.powerW * speedFactor,
      energyPriceMillsPerKwh: ENERGY_PRICE_MILLS_PER_KWH,
      serialNumber: nameplate.serialNumber,
      freeServiceTag: null,
      leniency: 'tolerant',
      limits: NO_STAY_LIMITS,
      inactive: false,
    });
    // Without meter values during a charge (OCP-17) the pages of a demonstration would stand still.
    await registry.declareForcedKey({ stationId, ...METER_EVERY_MINUTE, by: 'démonstration', atMs: 0 });
  }
  await registry.putIdToken(FREE_SERVICE);
  return {
    fleets: (['ponant', 'concarneau'] as const).map((owner) => ({
      chargers: chargers.filter((_, index) => stations[index]?.owner === owner),
      idTags: DRIVERS.filter((driver) => driver.owner === owner || driver.owner === null).map(({ badge }) => badge),
    })),
    walletIds: DRIVERS.map(({ id }) => id),
    soap: SOAP,
    kits: await demoKits(storage, { speedFactor, energyPriceMillsPerKwh: ENERGY_PRICE_MILLS_PER_KWH }),
  };
}

/** The towns that began early. */
const SOAP: ReadonlyMap<string, SoapVersion> = new Map([
  ['PON-LRT-01', '1.6'],
  ['PON-LRT-02', '1.6'],
  ['PON-LRT-03', '1.6'],
  ['PON-VAN-01', '1.6'],
  ['PON-QUI-01', '1.5'],
  ['PON-QUI-02', '1.5'],
  ['PON-QUI-03', '1.5'],
  ['PON-VAN-02', '1.5'],
]);

function soapOf(identity: string): Pick<DemoStation, 'soap'> {
  const soap = SOAP.get(identity);
  return soap === undefined ? {} : { soap };
}

/** A badge without a customer. */
const FREE_SERVICE: IdTokenRow = {
  key: 'LIBRE-SERVICE',
  idTag: 'LIBRE-SERVICE',
  blocked: false,
  expiresAtMs: null,
  walletId: null,
  driver: 'Libre-service',
  freeService: true,
};

function stationsOf(): DemoStation[] {
  return TOWNS.flatMap(({ city, postcode, code, places, position }) =>
    places.map((place, index) => {
      const identity = `PON-${code}-${String(index + 1).padStart(2, '0')}`;
      const access = index === 2 && postcode < '40000' ? 'private' : 'public';
      const [latitude, longitude] = position;
      return {
        identity,
        stationId: identity.toLowerCase(),
        name: `${city} – ${place}`,
        address: place,
        postcode,
        city,
        access,
        // Some hundred metres apart, so that each has a place of its own on a map.
        position: `${(latitude + index * 0.004).toFixed(4)};${(longitude + index * 0.005).toFixed(4)}`,
        // The last town of the list runs its own chargers, next door to the others.
        owner: code === 'CON' ? 'concarneau' : 'ponant',
        ...soapOf(identity),
      };
    }),
  );
}
