import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RecipientChoice } from '#actors/alert/messages.ts';
import { mayNameRecipients, type AlertKind, type AlertRecipient } from '#src/domain/alert.ts';
import { CHANNELS, type PostChannel } from '#src/domain/post.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { problem } from './problem.ts';

const KINDS: readonly AlertKind[] = ['fault', 'parking'];
/** Boxes of one form: four for each user of a full list. */
const BOXES_MAX = 800;

/** Saves the tab « Destinataires des alertes » of a station (STA-27). */
export function recipientPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/stations/:id/recipients', async (c) => {
    const stationId = c.req.param('id');
    const recipients = readRecipients(await c.req.raw.formData());
    const isSaved = await deps.actors.alerts(c.var.login).ask<boolean>((replyTo) => ({
      type: 'name-recipients',
      stationId,
      recipients,
      atMs: c.var.nowMs,
      replyTo,
    }));
    if (!isSaved) return problem(c, 'not-found', 404);
    return c.redirect(`/stations/${encodeURIComponent(stationId)}?recipients#recipients`, 303);
  });
}

/** Each box posts the user under the name of its column, `fault.mail`. */
function readRecipients(form: FormData): readonly AlertRecipient[] {
  const found = new Map<string, Record<AlertKind, PostChannel[]>>();
  for (const kind of KINDS) {
    for (const channel of CHANNELS) {
      for (const userId of form.getAll(`${kind}.${channel}`).slice(0, BOXES_MAX)) {
        if (typeof userId !== 'string') continue;
        const known = found.get(userId) ?? { fault: [], parking: [] };
        found.set(userId, { ...known, [kind]: [...known[kind], channel] });
      }
    }
  }
  return [...found].map(([userId, channels]) => ({ userId, ...channels }));
}

/** The tab, a form of its own below that of the station; null for whoever has no right to it. */
export async function recipientsPanel(c: PageContext, deps: WebDeps, stationId: string): Promise<Html | null> {
  const { t, login, nowMs } = c.var;
  if (!mayNameRecipients(login, 'view')) return null;
  const choices = await deps.actors
    .alerts(login)
    .ask<readonly RecipientChoice[] | null>((replyTo) => ({ type: 'recipients', stationId, atMs: nowMs, replyTo }));
  if (choices === null) return null;
  const isSaved = c.req.query('recipients') !== undefined;
  const lacking = CHANNELS.filter((channel) => choices.length > 0 && choices.every((one) => !one.hasOption[channel]));
  return html`<details id="recipients" class="panel fold" ${when(isSaved, 'open')}>
    <summary><h2>${t('recipients.title')}</h2></summary>
    <p class="hint">${t('recipients.hint')}</p>
    ${isSaved && html`<p class="notice good" role="status">${icon('circle-check')}${t('recipients.saved')}</p>`}
    ${lacking.map((channel) => html`<p class="notice warn">${icon('info')}${t(`recipients.no-option.${channel}`)}</p>`)}
    ${
      choices.length === 0
        ? html`<p class="muted">${t('recipients.empty')}</p>`
        : choicesForm(t, { stationId, choices, mayChange: mayNameRecipients(login, 'modify') })
    }
  </details>`;
}

type Choices = {
  readonly stationId: string;
  readonly choices: readonly RecipientChoice[];
  readonly mayChange: boolean;
};

function choicesForm(t: Translate, { stationId, choices, mayChange }: Choices): Html {
  const heads = KINDS.flatMap((kind) => CHANNELS.map((channel) => ({ kind, channel })));
  return html`<form method="post" action="/stations/${encodeURIComponent(stationId)}/recipients">
    <table class="records recipients">
      <thead>
        <tr>
          <th scope="col">${t('recipients.user')}</th>
          ${heads.map(({ kind, channel }) => html`<th scope="col">${t(`recipients.${kind}`)}, ${t(`alerts.told.by.${channel}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${choices.map((one) => choiceRow(t, one, mayChange))}
      </tbody>
    </table>
    ${mayChange && html`<p><button class="button primary">${t('recipients.save')}</button></p>`}
  </form>`;
}

function choiceRow(t: Translate, choice: RecipientChoice, mayChange: boolean): Html {
  const { userId, name } = choice;
  const missing = CHANNELS.filter((channel) => !choice.hasAddress[channel]);
  return html`<tr>
    <th scope="row">
      ${name} ${missing.map((channel) => html`<span class="sub">${t(`recipients.no-address.${channel}`)}</span>`)}
    </th>
    ${KINDS.flatMap((kind) =>
      CHANNELS.map((channel) => {
        const column = `${t(`recipients.${kind}`)}, ${t(`alerts.told.by.${channel}`)}`;
        const label = t('recipients.box', t(`recipients.${kind}`), t(`alerts.told.by.${channel}`), name);
        return html`<td data-label="${column}">
          <label class="hit"
            ><input
              type="checkbox"
              name="${kind}.${channel}"
              value="${userId}"
              ${when(choice[kind].includes(channel), 'checked')}
              ${when(!mayChange, 'disabled')}
            /><span class="sr-only">${label}</span></label
          >
        </td>`;
      }),
    )}
  </tr>`;
}
