import { nameplatesFor } from '#src/simulator/models.ts';
import type { Nameplate } from '#src/simulator/state.ts';
import { chargePointKey, idTagKey } from '#src/domain/ids.ts';
import type { IdTokenRow, StationRow, Storage } from '#src/storage/ports.ts';

/** The merchant of the demonstration: an invented intermunicipal union. */
const MERCHANT = 'Syndicat Mobilités du Ponant';
/** 0.39 EUR per kWh, VAT included. */
const ENERGY_PRICE_MILLS_PER_KWH = 390;
const CUSTOMERS = 24;

type Town = {
  readonly city: string;
  readonly postcode: string;
  readonly code: string;
  readonly places: readonly [string, string, string];
};
/** Real towns; the places in them are the ones that every French town has. */
const TOWNS: readonly Town[] = [
  {
    city: 'Rennes',
    postcode: '35000',
    code: 'REN',
    places: ['Parking Charles-de-Gaulle', 'Gare Sud', 'Esplanade des Halles'],
  },
  { city: 'Nantes', postcode: '44000', code: 'NTE', places: ['Parking Bretagne', 'Gare Nord', 'Quai de la Fosse'] },
  {
    city: 'Brest',
    postcode: '29200',
    code: 'BES',
    places: ['Port de plaisance', 'Place de la Liberté', 'Parking Coat-ar-Guéven'],
  },
  { city: 'Quimper', postcode: '29000', code: 'QUI', places: ['Halles Saint-François', 'Parking du Théâtre', 'Gare'] },
  { city: 'Vannes', postcode: '56000', code: 'VAN', places: ['Parking du Port', 'Place de la République', 'Hôpital'] },
  { city: 'Lorient', postcode: '56100', code: 'LRT', places: ['Base des sous-marins', 'Gare', 'Parking des Halles'] },
  {
    city: 'Saint-Malo',
    postcode: '35400',
    code: 'SML',
    places: ['Parking Intra-Muros', 'Gare maritime', 'Plage du Sillon'],
  },
  {
    city: 'Saint-Brieuc',
    postcode: '22000',
    code: 'SBR',
    places: ['Place du Champ-de-Mars', 'Gare', 'Centre aquatique'],
  },
  { city: 'Angers', postcode: '49000', code: 'ANG', places: ['Parking Ralliement', 'Gare Saint-Laud', 'Château'] },
  { city: 'Le Mans', postcode: '72000', code: 'LMS', places: ['Place des Jacobins', 'Gare Nord', 'Circuit'] },
  { city: 'La Rochelle', postcode: '17000', code: 'LRH', places: ['Vieux-Port', 'Parking de Verdun', 'Les Minimes'] },
  { city: 'Poitiers', postcode: '86000', code: 'POI', places: ['Hôtel de Ville', 'Gare', 'Parking Notre-Dame'] },
  {
    city: 'Tours',
    postcode: '37000',
    code: 'TRS',
    places: ['Place Jean-Jaurès', 'Parking des Halles', 'Gare de Saint-Pierre'],
  },
  { city: 'Caen', postcode: '14000', code: 'CAE', places: ['Parking du Château', 'Gare', 'Bassin Saint-Pierre'] },
  {
    city: 'Cherbourg-en-Cotentin',
    postcode: '50100',
    code: 'CHB',
    places: ['Cité de la Mer', 'Place Divette', 'Gare'],
  },
  { city: 'Laval', postcode: '53000', code: 'LVL', places: ['Place du 11-Novembre', 'Gare', 'Parking du Viaduc'] },
  { city: 'Cholet', postcode: '49300', code: 'CHO', places: ['Place Travot', 'Gare', 'Parc de la Meilleraie'] },
  {
    city: 'La Roche-sur-Yon',
    postcode: '85000',
    code: 'RSY',
    places: ['Place Napoléon', 'Gare', 'Parking des Halles'],
  },
  { city: 'Dinan', postcode: '22100', code: 'DIN', places: ['Port', 'Place Duclos', 'Gare'] },
  { city: 'Concarneau', postcode: '29900', code: 'CON', places: ['Ville close', 'Criée', 'Plage des Sables-Blancs'] },
];

const FIRST_NAMES = [
  'Camille',
  'Louise',
  'Nolwenn',
  'Yann',
  'Inès',
  'Hugo',
  'Maëlle',
  'Adam',
  'Soizic',
  'Lucas',
  'Zoé',
  'Malo',
];
const LAST_NAMES = [
  'Le Goff',
  'Moreau',
  'Kervella',
  'Benali',
  'Guillou',
  'Petit',
  'Rousseau',
  'Nguyen',
  'Tanguy',
  'Fernandez',
  'Legrand',
  'Diallo',
];

export type DemoWorld = {
  readonly chargers: readonly Nameplate[];
  /** Badges that drivers of the simulated cars show. */
  readonly idTags: readonly string[];
  readonly walletIds: readonly string[];
};

/** Badges that the login page and the start text give away, one of each kind; any that begins with `TEST` is free. */
export const BADGES = {
  accepted: '04A2B6F23C5D80',
  blocked: '04B10CEDB10C01',
  expired: '04E0D1E0D1E000',
  test: 'TEST-1',
} as const;

/**
 * Declares sixty stations with one charger each (MOD-02), their customers and badges. `speedFactor`: how much faster
 * than life the simulated cars charge, which the plausibility of their energy must allow for (field-22).
 */
export async function declareWorld(storage: Storage, speedFactor: number): Promise<DemoWorld> {
  const { registry } = storage;
  const stations = stationsOf();
  const chargers = nameplatesFor(stations.map((one) => one.identity));
  for (const { station } of stations) await registry.putStation(station);
  for (const [index, { identity, station }] of stations.entries()) {
    const nameplate = chargers[index] as Nameplate;
    await registry.putChargePoint({
      chargePointId: identity,
      key: chargePointKey(identity),
      stationId: station.stationId,
      connectors: nameplate.connectors,
      powerMaxW: nameplate.powerW * speedFactor,
      energyPriceMillsPerKwh: ENERGY_PRICE_MILLS_PER_KWH,
      serialNumber: nameplate.serialNumber,
      inactive: false,
    });
  }
  const tokens = tokensOf();
  for (const token of tokens) await registry.putIdToken(token);
  const good = tokens.filter((one) => !one.blocked && one.expiresAtMs === null);
  return {
    chargers,
    idTags: good.map((one) => one.idTag),
    walletIds: good.flatMap((one) => one.walletId ?? []),
  };
}

function stationsOf(): { identity: string; station: StationRow }[] {
  return TOWNS.flatMap(({ city, postcode, code, places }) =>
    places.map((place, index) => {
      const identity = `PON-${code}-${String(index + 1).padStart(2, '0')}`;
      const access = index === 2 && postcode < '40000' ? 'private' : 'public';
      return {
        identity,
        station: {
          stationId: identity.toLowerCase(),
          name: `${city} – ${place}`,
          address: place,
          postcode,
          city,
          merchant: MERCHANT,
          access,
        },
      };
    }),
  );
}

function tokensOf(): IdTokenRow[] {
  const customers = Array.from({ length: CUSTOMERS }, (_, index): IdTokenRow => {
    const idTag =
      index === 0
        ? BADGES.accepted
        : `04${(0x3a5f_1c20 + index * 0x0107_3b11).toString(16).toUpperCase().padStart(8, '0')}80`;
    const driver = `${FIRST_NAMES[index % FIRST_NAMES.length]} ${LAST_NAMES[(index * 5 + 1) % LAST_NAMES.length]}`;
    return { ...plain(idTag), walletId: `customer-${index + 1}`, driver };
  });
  return [
    ...customers,
    { ...plain(BADGES.blocked), driver: 'Badge perdu', blocked: true },
    { ...plain(BADGES.expired), driver: 'Ancien agent', expiresAtMs: Date.UTC(2026, 0, 1) },
    { ...plain('LIBRE-SERVICE'), driver: 'Libre-service', freeService: true },
  ];
}

function plain(idTag: string): IdTokenRow {
  return {
    key: idTagKey(idTag),
    idTag,
    blocked: false,
    expiresAtMs: null,
    walletId: null,
    driver: null,
    freeService: false,
  };
}
