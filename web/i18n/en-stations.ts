import type { StationMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

export const englishStations: StationMessages = {
  'station.keys': 'Change them on its page',
  'station.keys.see': 'See the charger’s page',
  'points-told.same': (ids) => `As the charger tells them: ${connectors(ids)}.`,
  'points-told.silent': 'The charger has told nothing of its connectors yet.',
  'points-told.differs': 'The charger tells otherwise of its points:',
  'points-told.not-declared': (ids) =>
    n(ids.length, {
      one: `it speaks of ${connectors(ids)}, which is neither a point nor a socket here`,
      other: `it speaks of ${connectors(ids)}, which are neither points nor sockets here`,
    }),
  'points-told.not-counted': (ids, counted) =>
    `it says that it has ${n(counted, { one: `${counted} connector`, other: `${counted} connectors` })} (NumberOfConnectors), without ${connectors(ids)}`,
  'points-told.not-spoken-of': (ids) => `it has told nothing yet of ${connectors(ids)}`,
  'points-told.socket-not-declared': (point, sockets) =>
    n(sockets.length, {
      one: `it speaks of socket ${listed(sockets)} of point ${point}, which is not described here`,
      other: `it speaks of sockets ${listed(sockets)} of point ${point}, which are not described here`,
    }),
  'points-told.read-keys': 'Reading its configuration keys will tell how many it has',
  'points-told.propose': 'Propose the points as it tells them',
  'points-told.look': 'See the points of the station',
  'points-told.title': 'The points as the charger tells them',
  'points-told.would': 'What would be corrected',
  'points-told.hint': 'Nothing is saved before you ask for it.',
  'points-told.nothing': 'There is nothing to correct.',
  'points-told.changed': 'The points or the charger changed meanwhile: this is what would be corrected now.',
  'points-told.saved': 'The points are saved as the charger tells them.',
  'points-told.save': 'Save these points',
  'points-told.change.connector': (place, from, to) =>
    from === null ? `${place}: connector ${to}` : `${place}: connector ${to} instead of ${from}`,
  'points-told.change.add': (point, connectorId) =>
    `Point ${point} added, connector ${connectorId}, with a socket to describe`,
  'points-told.change.inactive': (place) => `${place}: inactive, its description is kept`,
  'points-told.change.outlet': (place) => `${place} added, of an unspecified type`,
  'points-told.place': (point, outlet) => `Point ${point}, socket ${outlet}`,
  'points-told.left': (ids) =>
    n(ids.length, {
      one: `No point is left for ${connectors(ids)} (four at most): describe it as a socket.`,
      other: `No point is left for ${connectors(ids)} (four at most): describe them as sockets.`,
    }),
};

function listed(numbers: readonly number[]): string {
  return new Intl.ListFormat('en').format(numbers.map(String));
}

function connectors(ids: readonly number[]): string {
  return n(ids.length, { one: `connector ${listed(ids)}`, other: `connectors ${listed(ids)}` });
}
