import type { RechargeMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

export const englishRecharges: RechargeMessages = {
  'nav.recharges': 'Sessions',
  'recharges.title': 'Sessions',
  'recharges.search': 'Badge or customer',
  'recharges.station': 'Charging station',
  'recharges.company': 'Company',
  'recharges.from': 'From',
  'recharges.to': 'to',
  'recharges.state': 'Sessions',
  'recharges.state.running': 'Running',
  'recharges.state.ended': 'Ended',
  'recharges.state.abnormal': 'Abnormal stop',
  'recharges.state.free-service': 'Free service',
  'recharges.place': 'Point, socket',
  'recharges.who': 'Badge, customer',
  'recharges.start': 'Start of parking',
  'recharges.charging': 'Charging time',
  'recharges.energy': 'Energy',
  'recharges.parking': 'Parking time',
  'recharges.mode': 'Charging mode',
  'recharges.end': 'Stop',
  'recharges.number': 'Session number',
  'recharges.point': 'Point',
  'recharges.outlet': 'Socket',
  'recharges.badge': 'Badge',
  'recharges.badge-kind': 'Kind of badge',
  'recharges.sms': 'SMS',
  'recharges.driver': 'Customer',
  'recharges.energyWh': 'Energy (Wh)',
  'recharges.parking-end': 'End of parking',
  'recharges.charger': 'Charger',
  'recharges.connector': (connectorId) => `Connector ${connectorId}`,
  'recharges.no-station': 'Unknown station',
  'recharges.mode.1': 'MODE 1 or 2',
  'recharges.mode.3': 'MODE 3',
  'recharges.mode.4': 'MODE 4',
  'recharges.mode.max': (mode, power) => `${mode} (max\u00a0${power})`,
  'recharges.running': 'running',
  'recharges.without-stop': 'no stop received',
  'recharges.count': (count, shown) => n(count, { one: `${shown} session`, other: `${shown} sessions` }),
  'recharges.count.running': (count) => `${count} of them running`,
  'recharges.sum.energy': (energy) => `${energy} in all`,
  'recharges.sum.parking': (time) => `${time} of parking`,
  'recharges.sum.charging': (time) => `${time} of charging`,
  'recharges.long': 'This is a long list: choose a period or a station to read its total and to sort it otherwise.',
  'recharges.looked': (day) => `Looked as far as ${day}.`,
  'recharges.look-on': 'Look further',
  'list.session': 'Sessions',
  'recharges.delete.title': (count, shown) =>
    n(count, { one: 'Delete this session?', other: `Delete ${shown} sessions?` }),
  'recharges.delete.submit': (count, shown) =>
    n(count, { one: 'Delete the session', other: `Delete ${shown} sessions` }),
  'recharges.delete.sums': (energy) =>
    `${energy} will be gone from lists, totals and exports, the customer’s own included.`,
  'recharges.delete.stay':
    'Balances and their entries do not change. A session that is running, or to be checked, stays.',
  'recharges.deleted': (count, shown) => n(count, { one: 'One session deleted.', other: `${shown} sessions deleted.` }),
  'recharges.left': (count, shown) =>
    n(count, {
      one: 'One session stays: it is running or to be checked.',
      other: `${shown} sessions stay: they are running or to be checked.`,
    }),
  'recharges.empty': 'No session has been recorded yet.',
};
