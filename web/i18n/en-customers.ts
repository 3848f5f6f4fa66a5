import { customerTexts } from './customer-texts.ts';
import type { CustomerMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

/** The words of customers, in English. */
export const englishCustomers: CustomerMessages = {
  'list.customer': 'Account customers',
  'list.public-customer': 'Public customers',
  'plural.public-customer': 'public customers',
  'menu.own': 'My space',
  'menu.stations': 'Charging stations',
  'menu.customers': 'Customers',
  'menu.recharges': 'Sessions',
  'menu.users': 'Users',
  'nav.customers': 'Customers',
  'nav.public-customers': 'Public customers',
  'tab.coordinates': 'Contact',
  'tab.account': 'User account',
  'tab.badges': 'Means of identification',
  'tab.vehicles': 'Vehicles',
  'tab.tariff': 'Pricing',
  'tab.terms': 'Terms of use',
  'field.createdOn': 'Created on',
  'field.expiresOn': 'Expiry date',
  'hint.customer.expiresOn': 'The last day on which this customer may charge. Empty: no limit.',
  'hint.public-customer.expiresOn': 'The last day on which this customer may charge. Empty: no limit.',
  'field.expiresAtMs': 'End of validity',
  'field.customer.login': 'Linked account',
  'field.public-customer.login': 'Linked account',
  'field.account': 'User account',
  'hint.customer.account':
    'The customer signs in and keeps their own data up to date. Their credentials come by mail, or they confirm by mail that the account which has this address already is theirs.',
  'hint.public-customer.account':
    'The customer signs in and keeps their own data up to date. Their credentials come by mail, or they confirm by mail that the account which has this address already is theirs.',
  'field.balance': 'Balance',
  'customer.no-tariff':
    'Careful! No tariff is assigned to this customer: they charge for free, except on a charger that has a price of its own.',
  'hint.customer.terms': 'Without this agreement the record is not saved.',
  'hint.public-customer.terms': 'Without this agreement the record is not saved.',
  'field.terms': 'Accepts the terms of use',
  'fault.rule.terms': 'Tick the agreement to the terms of use to save this form.',
  'fault.rule.badge-twice': 'This badge is further up in this form: type another one, or empty this field.',
  'fault.rule.badge-number': 'An SMS comes from a telephone number: type it, like +33 6 12 34 56 78.',
  'fault.shape.badge': 'Type the number of the badge: at most 40 letters and digits, without accents.',
  'choice.restriction.customers': 'Customers',
  'field.customers': 'Visible customers',
  'hint.user.customers': 'With the restriction “Customers”.',
  ...customerTexts({
    badge: 'Badge',
    vehicle: 'Vehicle',
    none: 'None',
    badgeCells: { Kind: 'Kind', Value: 'Number' },
    vehicleCells: { Model: 'Model', Outlet: 'Socket', OtherOutlet: 'Other socket' },
    kinds: { rfid: 'Contactless card (RFID)', barcode: 'Bar-code card', sms: 'SMS' },
    outlets: {
      domestic: 'Domestic EU',
      'type-1': 'Type 1',
      'type-2': 'Type 2',
      'type-3': 'Type 3',
      chademo: 'CHAdeMO',
      'combo-2': 'Combo2',
    },
  }),
  'access.public-customer': 'Public customer',
  'access.customer': 'Customer',
  'access.forbidden': 'May not charge',
  'login.demo.who.customer': 'customer of a merchant, and a public one',
  'mail.customer.subject': (merchant) => `Are you a customer: ${merchant}?`,
  'mail.customer.text': (name, username, merchant, link) => `Hello ${name},

A record of a customer has just been given your address: ${merchant}. If it is yours, open this link to tie it to your account ${username}, and find it under “Access”. It works once, for 72 hours:
${link}

If not, do nothing: nothing is tied.`,
  'me.join.title': 'Tie a customer record',
  'me.join.text': (name, merchant) =>
    `The record “${name}” (${merchant}) has the same address as your account. Is it you?`,
  'me.join.submit': 'It is me: tie it to my account',
  'own-recharges.days': (count) => n(count, { one: `${count} day`, other: `${count} days` }),
  'own-recharges.title': 'My charging sessions',
  'own-recharges.badge': 'Means of identification',
  'own-recharges.wh': 'Energy (Wh)',
  'own-recharges.amount': 'Amount incl. VAT',
  'own-recharges.total': 'My charging in total',
  'own-recharges.empty': 'No charging session in this period.',
  'own-recharges.file': 'Download the Excel file of my sessions',
  'own-recharges.long': 'These sessions are too many to be summed up: choose a period.',
  'own-recharges.outlet': 'Socket',
  'me.title': 'My personal data',
  'delete.sessions-of-customer': (shown, count) =>
    n(count, {
      one: 'One session will lose the name of its customer.',
      other: `${shown} sessions will lose the name of their customer.`,
    }),
};
