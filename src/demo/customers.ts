import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';

/** Badges that the login page and the start text give away, one of each kind; any that begins with `TEST` is free. */
export const BADGES = {
  accepted: '04A2B6F23C5D80',
  blocked: '04B10CEDB10C01',
  expired: '04E0D1E0D1E000',
  test: 'TEST-1',
} as const;

/** The username and the id of the login of a customer. */
export const CUSTOMER_LOGIN = 'cliente';

export type DemoCustomer = {
  readonly id: string;
  /** Null: a public customer. */
  readonly owner: 'ponant' | 'concarneau' | null;
  readonly name: string;
  readonly badge: string;
};

const PEOPLE: readonly (readonly [name: string, town: string, owner: DemoCustomer['owner']])[] = [
  ['Camille Moreau', 'Brest', 'ponant'],
  ['Louise Petit', 'Quimper', 'ponant'],
  ['Nolwenn Tanguy', 'Vannes', 'ponant'],
  ['Yann Diallo', 'Lorient', 'ponant'],
  ['Inès Benali', 'Rennes', 'ponant'],
  ['Hugo Rousseau', 'Nantes', 'ponant'],
  ['Maëlle Fernandez', 'Saint-Malo', 'ponant'],
  ['Adam Le Goff', 'Dinan', 'ponant'],
  ['Soizic Guillou', 'Brest', 'ponant'],
  ['Lucas Nguyen', 'Rennes', 'ponant'],
  ['Zoé Legrand', 'Angers', 'ponant'],
  ['Malo Kervella', 'Quimper', 'ponant'],
  ['Boulangerie du Port', 'Brest', 'ponant'],
  ['Taxis de la Rade', 'Brest', 'ponant'],
  ['Cabinet Ar Mor', 'Vannes', 'ponant'],
  ['Aide à domicile du Léon', 'Morlaix', 'ponant'],
  ['Denise Le Bihan', 'Concarneau', 'concarneau'],
  ['Pêcherie Kerneis', 'Concarneau', 'concarneau'],
  ['Gwenaël Cadiou', 'Concarneau', 'concarneau'],
  ['Anaïs Poulain', 'Nantes', null],
  ['Théo Marchand', 'Angers', null],
  ['Jeanne Ollivier', 'Rennes', null],
];

/** Who drives the cars of the demonstration; each has one badge, and his wallet has his id. */
export const DRIVERS: readonly DemoCustomer[] = PEOPLE.map(([name, , owner], index) => ({
  id: `customer-${index + 1}`,
  owner,
  name,
  badge:
    index === 0
      ? BADGES.accepted
      : `04${(0x3a5f_1c20 + index * 0x0107_3b11).toString(16).toUpperCase().padStart(8, '0')}80`,
}));

type Declare = (
  entity: Entity,
  of: { readonly id: string; readonly subscriberId: string | null; readonly values: Values },
) => RecordRow;

/** Customers of both merchants and public ones; one whom his merchant has forbidden, one whose time is over (CPT-18). */
export function customerWrites(declare: Declare): readonly OfficeWrite[] {
  const drivers = DRIVERS.map((driver, index) => {
    const [, city = ''] = PEOPLE[index] ?? [];
    return put(declare, driver, {
      city,
      mobile: `+336${String(12_000_000 + index * 374_651).padStart(8, '0')}`,
      email: mailOf(driver.name),
      address: `${3 + index * 2} rue du Port`,
      ...(index === 0 && { account: true, login: CUSTOMER_LOGIN }),
    });
  });
  const lost: DemoCustomer = { id: 'customer-lost', owner: 'ponant', name: 'Erwan Salaün', badge: BADGES.blocked };
  const gone: DemoCustomer = { id: 'customer-gone', owner: 'ponant', name: 'Ancien agent', badge: BADGES.expired };
  const forbidden = put(declare, lost, { city: 'Brest' });
  const expired = put(declare, gone, { expiresOn: '2025-12-31', expiresAtMs: Date.UTC(2025, 11, 31, 23) });
  const login = { name: 'Camille Moreau', username: CUSTOMER_LOGIN, email: mailOf('Camille Moreau') };
  const values = { ...login, mobile: '+33612000000', language: 'fr', restriction: 'nothing' };
  const user = declare(ENTITIES.user, { id: CUSTOMER_LOGIN, subscriberId: null, values });
  // MOD-18: the same person with the same card is a public customer too, and has one login for both.
  const publicly = put(
    declare,
    { id: 'customer-1-public', owner: null, name: 'Camille Moreau', badge: BADGES.accepted },
    { city: 'Brest', email: login.email, account: true, login: CUSTOMER_LOGIN },
  );
  return [
    { type: 'put', entity: ENTITIES.user, record: user },
    publicly,
    ...drivers,
    { ...forbidden, record: { ...forbidden.record, inactive: true } },
    expired,
  ];
}

function mailOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '');
  return `${plain.replace(/[^A-Za-z]+/g, '.').toLowerCase()}@client.example`;
}

function put(
  declare: Declare,
  { id, owner, name, badge }: DemoCustomer,
  more: Values,
): Extract<OfficeWrite, { type: 'put' }> {
  const entity = owner === null ? ENTITIES['public-customer'] : ENTITIES.customer;
  const values = {
    name,
    language: 'fr',
    country: 'France',
    badge1Value: badge,
    createdOn: '2026-01-05',
    terms: true,
    ...(owner !== null && { company: `${owner}-company-1` }),
    ...more,
  };
  return { type: 'put', entity, record: declare(entity, { id, subscriberId: owner, values }) };
}
