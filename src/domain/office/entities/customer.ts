import { BADGE_FIELDS, BADGE_NUMBERS, faultsOfBadges, VEHICLE_FIELDS } from '../badges.ts';
import type { Entity, FaultsByField } from '../entity.ts';
import type { Field, Values } from '../field.ts';

/** Ten million euros; a wallet is never as full. In cents. */
const BALANCE_MAX = 1_000_000_000;
/** The last instant that JavaScript has a date for. */
const INSTANT_MAX = 8_640_000_000_000_000;

const WHO: Readonly<Record<string, Field>> = {
  language: { kind: 'choice', values: ['fr', 'en'], required: true },
  email: { kind: 'text', max: 254, shape: 'email' },
  mobile: { kind: 'text', max: 20, shape: 'phone' },
  address: { kind: 'text', max: 300, lines: 3 },
  postcode: { kind: 'text', max: 10, shape: 'postcode' },
  city: { kind: 'text', max: 50 },
  country: { kind: 'text', max: 50 },
  /** The last day on which he may charge (CPT-18). */
  expiresOn: { kind: 'date' },
  /** Has he an account by which he looks after his own data (CPT-13)? */
  account: { kind: 'flag' },
  ...BADGE_FIELDS,
  ...VEHICLE_FIELDS,
  /** What is in his wallet, in cents (CPT-15). */
  balance: { kind: 'number', decimals: 2, min: -BALANCE_MAX, max: BALANCE_MAX, unit: '€' },
  /** He agrees to the terms of use (CPT-17). */
  terms: { kind: 'flag' },
  createdOn: { kind: 'date' },
  /** When `expiresOn` is over, in ms since 1970. */
  expiresAtMs: { kind: 'number', decimals: 0, min: 0, max: INSTANT_MAX },
  /** The id of the user whose login is his (MOD-18, CPT-14). */
  login: { kind: 'text', max: 100 },
};

const COMMON = {
  section: 'customers',
  fixed: ['createdOn', 'expiresAtMs', 'login'],
  derived: ['balance'],
  label: 'name',
  searched: ['name', 'email', 'mobile', 'city', ...BADGE_NUMBERS.map((number) => `badge${number}Value`)],
  canBeInactive: true,
  check: faultsOfCustomer,
} as const satisfies Partial<Entity>;

/**
 * « Client en compte » of a merchant (MOD-12, CPT-01..20): his badges open every station of that merchant, whatever the
 * company (SOC-02), and his wallet is named by his id.
 */
export const customer: Entity = {
  ...COMMON,
  name: 'customer',
  owner: 'subscriber',
  company: 'company',
  custom: 'customer',
  fields: {
    company: { kind: 'ref', to: 'company', required: true },
    name: { kind: 'text', max: 100, required: true, unique: 'subscriber' },
    ...WHO,
  },
};

/** « Client public » (MOD-12): the platform's own, welcome on every station that takes public customers. */
export const publicCustomer: Entity = {
  ...COMMON,
  name: 'public-customer',
  owner: 'platform',
  fields: { name: { kind: 'text', max: 100, required: true }, ...WHO },
};

/** Is a record of this entity a customer? */
export function isCustomer({ name }: Entity): boolean {
  return name === customer.name || name === publicCustomer.name;
}

function faultsOfCustomer(values: Values): FaultsByField {
  return {
    ...faultsOfBadges(values),
    // His first password comes by mail.
    ...(values['account'] === true && (values['email'] ?? null) === null && { email: { why: 'required' } as const }),
    ...(values['terms'] !== true && { terms: { why: 'rule', rule: 'terms' } as const }),
  };
}
