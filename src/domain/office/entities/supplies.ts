import type { Entity } from '../entity.ts';

/** What the platform operator keeps for others (product decisions, section 1): a page each. */

/** « Carte SIM » of the operator's own, for the modem of a kit; granted to a merchant (LAF-04). */
export const sim: Entity = {
  name: 'sim',
  section: 'kits',
  owner: 'platform',
  label: 'iccid',
  searched: ['iccid', 'phone', 'apn'],
  canBeInactive: true,
  fields: {
    iccid: { kind: 'text', max: 22, shape: 'iccid', required: true, unique: 'server' },
    phone: { kind: 'text', max: 20, shape: 'phone' },
    apn: { kind: 'text', max: 100, required: true },
    login: { kind: 'text', max: 50 },
    password: { kind: 'text', max: 50 },
    merchant: { kind: 'ref', to: 'merchant' },
  },
};

/** « Logiciel » that may be loaded into chargers of a make and model. */
export const firmware: Entity = {
  name: 'firmware',
  section: 'kits',
  owner: 'platform',
  label: 'name',
  searched: ['name', 'make', 'model', 'softwareVersion'],
  canBeInactive: true,
  fields: {
    name: { kind: 'text', max: 100, required: true, unique: 'server' },
    make: { kind: 'text', max: 50, required: true },
    model: { kind: 'text', max: 50 },
    softwareVersion: { kind: 'text', max: 50, required: true },
    /** Where chargers fetch it, unless its file is kept here. */
    url: { kind: 'text', max: 300, shape: 'file-url' },
    description: { kind: 'text', max: 1_000, lines: 4 },
  },
};

/** A third-party OCPP server that was validated, which gateways may choose. */
export const server: Entity = {
  name: 'server',
  section: 'kits',
  owner: 'platform',
  label: 'name',
  searched: ['name', 'url'],
  canBeInactive: true,
  fields: {
    name: { kind: 'text', max: 100, required: true, unique: 'server' },
    url: { kind: 'text', max: 300, shape: 'url', required: true },
  },
};
