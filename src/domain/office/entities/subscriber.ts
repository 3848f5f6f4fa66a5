import type { Entity } from '../entity.ts';
import type { Values } from '../field.ts';
import { OPTIONS, SUBSCRIBER_KINDS } from '../viewer.ts';

/** « Abonné » of one of the five kinds, with what it has paid for (MOD-01, SUB-01..05). */
export const subscriber: Entity = {
  name: 'subscriber',
  section: 'subscribers',
  owner: 'platform',
  label: 'name',
  searched: ['name', 'contactName', 'contactEmail', 'city'],
  canBeInactive: true,
  fixed: ['testMerchant', 'testOf'],
  dependants: [
    { entity: 'subscriber', field: 'testOf' },
    ...['company', 'station', 'customer', 'user', 'role', 'custom-field', 'charger-model', 'grappe'].map((entity) => ({
      entity,
      field: 'subscriberId',
    })),
  ],
  fields: {
    kind: { kind: 'choice', values: SUBSCRIBER_KINDS, required: true },
    name: { kind: 'text', max: 100, required: true, unique: 'server' },
    /** Who gets all rights, made with the subscription (SUB-01, SUB-02). */
    administrator: { kind: 'text', max: 50, shape: 'username', required: true, unique: 'server' },
    contactName: { kind: 'text', max: 100 },
    contactEmail: { kind: 'text', max: 254, shape: 'email' },
    contactPhone: { kind: 'text', max: 20, shape: 'phone' },
    address: { kind: 'text', max: 300, lines: 3 },
    postcode: { kind: 'text', max: 10, shape: 'postcode' },
    city: { kind: 'text', max: 50 },
    language: { kind: 'choice', values: ['fr', 'en'], required: true },
    options: { kind: 'many', values: OPTIONS },
    companiesMax: { kind: 'number', decimals: 0, min: 1, max: 9_999 },
    chargersMax: { kind: 'number', decimals: 0, min: 0, max: 99_999 },
    /** A chain's merchants (MOD-13). */
    merchants: { kind: 'refs', to: 'merchant' },
    /** « Accès commerçant de test » of who maintains, builds or relays chargers (MPU-10, INT-07)… */
    testMerchant: { kind: 'ref', to: 'merchant' },
    /** … and, of such a merchant, whose it is: its chargers are seen by no public, and raise no alert. */
    testOf: { kind: 'ref', to: 'subscriber' },
  },
};

/** Its chargers are for trials: no public sees them, and they raise no alert (MPU-10). */
export function isTestMerchant(subscription: Values): boolean {
  return typeof subscription['testOf'] === 'string';
}
