import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RestoredAll } from '#actors/office/messages.ts';
import { STATION_DEFAULTS } from '#src/domain/office/entities/company.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { administers, may } from '#src/domain/office/viewer.ts';
import type { AuditRow, BinLine } from '#src/storage/office-port.ts';
import type { Door } from '#web/door/door.ts';
import { formFields } from '#web/door/form.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { SCREENS } from '#web/screens/all.ts';
import { inBites } from '#web/screens/many-records.ts';
import { companyScreen } from '#web/screens/company.ts';
import { screenRoutes } from '#web/screens/routes.ts';
import { labelOf } from '#web/screens/screen.ts';
import { nothing } from '#web/views/empty.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { accessPanel } from './access.ts';
import { chargerPasswordPanel } from './charger-password.ts';
import { firmwareFilePanel } from './firmware-file.ts';
import { kitNotice, kitPages } from './kits.ts';
import { apnPanel, kitKeyPanel, kitOrderPages } from './kit-orders.ts';
import { statusesPanel } from './roaming.ts';
import { maintainerPages, maintainersPanel } from './maintainers.ts';
import { merchantPages } from './merchants.ts';
import { openDataLink } from './open-data.ts';
import { pointsPanel } from './points.ts';
import { chargerOf } from './points-told.ts';
import { problem } from './problem.ts';
import { recipientsPanel } from './recipients.ts';
import { newUserColumn } from './role-list.ts';
import { stationKeysPanel } from './station-keys.ts';
import { stateColumn } from './station-list.ts';
import { subscriberColumn } from './subscriber-column.ts';
import { testMerchantPages, testMerchantPanel } from './test-merchant.ts';
import { welcome } from './welcome.ts';
import { userAccessPanel } from './user-access.ts';

/** Every declared screen, and the few pages around them: the bin, the audit, a maintainer's merchants. */
export function officePages(deps: Door): Hono<WebEnv> {
  // Before the kits, of which none is called « assign ».
  const app = new Hono<WebEnv>()
    .route('/', kitPages(deps))
    .route('/', kitOrderPages(deps))
    .route('/', testMerchantPages(deps))
    .route('/', merchantPages(deps))
    .route('/', maintainerPages(deps));
  for (const screen of SCREENS) {
    app.route(
      '/',
      screenRoutes(deps, screen, {
        more: (c, record) => below(c, deps, screen.entity, record),
        saved: (c, record, before) => welcome(c, deps, screen.entity, { record, before }),
        ...(screen.entity === 'station' && { column: stateColumn(deps), exports: openDataLink }),
        ...(screen.entity === 'role' && {
          column: async (c, rows) => (await newUserColumn(c, rows)) ?? subscriberColumn(c, deps, rows),
        }),
        ...(screen.entity === 'user' && { column: (c, rows) => subscriberColumn(c, deps, rows) }),
      }),
    );
  }
  return app
    .post('/companies/:id/apply', async (c) => {
      const companyId = c.req.param('id');
      const { field = '' } = await formFields(c.req.raw);
      const count = await deps.actors.office(c.var.login).ask<number | null>((replyTo) => ({
        type: 'apply-to-stations',
        companyId,
        field,
        atMs: c.var.nowMs,
        replyTo,
      }));
      if (count === null) return problem(c, 'not-found', 404);
      return c.redirect(`/companies/${encodeURIComponent(companyId)}?applied=${count}`, 303);
    })
    .get('/bin', async (c) => {
      if (!administers(c.var.login)) return problem(c, 'not-found', 404);
      const deletions = await deps.actors
        .office(c.var.login)
        .ask<readonly BinLine[]>((replyTo) => ({ type: 'deletions', replyTo }));
      return show(c, { title: c.var.t('bin.title'), section: 'office', body: binView(c, deletions) });
    })
    .post('/bin/:id', async (c) => {
      const deletionId = c.req.param('id');
      const office = deps.actors.office(c.var.login);
      const behind = await office.ask<readonly string[]>((replyTo) => ({
        type: 'deletions-behind',
        id: deletionId,
        replyTo,
      }));
      let back = 0;
      let refused: RestoredAll['refused'] = behind.length === 0 ? 'not-found' : null;
      for (const deletionIds of inBites(behind)) {
        const some = await office.ask<RestoredAll>((replyTo) => ({
          type: 'restore',
          deletionIds,
          atMs: c.var.nowMs,
          replyTo,
        }));
        back += some.count;
        refused = some.refused ?? refused;
      }
      if (refused === 'not-found' && back === 0) return problem(c, 'not-found', 404);
      const told = [
        ...(back > 0 ? [`restored${behind.length > 1 ? `=${back}` : ''}`] : []),
        ...(refused === null ? [] : [refused]),
      ];
      return c.redirect(`/bin?${told.join('&')}`, 303);
    })
    .get('/audit', async (c) => {
      if (!administers(c.var.login)) return problem(c, 'not-found', 404);
      const rows = await deps.actors
        .office(c.var.login)
        .ask<readonly AuditRow[]>((replyTo) => ({ type: 'audits', replyTo }));
      return show(c, { title: c.var.t('audit.title'), section: 'office', body: auditView(c.var.t, rows) });
    });
}

async function belowStation(c: PageContext, door: Door, record: RecordRow): Promise<Html> {
  const charger = await chargerOf(c, door, record);
  const points = await pointsPanel(c, door, { owner: record, of: 'evse', detail: charger?.detail ?? null });
  const password = await chargerPasswordPanel(c, door, record);
  return html`${await kitNotice(c, door, record)} ${apnPanel(c, record)} ${statusesPanel(c, record)} ${points}
  ${stationKeysPanel(c, charger)} ${password} ${await recipientsPanel(c, door, record.id)}`;
}

async function belowSubscriber(c: PageContext, door: Door, record: RecordRow): Promise<Html> {
  return html`${accessPanel(c, record)} ${await testMerchantPanel(c, door, record)}`;
}

async function belowCompany(c: PageContext, door: Door, record: RecordRow): Promise<Html> {
  return html`${await maintainersPanel(c, door, record)} ${applyButtons(c, record)}`;
}

function below(c: PageContext, door: Door, entity: string, record: RecordRow): Promise<Html | null> | Html | null {
  if (entity === 'station') return belowStation(c, door, record);
  if (entity === 'firmware') return firmwareFilePanel(c, door, record);
  if (entity === 'charger-model') return pointsPanel(c, door, { owner: record, of: 'model-evse' });
  if (entity === 'subscriber') return belowSubscriber(c, door, record);
  if (entity === 'kit') return kitKeyPanel(c, record);
  if (entity === 'user') return userAccessPanel(c, door, record);
  return entity === 'company' ? belowCompany(c, door, record) : null;
}

/** SOC-09..11: « APPLIQUER … à toutes les stations », of what is saved. */
function applyButtons(c: PageContext, company: RecordRow): Html | null {
  const { t, login } = c.var;
  if (!may(login, 'companies', 'modify')) return null;
  const applied = c.req.query('applied');
  const fields = STATION_DEFAULTS.filter((field) => login.options.has('sms') || !field.startsWith('sms'));
  return html`<section class="panel" id="apply">
    <h2>${t('apply.title')}</h2>
    <p class="hint">${t('apply.hint')}</p>
    ${applied !== undefined && html`<p class="notice good" role="status">${icon('circle-check')}${t('apply.done', Number(applied) || 0)}</p>`}
    <ul class="apply">
      ${fields.map((field) => {
        const value = company.values[field] ?? null;
        const shown =
          typeof value === 'boolean' ? (value ? t('list.yes') : t('list.no')) : String(value ?? t('app.none'));
        return html`<li>
          <span>${labelOf(t, companyScreen, field)}${t('app.colon')} <strong>${shown}</strong></span>
          <form method="post" action="/companies/${company.id}/apply">
            <input type="hidden" name="field" value="${field}" /><button class="button small">
              ${t('apply.submit')}
            </button>
          </form>
        </li>`;
      })}
    </ul>
  </section>`;
}

function binView(c: PageContext, deletions: readonly BinLine[]): Html {
  const { t } = c.var;
  const refused = (['taken', 'orphan', 'quota'] as const).find((one) => c.req.query(one) !== undefined);
  const restored = c.req.query('restored');
  return html`<div class="narrow">
    <h1>${t('bin.title')}</h1>
    ${restored !== undefined && html`<p class="notice good" role="status">${icon('circle-check')}${t('bin.restored', Number(restored) || 1)}</p>`}
    ${refused !== undefined && html`<p class="notice bad" role="alert">${icon('triangle-alert')}${t(`bin.${refused}`)}</p>`}
    ${deletions.length === 0 && nothing({ icon: 'inbox', why: t('bin.empty'), hint: t('bin.empty.hint') })}
    ${
      deletions.length > 0 &&
      html`<table class="records">
        <thead>
          <tr>
            <th scope="col">${t('bin.what')}</th>
            <th scope="col">${t('bin.with')}</th>
            <th scope="col">${t('bin.when')}</th>
            <th scope="col">${t('bin.by')}</th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${deletions.map(
            (deletion) =>
              html`<tr>
                <th scope="row">
                  ${nameInBin(t, deletion)} <span class="sub">${entityName(t, deletion.entity)}</span>
                </th>
                <td data-label="${t('bin.with')}">${along(t, deletion)}</td>
                <td data-label="${t('bin.when')}">${dateTime(t, deletion.atMs)}</td>
                <td data-label="${t('bin.by')}">${deletion.by}</td>
                <td>
                  <form method="post" action="/bin/${deletion.deletionId}">
                    <button class="button small">${icon('rotate-ccw')}${t('bin.restore')}</button>
                  </form>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
  </div>`;
}

function nameInBin(t: Translate, { label, size }: BinLine): string {
  return size > 1 ? t('list.and-more', label, size - 1) : label;
}

function along(t: Translate, { entity, counts, size }: BinLine): string {
  return Object.entries(counts)
    .map(([name, count]) => [name, name === entity ? count - size : count] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${whole(t, count)} ${translated(t, `plural.${name}`) ?? name}`)
    .join(', ');
}

function entityName(t: Translate, entity: string): string {
  return translated(t, `list.${entity}`) ?? entity;
}

function auditView(t: Translate, rows: readonly AuditRow[]): Html {
  return html`<div class="narrow">
    <h1>${t('audit.title')}</h1>
    <p class="muted">${t('audit.intro')}</p>
    ${rows.length === 0 ? nothing({ icon: 'inbox', why: t('audit.empty') }) : auditTable(t, rows)}
  </div>`;
}

function auditTable(t: Translate, rows: readonly AuditRow[]): Html {
  return html`<table class="records">
    <thead>
      <tr>
        <th scope="col">${t('audit.when')}</th>
        <th scope="col">${t('bin.by')}</th>
        <th scope="col">${t('audit.what')}</th>
        <th scope="col">${t('bin.what')}</th>
        <th scope="col">${t('audit.fields')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => {
        const screen = SCREENS.find((one) => one.entity === row.entity);
        const fields = row.act === 'changed' ? row.fields : [];
        const words = fields.map((field) => (screen === undefined ? field : fieldName(t, screen, field)));
        return html`<tr>
          <th scope="row">${dateTime(t, row.atMs)}</th>
          <td data-label="${t('bin.by')}">${row.by}</td>
          <td data-label="${t('audit.what')}">${t(`audit.act.${row.act}`)}</td>
          <td data-label="${t('bin.what')}">${row.label} <span class="sub">${entityName(t, row.entity)}</span></td>
          <td data-label="${t('audit.fields')}">${words.join(', ')}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function fieldName(t: Translate, screen: (typeof SCREENS)[number], field: string): string {
  if (field === 'inactive') return t('list.inactive');
  if (field === 'recipients') return t('recipients.title');
  return field === 'custom' ? t('list.custom-field') : labelOf(t, screen, field);
}
