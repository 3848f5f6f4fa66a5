import { html } from 'hono/html';
import type { CommandRequest, Forced } from '#actors/charge-point/messages.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import type { DropProtocol, FirmwareChoice } from '#src/storage/files-port.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFieldsAnd } from '#web/door/form.ts';
import { BATCH_MAX, batchForms, type WrongForm } from '#web/views/batch.ts';
import { UNTOUCHED, type FormName, type FormSpec, type FormState } from '#web/views/command-form-spec.ts';
import type { PageContext } from '#web/views/env.ts';
import { dayKey } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { idFields } from '#web/views/many-forms.ts';
import { show, type PageStatus } from '#web/views/page.ts';
import { firmwareForm, logForm } from '#web/views/transfer-form.ts';
import { USUAL_LOG_DAYS_MS } from './logs.ts';
import { sendCommand } from './send-command.ts';

type Posted = { readonly fields: Readonly<Record<string, string>>; readonly views: readonly ChargePointView[] };
/** What to say instead. */
type Otherwise = { readonly ok: false; readonly answer: Response | Promise<Response> };
type Asked = ({ readonly ok: true } & Posted) | Otherwise;

/** What was posted for many chargers, and which of them there are for this viewer: one at least, and not too many. */
export async function askedOf(deps: WebDeps, c: PageContext): Promise<Asked> {
  if (!mayCommand(c.var.login)) return { ok: false, answer: c.notFound() };
  const { fields, values } = await formFieldsAnd(c.req.raw, 'id');
  const views = await chosen(deps, c, values);
  if (views === null) return { ok: false, answer: tooMany(c) };
  return views.length === 0 ? { ok: false, answer: showForms(deps, c, [], null) } : { ok: true, fields, views };
}

/** The same for what moves files, which needs a drop. */
export async function filesAskedOf(
  deps: WebDeps,
  c: PageContext,
): Promise<({ readonly ok: true; readonly protocols: readonly DropProtocol[] } & Posted) | Otherwise> {
  const asked = await askedOf(deps, c);
  const { files } = deps;
  if (!asked.ok) return asked;
  return files === null ? { ok: false, answer: c.notFound() } : { ...asked, protocols: files.protocols };
}

/** The form again that was posted, with what is wrong with it. */
export function formAgain(
  deps: WebDeps,
  c: PageContext,
  { fields: input, views }: Posted,
  { name, errors }: { readonly name: FormName; readonly errors: FormState['errors'] },
): Promise<Response> {
  return showForms(deps, c, views, { name, state: { ...UNTOUCHED, input, errors } });
}

/** Those of these that he finds, in the order of the fleet page; null when they are more than one command goes to. */
export async function chosen(
  deps: WebDeps,
  c: PageContext,
  ids: readonly string[],
): Promise<readonly ChargePointView[] | null> {
  const chargePointIds = [...new Set(ids)];
  if (chargePointIds.length > BATCH_MAX) return null;
  return deps.actors
    .fleet(c.var.login)
    .ask<readonly ChargePointView[]>((replyTo) => ({ type: 'find-all', chargePointIds, replyTo }));
}

/** A software of the library, and which of the chosen chargers it was declared for. */
type Software = FirmwareChoice & { readonly chargePointIds: ReadonlySet<string> };

/** Every software that one of them at least may load, by name. */
export async function softwaresFor(deps: WebDeps, views: readonly ChargePointView[]): Promise<readonly Software[]> {
  const { files } = deps;
  if (files === null) return [];
  const kinds = Map.groupBy(views, ({ vendor, model }) => JSON.stringify([vendor, model]));
  const found = await Promise.all(
    [...kinds.values()].map(async (alike) => {
      const { vendor: make = null, model = null } = alike[0] ?? {};
      const ids = alike.map(({ chargePointId }) => chargePointId);
      return (await files.firmwaresFor({ make, model })).map((choice) => ({ choice, ids }));
    }),
  );
  const byId = Map.groupBy(found.flat(), ({ choice }) => choice.id);
  return [...byId.values()]
    .flatMap((same) => {
      const [first] = same;
      return first === undefined ? [] : [{ ...first.choice, chargePointIds: new Set(same.flatMap(({ ids }) => ids)) }];
    })
    .toSorted((a, b) => byName.compare(a.name, b.name));
}
const byName = new Intl.Collator('fr');

/** Every charger is asked at once; one that fails to answer has its row as soon as it does. */
export async function sendToAll(
  deps: WebDeps,
  c: PageContext,
  views: readonly ChargePointView[],
  {
    call,
    file,
    forced = null,
    expiresAtMs,
  }: Pick<CommandRequest, 'call' | 'file'> & {
    readonly forced?: Extract<CallToChargePoint, { action: 'ChangeConfiguration' }> | null;
    /** Null: who is absent is refused at once. */
    readonly expiresAtMs: number | null;
  },
): Promise<string> {
  const { login, nowMs: atMs } = c.var;
  const { name: by } = login;
  const batchId = deps.newId();
  await Promise.allSettled(
    views.map(async ({ chargePointId }) => {
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      if (chargePoint === null) return;
      if (forced !== null)
        await chargePoint.ask<Forced>((replyTo) => {
          return { type: 'force-key', key: forced.key, value: forced.value, send: false, by, atMs, replyTo };
        });
      await sendCommand(c, chargePoint, { commandId: deps.newId(), call, ...(file && { file }), batchId, expiresAtMs });
    }),
  );
  return batchId;
}

/** To the table of what became of it. */
export function sent(c: PageContext, batchId: string): Response {
  return c.redirect(`/commands/${encodeURIComponent(batchId)}`, 303);
}

/** The forms for these chargers. `wrong`: the one that was sent. */
export async function showForms(
  deps: WebDeps,
  c: PageContext,
  views: readonly ChargePointView[],
  wrong: WrongForm | null,
): Promise<Response> {
  const { t } = c.var;
  if (views.length === 0) return notice(c, t('batch.none'), 422);
  const title = `${wrong === null ? '' : `${t('form.error-title')} `}${t('batch.title')}`;
  const transfers = await transferForms(deps, c, views);
  return page(c, title, batchForms(t, views, { transfers, wrong }), wrong === null ? 200 : 422);
}

/** What moves files, where the server has a drop for them, and a software that one of them may load. */
async function transferForms(
  deps: WebDeps,
  c: PageContext,
  views: readonly ChargePointView[],
): Promise<readonly FormSpec[]> {
  const { t, nowMs } = c.var;
  const { files } = deps;
  if (files === null) return [];
  const softwares = await softwaresFor(deps, views);
  const { protocols } = files;
  const choices = softwares.map((one) => ({ ...one, fits: { some: one.chargePointIds.size, all: views.length } }));
  const firmware = {
    ...firmwareForm(t, { choices, protocols, maySign: true, action: '/commands/firmware', waits: 'file' }),
    note: t('batch.firmware.note'),
  };
  const period = { from: dayKey(t, nowMs - USUAL_LOG_DAYS_MS), to: dayKey(t, nowMs) };
  const logs = {
    ...logForm(t, { ...period, protocols, action: '/commands/logs', waits: 'file' }),
    note: t('batch.logs.note'),
  };
  return [...(choices.length === 0 ? [] : [firmware]), logs].map((form) => ({
    ...form,
    fields: [...form.fields, ...idFields(views)],
  }));
}

/** For more chargers than one command goes to. */
export function tooMany(c: PageContext): Promise<Response> {
  return notice(c, c.var.t('batch.too-many', BATCH_MAX), 422);
}

function notice(c: PageContext, sentence: string, status: PageStatus): Promise<Response> {
  const { t } = c.var;
  const title = `${t('form.error-title')} ${t('batch.title')}`;
  return page(c, title, html`<p class="notice warn" role="alert">${icon('triangle-alert')}${sentence}</p>`, status);
}

function page(c: PageContext, title: string, body: Html, status: PageStatus): Promise<Response> {
  const whole = html`<div class="narrow batch-page">
    ${back(c)}
    <h1>${c.var.t('batch.title')}</h1>
    ${body}
  </div>`;
  return show(c, { title, section: 'fleet', body: whole }, status);
}

/** The way back to the fleet, above what is sent to many. */
export function back(c: PageContext): Html {
  return html`<a class="back" href="/fleet">${icon('arrow-left')}${c.var.t('batch.back')}</a>`;
}
