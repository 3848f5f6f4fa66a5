import { Hono } from 'hono';
import { html } from 'hono/html';
import { Readable } from 'node:stream';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { LogFile } from '#src/storage/files-port.ts';
import { zipOf } from '#src/exports/zip.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { whyNot } from '#web/views/command-form.ts';
import { commandList } from '#web/views/command-progress.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dayKey, dayStartMs } from '#web/views/format.ts';
import { anchor, when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { protocolField, protocolOf } from '#web/views/transfer-form.ts';
import { eventsBetween } from './events.ts';
import { sendCommand } from './send-command.ts';

/** The period of the form at first: today and the day before. */
const USUAL_DAYS_MS = 86_400_000;
const KINDS = ['GetDiagnostics', 'DiagnosticsLog', 'SecurityLog'] as const;
type Kind = (typeof KINDS)[number];
/** Request ids of `GetLog` fit a 32-bit integer, and differ for years: seconds since 2020. */
const REQUEST_IDS_FROM_MS = Date.UTC(2020, 0, 1);

type Input = { readonly from: string; readonly to: string; readonly kind: Kind };

/** « Événements sur la borne » (PRC-10, PRC-11): the charger's own journal, and the ZIP of it with the server's. */
export function logPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/fleet/:chargePointId/logs', async (c) => {
      const { login, nowMs, t } = c.var;
      const facts = await readFacts(deps.actors, login, c.req.param('chargePointId'), nowMs);
      if (facts === null || !facts.mayCommand) return c.notFound();
      // The period of the events from which one came.
      const search = new URL(c.req.url).searchParams;
      const day = (name: string, atMs: number) => search.get(name) || dayKey(t, atMs);
      const input = { from: day('from', nowMs - USUAL_DAYS_MS), to: day('to', nowMs), kind: KINDS[0] };
      return logsPage(deps, c, facts, { input, error: null });
    })
    .post('/fleet/:chargePointId/logs', async (c) => {
      const { login, nowMs, t } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();
      const { from = '', to = '', kind: asked, protocol } = await formFields(c.req.raw);
      const kind = KINDS.find((one) => one === asked) ?? KINDS[0];
      const fromMs = dayStartMs(from, t.timeZone);
      const toMs = dayStartMs(to, t.timeZone, 1);
      if (fromMs === null || toMs === null || fromMs >= toMs || deps.files === null) {
        const error = fromMs === null || toMs === null ? t('logs.date') : t('logs.period');
        return logsPage(deps, c, facts, { input: { from, to, kind }, error });
      }
      const commandId = deps.newId();
      const { files } = deps;
      const location = await files.offerLog({
        commandId,
        chargePointId,
        calledAs: facts.detail.calledAs,
        protocol: protocolOf(files.protocols, protocol),
        fromMs,
        toMs,
      });
      const call = callOf(kind, { location, fromMs, toMs: Math.min(toMs, nowMs), nowMs });
      await sendCommand(c, chargePoint, { commandId, call });
      return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#${anchor('command', commandId)}`, 303);
    })
    .get('/fleet/:chargePointId/logs/:commandId', async (c) => {
      const chargePointId = c.req.param('chargePointId');
      const facts = await readFacts(deps.actors, c.var.login, chargePointId, c.var.nowMs);
      const log = facts?.mayCommand ? await deps.files?.log(c.req.param('commandId')) : null;
      if (!log || log.chargePointId !== chargePointId) return c.notFound();
      return archive(deps, c, log);
    });
}

function callOf(
  kind: Kind,
  { location, fromMs, toMs, nowMs }: { location: string; fromMs: number; toMs: number; nowMs: number },
): CallToChargePoint {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString()) as [string, string];
  if (kind === 'GetDiagnostics') return { action: 'GetDiagnostics', location, startTime: from, stopTime: to };
  const requestId = Math.floor((nowMs - REQUEST_IDS_FROM_MS) / 1_000);
  const log = { remoteLocation: location, oldestTimestamp: from, latestTimestamp: to };
  return { action: 'GetLog', logType: kind, requestId, log };
}

/** The server's events of the period, and what the charger left. */
function archive(deps: WebDeps, c: PageContext, log: LogFile): Response {
  const { t, nowMs } = c.var;
  const { chargePointId, fromMs, toMs } = log;
  const { exportEvents } = deps;
  const own = { name: log.fileName, atMs: nowMs, content: log.read };
  const events =
    exportEvents === null
      ? []
      : [
          {
            name: t.language === 'fr' ? 'evenements-serveur.csv' : 'server-events.csv',
            atMs: nowMs,
            content: () =>
              Readable.from(
                exportEvents({
                  format: 'csv',
                  events: eventsBetween(deps, c, chargePointId, { fromMs, toMs }),
                  timeZone: t.timeZone,
                  language: t.language,
                }),
              ),
          },
        ];
  const name = `${chargePointId.replaceAll(/[^\w.-]/g, '_')}-${dayKey(t, fromMs ?? nowMs)}.zip`;
  return new Response(Readable.toWeb(zipOf([...events, own])) as ReadableStream<Uint8Array>, {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

function logsPage(
  deps: WebDeps,
  c: PageContext,
  facts: ChargePointFacts,
  { input, error }: { readonly input: Input; readonly error: string | null },
): Promise<Response> {
  const { t } = c.var;
  const { chargePointId, stationName } = facts.view;
  const title = `${t('logs.title')} · ${stationName}`;
  const asked = facts.detail.commands.filter(
    ({ call }) => call.action === 'GetDiagnostics' || call.action === 'GetLog',
  );
  const body = html`<div class="narrow transfer-page">
    <a class="back" href="/fleet/${encodeURIComponent(chargePointId)}">${icon('arrow-left')}${stationName}</a>
    <h1>${t('logs.title')} <code>${chargePointId}</code></h1>
    <section class="panel">
      <p>${t('logs.intro')}</p>
      ${deps.files === null ? html`<p class="notice warn">${icon('triangle-alert')}${t('files.off')}</p>` : form(t, facts, input, error, deps)}
    </section>
    <section class="panel">
      <h2>${t('logs.asked')}</h2>
      ${asked.length === 0 ? html`<p class="muted">${t('logs.none')}</p>` : askedList(t, chargePointId, asked)}
    </section>
  </div>`;
  return show(
    c,
    { title: error === null ? title : `${t('form.error-title')} ${title}`, section: 'fleet', body },
    error === null ? 200 : 422,
  );
}

function askedList(t: Translate, chargePointId: string, asked: readonly CommandView[]): Html {
  return commandList(t, asked, `/fleet/${encodeURIComponent(chargePointId)}`);
}

function form(t: Translate, facts: ChargePointFacts, input: Input, error: string | null, deps: WebDeps): Html {
  const { linked, chargePointId } = facts.view;
  const wrong = error !== null && html` aria-invalid="true" aria-describedby="logs-error"`;
  return html`${whyNot(t, facts.view, null)}
    <form class="command-form" method="post" action="/fleet/${encodeURIComponent(chargePointId)}/logs" novalidate>
      ${error !== null && html`<p id="logs-error" class="field-error" role="alert">${icon('octagon-alert')}${error}</p>`}
      <div class="field">
        <label for="logs-from">${t('logs.from')} *</label
        ><input id="logs-from" type="date" name="from" value="${input.from}" ${wrong} />
      </div>
      <div class="field">
        <label for="logs-to">${t('logs.to')} *</label
        ><input id="logs-to" type="date" name="to" value="${input.to}" ${wrong} />
      </div>
      <div class="field">
        <label for="logs-kind">${t('logs.kind')}</label
        ><select id="logs-kind" name="kind">
          ${KINDS.map((kind) => html`<option value="${kind}" ${when(kind === input.kind, 'selected')}>${t(`logs.kind.${kind}`)}</option>`)}
        </select>
      </div>
      ${protocolField(t, 'logs', deps.files?.protocols ?? [])}
      <button class="button primary" ${when(!linked, 'disabled')}${!linked && html` aria-describedby="why-box"`}>
        ${t('logs.submit')}
      </button>
    </form>`;
}
