import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ChargePointView, ConnectorView } from '#actors/fleet/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Fault } from '#src/domain/office/field.ts';
import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { companyScreen } from '#web/screens/company.ts';
import { inputView, type Input } from '#web/screens/inputs.ts';
import { listView } from '#web/screens/list.ts';
import { readListQuery } from '#web/screens/query.ts';
import { roleScreen } from '#web/screens/role.ts';
import { fieldOf, type Screen } from '#web/screens/screen.ts';
import { stationScreen } from '#web/screens/station.ts';
import { subscriberScreen } from '#web/screens/subscriber.ts';
import { userScreen } from '#web/screens/user.ts';
import { clearFilters, nothing } from '#web/views/empty.ts';
import type { WebEnv } from '#web/views/env.ts';
import { fleetHead, fleetRow } from '#web/views/fleet-row.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';

const COLOURS = ['free', 'occupied', 'charging', 'out-of-service', 'offline', 'fault'] as const;
const STATUSES: readonly ChargePointStatus[] = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEV',
  'Finishing',
  'Reserved',
  'Unavailable',
  'Faulted',
];
/** One field of each kind: what it holds, and what may be wrong with it. */
const INPUTS: readonly (readonly [screen: Screen, name: string, typed: readonly string[], fault?: Fault])[] = [
  [stationScreen, 'name', ['Quai Nord']],
  [stationScreen, 'contactEmail', ['quai@'], { why: 'shape', shape: 'email' }],
  [stationScreen, 'chargeWhMax', ['40']],
  [stationScreen, 'access', ['public']],
  [stationScreen, 'timeZone', ['Europe/Paris']],
  [stationScreen, 'customerInfo', ['Deux places,\nà gauche de l’entrée.']],
  [stationScreen, 'visibleToPublic', ['1']],
  [userScreen, 'lastDay', ['2027-03-28']],
  [userScreen, 'companies', ['1']],
  [subscriberScreen, 'options', ['mail']],
  [roleScreen, 'rights', ['companies:view', 'customers:modify']],
];
const LOCKED = [
  ['city', 'Brest'],
  ['language', 'fr'],
  ['permanentPowerW', '22'],
  ['openData', '1'],
  ['maintenanceInfo', ''],
] as const;

/** Every component on one page, in both themes and both languages: what a page is made of, and where a change of style shows. */
export function componentPages(): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/dev/components', (c) => {
    const { t, nowMs } = c.var;
    const body = html`<div class="components">
      <h1>${t('components.title')}</h1>
      <p class="muted">${t('components.intro')}</p>
      ${part(t('components.actions'), actions(t))} ${part(t('components.notices'), notices(t))}
      ${part(t('components.states'), states(t, nowMs))} ${part(t('components.fields'), fields(t, nowMs))}
      ${part(t('components.locked'), locked(t, nowMs))} ${part(t('components.records'), records(t))}
      ${part(t('components.empty'), emptiness(t))}
    </div>`;
    return show(c, { title: t('components.title'), section: 'office', body });
  });
}

function part(title: string, content: Html): Html {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function actions(t: Translate): Html {
  return html`<p class="component-line">
    <button type="button" class="button primary">${icon('check')}${t('components.save')}</button>
    <button type="button" class="button">${t('components.action')}</button>
    <button type="button" class="button quiet">${icon('download')}${t('components.quiet')}</button>
    <button type="button" class="button danger">${t('components.delete')}</button>
    <button type="button" class="button" disabled>${t('components.disabled')}</button>
    <button type="button" class="button small">${t('components.small')}</button>
    <button type="button" class="icon-button" title="${t('fleet.order.reverse')}">
      ${icon('arrow-down')}<span class="sr-only">${t('fleet.order.reverse')}</span>
    </button>
    <a href="/dev/components">${t('components.link')}</a> <code>PON-1</code>
  </p>`;
}

function notices(t: Translate): Html {
  return html`<p class="notice good">${icon('circle-check')}${t('components.good')}</p>
    <p class="notice">${icon('info')}${t('components.neutral')}</p>
    <p class="warning">${t('components.warning')}</p>
    <p class="notice bad">${icon('triangle-alert')}${t('components.bad')}</p>
    <p class="hint">${t('components.hint')}</p>`;
}

function states(t: Translate, nowMs: number): Html {
  const views = [
    aView({ state: 'free', fault: false, linked: true }, nowMs),
    aView({ state: 'occupied', fault: false, linked: false }, nowMs),
    aView({ state: 'out-of-service', fault: true, linked: true }, nowMs),
    aView({ state: 'offline', fault: false, linked: false }, nowMs),
  ];
  return html`<p class="component-line">
      ${COLOURS.map((colour) => html`<span class="badge st-${colour}">${icon('zap')}${colour}</span>`)}
    </p>
    <table class="fleet">
      <caption class="sr-only">
        ${t('components.states')}
      </caption>
      ${fleetHead(t)}
      <tbody>
        ${views.map((view) => fleetRow(t, view, nowMs))}
      </tbody>
    </table>`;
}

function aView(of: Pick<ChargePointView, 'state' | 'fault' | 'linked'>, nowMs: number): ChargePointView {
  const statuses = of.state === 'out-of-service' ? (['Faulted', 'Unavailable'] as const) : STATUSES.slice(0, 7);
  const connectors = statuses.map((status, index): ConnectorView => {
    const errorCode = status === 'Faulted' ? 'GroundFailure' : 'NoError';
    return {
      connectorId: index + 1,
      status,
      errorCode,
      info: null,
      vendorErrorCode: null,
      statusAtMs: nowMs,
      session: null,
    };
  });
  const none = { freeServiceTag: null, subscriberId: null, companyId: null, firmwareVersion: null, status: null };
  const zero = { faultRevision: 0, declaredRevision: 0, movedRevision: 0, revision: 0 };
  const place = { address: '1 quai', postcode: '29200', city: 'Brest', merchant: '', access: 'public' } as const;
  return {
    ...none,
    ...zero,
    ...place,
    ...of,
    chargePointId: `DEMO-${of.state}`,
    stationId: of.state,
    leniency: 'tolerant',
    stationName: 'Quai Nord',
    vendor: 'Fabrique',
    model: 'Duo 22',
    stateSinceMs: nowMs - 300_000,
    statusTold: true,
    heardAtMs: nowMs - 20_000,
    errorCode: 'NoError',
    connectors: of.state === 'offline' ? [] : connectors,
    faultSinceMs: of.fault ? nowMs - 60_000 : null,
  };
}

function fields(t: Translate, nowMs: number): Html {
  return html`<div class="fields">
    ${INPUTS.map(([screen, name, typed, fault]) => inputView(t, anInput(screen, name, { typed, fault: fault ?? null, open: true, nowMs })))}
  </div>`;
}

/** As whoever may only look sees them (FIC-02). */
function locked(t: Translate, nowMs: number): Html {
  return html`<div class="fields">
    ${LOCKED.map(([name, typed]) => inputView(t, anInput(stationScreen, name, { typed: [typed], fault: null, open: false, nowMs })))}
  </div>`;
}

function records(t: Translate): Html {
  const rows = ['Bassin à flot', 'Presqu’île'].map((name, index) => aRecord(name, index === 1));
  const found = { rows, found: rows.length, isMore: false, names: {} };
  const query = readListQuery(companyScreen, new URLSearchParams());
  return listView(t, {
    screen: companyScreen,
    query,
    found,
    choices: {},
    mayAdd: true,
    mayDelete: true,
    deleted: 0,
    left: 0,
  });
}

function aRecord(name: string, inactive: boolean): RecordRow {
  const values = { name, number: 1, city: 'Brest', contactName: 'Camille Roux' };
  const rest = { subscriberId: null, version: 1, custom: {}, createdAtMs: 0, changedAtMs: 0, changedBy: '' };
  return { id: name, inactive, values, ...rest };
}

function emptiness(t: Translate): Html {
  const next = clearFilters('/dev/components', t('fleet.clear'));
  return nothing({ icon: 'search', why: t('fleet.empty.filters'), next });
}

function anInput(screen: Screen, name: string, of: Pick<Input, 'typed' | 'fault' | 'open' | 'nowMs'>): Input {
  const field = fieldOf(screen, name);
  if (field === undefined) throw new Error(`there is no field ${name}`);
  const names = field.kind === 'levels' ? ['companies', 'customers'] : ['1', '2'];
  return { screen, name, field, ...of, choices: names.map((id) => ({ id, name: `Société ${id}` })) };
}
