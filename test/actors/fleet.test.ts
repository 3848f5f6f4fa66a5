import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshDurable, freshLive, type ChargePointState } from '#actors/charge-point/state.ts';
import { freshConnector, type ConnectorState } from '#actors/connector/state.ts';
import { FleetFeed } from '#actors/fleet/actor.ts';
import { EARLY_MAX, FleetBoard, type FleetBatch } from '#actors/fleet/board.ts';
import type { ChargePointView, FleetQuery } from '#actors/fleet/messages.ts';
import { arranged, matcher } from '#actors/fleet/query.ts';
import { SILENCE_MS, viewOf } from '#actors/fleet/view.ts';
import { DEPARTURES_MAX } from '#actors/fleet/departures.ts';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { aChargePoint, aStation } from '../storage/rows.ts';

const NOW_MS = 1_800_000_000_000;
const ALL_SEEING = platformViewer('test');
const FREE: ChargePointStatus = 'Available';

function aRoster(change: Partial<RosterRow> = {}, station: Partial<RosterRow['station']> = {}): RosterRow {
  return {
    ...aChargePoint({ chargePointId: 'CP1', key: 'CP1', connectors: 2 }),
    station: { ...aStation(), ...station },
    heardAtMs: NOW_MS,
    historySinceMs: 0,
    ...change,
  };
}

function aMerchant(subscriberId: string): Viewer {
  return { ...ALL_SEEING, kind: 'merchant', subscriberId };
}

function aBox(change: Partial<ChargePointState['durable']> = {}): ChargePointState {
  return { chargePointId: 'CP1', durable: { ...freshDurable(), ...change }, live: freshLive() };
}

function linkedBox(): ChargePointState {
  const box = aBox();
  return {
    ...box,
    live: {
      ...box.live,
      link: { linkId: 1, remoteAddress: '::1', calledAs: null, security: 0, sinceMs: NOW_MS, ready: true },
    },
  };
}

function aConnector(connectorId: number, status: ChargePointStatus | null): ConnectorState {
  const fresh = freshConnector('CP1', connectorId);
  return { ...fresh, reported: { ...fresh.reported, status } };
}

/** The view of a charger whose points report these statuses. */
function viewWith(statuses: readonly (ChargePointStatus | null)[], more: Partial<Parameters<typeof viewOf>[0]> = {}) {
  const connectors = new Map(statuses.map((status, index) => [index + 1, aConnector(index + 1, status)] as const));
  const known = { roster: aRoster(), chargePoint: aBox(), connectors, heardAtMs: NOW_MS, ...more };
  return viewOf(known, NOW_MS, null, 1);
}

describe('the state of a charger', () => {
  test('MOD-07: it is not connected when it was never heard, or has been silent for more than an hour', () => {
    expect(viewWith([FREE], { heardAtMs: null }).state).toBe('offline');
    expect(viewWith([FREE], { heardAtMs: NOW_MS - SILENCE_MS - 1 }).state).toBe('offline');
    expect(viewWith([FREE], { heardAtMs: NOW_MS - SILENCE_MS }).state).toBe('free');
  });

  test('MOD-07: a charger that falls silent is counted as not connected without a word of its own', () => {
    const board = new FleetBoard(NOW_MS);
    const batch = { chargePoints: [aBox()], connectors: [aConnector(1, FREE)], heard: new Map([['CP1', NOW_MS]]) };
    board.apply({ ...batch, declared: [aRoster()], gone: [] }, NOW_MS);
    const { revision } = board.changes(NOW_MS, ALL_SEEING);
    expect(board.find('CP1')?.state).toBe('free');
    board.age(NOW_MS + SILENCE_MS + 1);
    expect(board.find('CP1')).toMatchObject({ state: 'offline', stateSinceMs: NOW_MS });
    expect(board.changes(revision, ALL_SEEING)).toMatchObject({
      changed: [{ chargePointId: 'CP1' }],
      counts: { offline: 1, free: 0 },
    });
  });

  test('MOD-07: a charger that is heard but has told no status is not offline, and never promised to be free', () => {
    const silent = { chargePoint: linkedBox(), connectors: new Map() };
    expect(viewWith([null, null])).toMatchObject({ state: 'occupied', statusTold: false });
    expect(viewWith([], silent)).toMatchObject({ state: 'occupied', statusTold: false, linked: true });
    expect(viewWith([], { ...silent, heardAtMs: null }).state).toBe('offline');
    expect(viewWith([FREE])).toMatchObject({ state: 'free', statusTold: true });
  });

  test('a lost link is counted once: a charger that is offline has no other figure', () => {
    const board = new FleetBoard(NOW_MS);
    const heard = new Map([['CP1', NOW_MS]]);
    const batch = { connectors: [aConnector(1, FREE)], heard, declared: [aRoster()], gone: [] };
    board.apply({ ...batch, chargePoints: [linkedBox()] }, NOW_MS);
    expect(board.changes(NOW_MS, ALL_SEEING).counts.unlinked).toBe(0);
    board.apply({ ...batch, declared: [], chargePoints: [aBox()] }, NOW_MS);
    expect(board.changes(NOW_MS, ALL_SEEING).counts).toMatchObject({ unlinked: 1, offline: 0 });
    board.age(NOW_MS + SILENCE_MS + 1);
    expect(board.changes(NOW_MS, ALL_SEEING).counts).toMatchObject({ unlinked: 0, offline: 1 });
  });

  test('MOD-08: it is free as soon as one point is free', () => {
    expect(viewWith(['Charging', FREE]).state).toBe('free');
    expect(viewWith(['Faulted', FREE]).state).toBe('free');
  });

  test('MOD-03, MOD-08: sockets of one point are one place: while a vehicle stands at one, the other is not free', () => {
    const roster = aRoster({ connectors: 3, shared: [[1, 2]] });
    const free = viewWith([FREE, FREE, 'Charging'], { roster });
    expect(free.state).toBe('free');
    for (const status of ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing'] as const) {
      const view = viewWith([status, FREE, 'Charging'], { roster });
      expect(view.state, status).toBe('occupied');
      expect(view.connectors.map(({ busyBeside }) => busyBeside ?? null)).toEqual([null, 1, null]);
    }
    expect(viewWith(['Faulted', FREE, 'Charging'], { roster }).state).toBe('free');
    expect(viewWith(['Charging', FREE, FREE], { roster }).state).toBe('free');
    expect(viewWith(['Charging', FREE]).state).toBe('free');
  });

  test('MOD-09: it is occupied when no point is free and not all are out of service', () => {
    for (const busy of ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Reserved'] as const) {
      expect(viewWith([busy, 'Charging']).state, busy).toBe('occupied');
      expect(viewWith([busy, 'Faulted']).state, busy).toBe('occupied');
    }
  });

  test('MOD-10: it is out of service when every point is, or the box itself', () => {
    expect(viewWith(['Faulted', 'Unavailable']).state).toBe('out-of-service');
    expect(viewWith([FREE], { chargePoint: aBox({ status: 'Unavailable' }) }).state).toBe('out-of-service');
  });
});

const ALL: FleetQuery = {
  states: [],
  faultOnly: false,
  access: [],
  status: null,
  station: '',
  text: '',
  sort: 'name',
  descending: false,
  page: 1,
  pageSize: null,
};

function named(stationName: string, change: Partial<ChargePointView> = {}): ChargePointView {
  return { ...viewWith([FREE]), stationName, ...change };
}

test('of chargers that nobody declares some thousands are kept in mind, the latest', () => {
  const board = new FleetBoard(NOW_MS);
  const ids = Array.from({ length: EARLY_MAX + 1 }, (_, index) => `CP${index}`);
  const quiet = { chargePoints: [], connectors: [], gone: [] };
  board.apply({ ...quiet, heard: new Map(ids.map((id) => [id, NOW_MS])), declared: [] }, NOW_MS);
  const [first = '', last = ''] = [ids[0], ids.at(-1)];
  const declared = [first, last].map((chargePointId) =>
    aRoster({ chargePointId, key: chargePointId, heardAtMs: null }),
  );
  board.apply({ ...quiet, heard: new Map(), declared }, NOW_MS);
  expect([first, last].map((id) => board.find(id)?.heardAtMs)).toEqual([null, NOW_MS]);
});

describe('the list of the fleet', () => {
  test('PRC-01: states, faults and access filter, each alone and together', () => {
    const fault = named('A', { fault: true, state: 'occupied', access: 'private' });
    expect(matcher({ ...ALL, states: ['occupied', 'offline'] })(fault)).toBe(true);
    expect(matcher({ ...ALL, states: ['free'] })(fault)).toBe(false);
    expect(matcher({ ...ALL, faultOnly: true })(named('B'))).toBe(false);
    expect(matcher({ ...ALL, faultOnly: true, access: ['private'] })(fault)).toBe(true);
    expect(matcher({ ...ALL, access: ['public'] })(fault)).toBe(false);
  });

  test('PRC-01: « Statut » is that of the box or of any of its points, « Station de charge » any part of a name', () => {
    const view = named('Gare de Saint-Étienne', { city: 'Lyon', status: 'Unavailable' });
    const fits = (change: Partial<FleetQuery>) => matcher({ ...ALL, ...change })(view);
    expect([fits({ status: 'Available' }), fits({ status: 'Unavailable' })]).toEqual([true, true]);
    expect(fits({ status: 'Charging' })).toBe(false);
    expect([fits({ station: ' ETIENNE' }), fits({ station: 'lyon' })]).toEqual([true, false]);
    expect(fits({ station: 'gare', status: 'Faulted' })).toBe(false);
  });

  test('LST-04: any part of any text is found, whatever the letter case and the accents; all words must fit', () => {
    const view = named('Gare de Saint-Étienne', { city: 'Saint-Étienne', chargePointId: 'SE-01' });
    for (const text of ['etienne', 'ÉTIENNE', 'se-0', 'gare se-01', '  gare  ']) {
      expect(matcher({ ...ALL, text })(view), text).toBe(true);
    }
    expect(matcher({ ...ALL, text: 'gare lyon' })(view)).toBe(false);
  });

  test('LST-03: names sort as people count, and the other way round on demand', () => {
    const board = boardOf(['Quai 10', 'Quai 2', 'École'].map((name, index) => [`CP${index}`, name, NOW_MS]));
    const names = (query: FleetQuery) => board.list(query, ALL_SEEING).rows.map((view) => view.stationName);
    expect(names(ALL)).toEqual(['École', 'Quai 2', 'Quai 10']);
    expect(names({ ...ALL, descending: true })).toEqual(['Quai 10', 'Quai 2', 'École']);
  });

  test('LST-03, LST-04: a charger that is declared under another name moves, and is found by it', () => {
    const board = boardOf([
      ['CP1', 'Quai A', NOW_MS],
      ['CP2', 'Quai B', NOW_MS],
    ]);
    const names = (text: string) => board.list({ ...ALL, text }, ALL_SEEING).rows.map((view) => view.stationName);
    expect(names('quai')).toEqual(['Quai A', 'Quai B']);
    const renamed = aRoster({}, { name: 'Zénith' });
    board.apply({ chargePoints: [], connectors: [], heard: new Map(), gone: [], declared: [renamed] }, NOW_MS);
    expect(names('')).toEqual(['Quai B', 'Zénith']);
    expect(names('zenith')).toEqual(['Zénith']);
    board.apply({ chargePoints: [], connectors: [], heard: new Map(), gone: ['CP2'], declared: [] }, NOW_MS);
    expect(names('')).toEqual(['Zénith']);
  });

  test('by urgency, faults go first, then what is out of service, silent, busy and free', () => {
    const views = [
      named('free'),
      named('busy', { state: 'occupied' }),
      named('silent', { state: 'offline' }),
      named('out', { state: 'out-of-service' }),
      named('fault', { fault: true }),
    ];
    const order = arranged(
      views.map((view) => ({ view })),
      'urgency',
    ).map(({ view }) => view.stationName);
    expect(order).toEqual(['fault', 'out', 'silent', 'busy', 'free']);
  });

  test('whoever asks again sees what whoever asks for the first time sees, whatever has happened meanwhile', () => {
    const ids = ['CP1', 'CP2', 'CP3', 'CP4'] as const;
    const id = fc.constantFrom(...ids);
    const happening = fc.oneof(
      fc.record({ chargePointId: id, status: fc.constantFrom<ChargePointStatus>('Available', 'Faulted', 'Charging') }),
      fc.record({ chargePointId: id, heardAtMs: fc.integer({ min: NOW_MS - 9, max: NOW_MS }) }),
      fc.record({ chargePointId: id, model: fc.constantFrom('M1', 'M2') }),
      fc.record({ chargePointId: id, name: fc.constantFrom('Quai', 'Gare'), owner: fc.constantFrom('s1', 's2') }),
      fc.record({ gone: id }),
    );
    type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;
    const declared = ids.map((chargePointId): Happening => ({ chargePointId, name: 'Quai', owner: 's1' }));
    const batchOf = (one: Happening): FleetBatch => {
      const batch = { chargePoints: [], connectors: [], heard: new Map<string, number>(), declared: [], gone: [] };
      if ('gone' in one) return { ...batch, gone: [one.gone] };
      const { chargePointId } = one;
      if ('status' in one) return { ...batch, connectors: [{ ...aConnector(1, one.status), chargePointId }] };
      if ('heardAtMs' in one) return { ...batch, heard: new Map([[chargePointId, one.heardAtMs]]) };
      if ('model' in one) {
        const boot = { chargePointVendor: 'Fabrique', chargePointModel: one.model };
        return { ...batch, chargePoints: [{ ...aBox({ boot }), chargePointId }] };
      }
      const { name, owner: subscriberId } = one;
      return { ...batch, declared: [aRoster({ chargePointId, key: chargePointId }, { name, subscriberId })] };
    };
    const seen = (board: FleetBoard) =>
      [ALL_SEEING, aMerchant('s1')].flatMap((viewer) =>
        (['name', 'urgency', 'chargePointId', 'heard', 'state'] as const).flatMap((sort) =>
          ['', 'm1', 'quai'].map((text) => {
            const { rows, found, counts } = board.list({ ...ALL, sort, text, descending: text === '' }, viewer);
            return { rows: rows.map(({ chargePointId }) => chargePointId), found, counts };
          }),
        ),
      );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), (happenings) => {
        const [asked, fresh] = [boardOf([]), boardOf([])];
        for (const one of [...declared, ...happenings]) {
          asked.apply(batchOf(one), NOW_MS);
          fresh.apply(batchOf(one), NOW_MS);
          seen(asked);
        }
        expect(seen(asked)).toEqual(seen(fresh));
      }),
    );
  });

  test('any sort is an order: it never depends on how the list began', () => {
    const sorts = fc.constantFrom('name', 'urgency', 'chargePointId', 'heard', 'state');
    const chargers = fc
      .uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 12 })
      .map((ids) =>
        ids.map((id) => [`CP${id}`, `S${id % 7}`, id % 2 === 0 ? NOW_MS - (id % 3) : NOW_MS - SILENCE_MS * 2] as const),
      );
    fc.assert(
      fc.property(chargers, sorts, fc.boolean(), (list, sort, descending) => {
        const ids = (of: typeof list) =>
          boardOf(of)
            .list({ ...ALL, sort, descending }, ALL_SEEING)
            .rows.map(({ chargePointId }) => chargePointId);
        expect(ids(list.toReversed())).toEqual(ids(list));
      }),
    );
  });
});

function boardOf(chargers: readonly (readonly [chargePointId: string, name: string, heardAtMs: number])[]): FleetBoard {
  const board = new FleetBoard(NOW_MS);
  const declared = chargers.map(([chargePointId, name, heardAtMs]) =>
    aRoster({ chargePointId, key: chargePointId, heardAtMs }, { name }),
  );
  board.apply({ chargePoints: [], connectors: [], heard: new Map(), gone: [], declared }, NOW_MS);
  return board;
}

describe('what an open page is told', () => {
  const empty: FleetBatch = { chargePoints: [], connectors: [], heard: new Map(), declared: [], gone: [] };

  test('it gets each charger that changed since its revision, in its newest state only', () => {
    const board = new FleetBoard(NOW_MS);
    board.apply({ ...empty, declared: [aRoster(), aRoster({ chargePointId: 'CP2', key: 'CP2' })] }, NOW_MS);
    const { revision } = board.changes(NOW_MS, ALL_SEEING);
    board.apply({ ...empty, connectors: [aConnector(1, 'Preparing')] }, NOW_MS);
    board.apply({ ...empty, connectors: [aConnector(1, 'Charging')] }, NOW_MS);
    const { changed, complete } = board.changes(revision, ALL_SEEING);
    expect(complete).toBe(true);
    expect(changed.map((view) => [view.chargePointId, view.connectors[0]?.status])).toEqual([['CP1', 'Charging']]);
  });

  test('a fault has its own age and number, and what lists go by is told from a meter that counts on', () => {
    const board = new FleetBoard(NOW_MS);
    board.apply({ ...empty, declared: [aRoster()], connectors: [aConnector(1, FREE)] }, NOW_MS);
    const calm = board.find('CP1');
    expect(calm).toMatchObject({ fault: false, faultSinceMs: null, faultRevision: 0 });
    board.apply({ ...empty, connectors: [aConnector(1, 'Faulted')] }, NOW_MS + 5);
    const faulty = board.find('CP1');
    expect(faulty).toMatchObject({ faultSinceMs: NOW_MS + 5, faultRevision: faulty?.revision });
    board.apply({ ...empty, connectors: [aConnector(1, 'Faulted')] }, NOW_MS + 9);
    const still = board.find('CP1');
    expect(still?.revision).toBeGreaterThan(faulty?.revision ?? Infinity);
    expect(still).toMatchObject({
      faultSinceMs: NOW_MS + 5,
      faultRevision: faulty?.faultRevision,
      movedRevision: faulty?.movedRevision,
    });
  });

  test('a charger that was just declared is among the changes', () => {
    const board = new FleetBoard(NOW_MS);
    board.apply({ ...empty, declared: [aRoster()], gone: [] }, NOW_MS);
    const { changed } = board.changes(NOW_MS, ALL_SEEING);
    expect(changed.map((view) => [view.chargePointId, view.declaredRevision > NOW_MS])).toEqual([['CP1', true]]);
  });

  test('a charger that is no longer declared, or has moved to others, is told to whoever found it, and to nobody else', () => {
    const board = new FleetBoard(NOW_MS);
    const mine = aRoster({}, { subscriberId: 's1', name: 'Quai' });
    const [owner, neighbour] = [aMerchant('s1'), aMerchant('s2')];
    board.apply({ ...empty, declared: [mine] }, NOW_MS);
    const { revision } = board.changes(NOW_MS, owner);
    board.apply({ ...empty, declared: [aRoster({}, { subscriberId: 's2', name: 'Quai' })] }, NOW_MS);
    const told = [{ chargePointId: 'CP1', stationName: 'Quai' }];
    expect(board.changes(revision, owner)).toMatchObject({ gone: told, changed: [] });
    expect(board.changes(revision, neighbour)).toMatchObject({ gone: [], changed: [{ chargePointId: 'CP1' }] });
    expect(board.changes(revision, ALL_SEEING).gone).toEqual([]);
    board.apply({ ...empty, gone: ['CP1'] }, NOW_MS);
    expect(board.changes(revision, neighbour).gone).toEqual(told);
    expect(board.changes(revision, ALL_SEEING).gone).toEqual(told);
    board.apply({ ...empty, declared: [mine] }, NOW_MS);
    expect(board.changes(revision, owner).gone).toEqual([]);
  });

  test('what an actor still says of the station before is not shown at the next one, until it has heard of it', () => {
    const board = new FleetBoard(NOW_MS);
    const old = aBox({ stationId: 'before', boot: { chargePointVendor: 'Fabrique', chargePointModel: 'M1' } });
    const next = aRoster({ stationId: 'next', historySinceMs: NOW_MS }, { stationId: 'next' });
    board.apply({ ...empty, declared: [next], chargePoints: [old], connectors: [aConnector(1, 'Charging')] }, NOW_MS);
    expect(board.find('CP1')).toMatchObject({ model: null, connectors: [{ status: null }, { status: null }] });
    board.apply({ ...empty, connectors: [aConnector(1, 'Charging')] }, NOW_MS);
    expect(board.find('CP1')).toMatchObject({ connectors: [{ status: null }, { status: null }] });
    const told = aBox({ stationId: 'next' });
    board.apply({ ...empty, chargePoints: [told], connectors: [aConnector(1, FREE)] }, NOW_MS);
    expect(board.find('CP1')).toMatchObject({ connectors: [{ status: FREE }, { status: null }] });
  });

  test('more departures than are remembered make a page draw itself anew', () => {
    const board = new FleetBoard(NOW_MS);
    const many = Array.from({ length: DEPARTURES_MAX + 1 }, (_, index) => `CP${index}`);
    board.apply(
      { ...empty, declared: many.map((chargePointId) => aRoster({ chargePointId, key: chargePointId })) },
      NOW_MS,
    );
    const { revision } = board.changes(NOW_MS, ALL_SEEING);
    board.apply({ ...empty, gone: many.slice(1) }, NOW_MS);
    expect(board.changes(revision, ALL_SEEING).gone).toHaveLength(DEPARTURES_MAX);
    board.apply({ ...empty, gone: many.slice(0, 1) }, NOW_MS);
    expect(board.changes(revision, ALL_SEEING).complete).toBe(false);
  });

  test('a page of another life of the server is told to draw itself anew', () => {
    const board = new FleetBoard(NOW_MS);
    expect(board.changes(NOW_MS - 1, ALL_SEEING)).toMatchObject({ complete: false, changed: [] });
  });
});

test('a charger that is declared and forgotten between two batches does not stay', () => {
  const feed = new FleetFeed();
  const board = new FleetBoard(NOW_MS);
  feed.declare(aRoster());
  feed.forget('CP1');
  const batch = feed.take();
  if (batch !== null) board.apply(batch, NOW_MS);
  expect(board.find('CP1')).toBeNull();
});
