import type { RoamingMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

export const englishRoaming: RoamingMessages = {
  'roaming.title': 'Sending statuses',
  'roaming.link': 'Send statuses',
  'roaming.intro':
    'The states of chargers that roam leave by themselves at each change. Here you send those of all points of the chargers that you manage. EASYCONNECT gets those of companies with its key only; a charger set for ADVENIR alone sends no status.',
  'roaming.stations': (count, text) => n(count, { one: `${text} station`, other: `${text} stations` }),
  'roaming.send.gireve': 'Send statuses to Gireve',
  'roaming.send.easyconnect': 'Send statuses to EASYCONNECT',
  'roaming.sent': (count, text) =>
    n(count, {
      one: `The statuses of ${text} charger wait to be sent.`,
      other: `The statuses of ${text} chargers wait to be sent.`,
    }),
  'roaming.sending': (count, text) =>
    n(count, {
      one: `The statuses of ${text} station are under way: little by little they join the messages to be sent.`,
      other: `The statuses of ${text} stations are under way: little by little they join the messages to be sent.`,
    }),
  'outbox.no-gireve': 'No address is configured for Gireve (VIGIE_GIREVE_URL): statuses stay here.',
  'outbox.no-easyconnect': 'No address is configured for EASYCONNECT (VIGIE_EASYCONNECT_URL): statuses stay here.',
  'outbox.channel.gireve': 'Gireve',
  'outbox.channel.easyconnect': 'EASYCONNECT',
  'journal.type.gireve': 'Gireve',
  'journal.type.easyconnect': 'EASYCONNECT',
  'journal.kind.gireve': 'Gireve',
  'journal.kind.easyconnect': 'EASYCONNECT',
  'event.gireve-statuses': 'Sending of statuses to Gireve asked for',
  'event.gireve-sent': 'Statuses sent to Gireve',
  'event.gireve-waiting': 'Statuses refused by Gireve for now: they will be tried again',
  'event.gireve-failed': 'Statuses for Gireve given up',
  'event.gireve-charge-sent': 'Recharge handed to Girève for ADVENIR',
  'event.gireve-charge-waiting': 'Recharge refused by Girève for now: it will be tried again',
  'event.gireve-charge-failed': 'Recharge for Girève given up',
  'event.easyconnect-statuses': 'Sending of statuses to EASYCONNECT asked for',
  'event.easyconnect-sent': 'Statuses sent to EASYCONNECT',
  'event.easyconnect-waiting': 'Statuses refused by EASYCONNECT for now: they will be tried again',
  'event.easyconnect-failed': 'Statuses for EASYCONNECT given up',
};
