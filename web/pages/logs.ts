import { Hono } from 'hono';
import { html } from 'hono/html';
import { Readable } from 'node:stream';
import type { LogFile } from '#src/storage/files-port.ts';
import { zipOf } from '#src/exports/zip.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { commandForm } from '#web/views/command-form.ts';
import { UNTOUCHED, type FormState } from '#web/views/command-form-spec.ts';
import { commandList } from '#web/views/command-progress.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dayKey } from '#web/views/format.ts';
import { anchor } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { logForm } from '#web/views/transfer-form.ts';
import { absentNote, waitUntil, whileAbsent } from '#web/views/waiting.ts';
import { eventsBetween } from './events.ts';
import { logCall, readLog } from './file-calls.ts';
import { sendCommand } from './send-command.ts';

/** The period of the form at first: today and the day before. */
export const USUAL_LOG_DAYS_MS = 86_400_000;

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
      const input = { from: day('from', nowMs - USUAL_LOG_DAYS_MS), to: day('to', nowMs) };
      return logsPage(deps, c, facts, { ...UNTOUCHED, input });
    })
    .post('/fleet/:chargePointId/logs', async (c) => {
      const { login, nowMs, t } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();
      const input = await formFields(c.req.raw);
      const { files } = deps;
      const read = readLog(t, input, files?.protocols ?? []);
      if (!read.ok || files === null)
        return logsPage(deps, c, facts, {
          ...UNTOUCHED,
          input,
          errors: read.ok ? { kind: t('files.off') } : read.errors,
        });
      const commandId = deps.newId();
      const expiresAtMs = waitUntil(input, nowMs);
      await sendCommand(c, chargePoint, { commandId, ...logCall(read.wanted, nowMs), expiresAtMs });
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

function logsPage(deps: WebDeps, c: PageContext, facts: ChargePointFacts, state: FormState): Promise<Response> {
  const { t } = c.var;
  const { chargePointId, stationName } = facts.view;
  const page = `/fleet/${encodeURIComponent(chargePointId)}`;
  const title = `${t('logs.title')} · ${stationName}`;
  const asked = facts.detail.commands.filter(
    ({ call }) => call.action === 'GetDiagnostics' || call.action === 'GetLog',
  );
  const form = logForm(t, {
    protocols: deps.files?.protocols ?? [],
    from: '',
    to: '',
    action: `${page}/logs`,
    ...whileAbsent(facts.view, 'file'),
  });
  const body = html`<div class="narrow transfer-page">
    <a class="back" href="${page}">${icon('arrow-left')}${stationName}</a>
    <h1>${t('logs.title')} <code>${chargePointId}</code></h1>
    <section class="panel">
      <p>${t('logs.intro')}</p>
      ${
        deps.files === null
          ? html`<p class="notice warn">${icon('triangle-alert')}${t('files.off')}</p>`
          : html`${absentNote(t, facts.view)} ${commandForm(t, chargePointId, form, state)}`
      }
    </section>
    <section class="panel">
      <h2>${t('logs.asked')}</h2>
      ${asked.length === 0 ? html`<p class="muted">${t('logs.none')}</p>` : commandList(t, asked, page)}
    </section>
  </div>`;
  const isWrong = Object.keys(state.errors).length > 0;
  return show(
    c,
    { title: isWrong ? `${t('form.error-title')} ${title}` : title, section: 'fleet', body },
    isWrong ? 422 : 200,
  );
}
