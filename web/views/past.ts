import { html } from 'hono/html';
import { isRunning, type PastConnector, type PastSession, type PastStatus } from '#actors/archive/past.ts';
import type { PastView } from '#actors/archive/time-machine.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { SessionRow, StoredEvent } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import { faultWords, sessionOwner, statusIcon, statusTone, statusWord } from './badge.ts';
import { eventDays } from './event-list.ts';
import { eventSummary } from './event-summary.ts';
import { dateTime, energy, power, register, whole } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import { pastLimits, type JournalKept } from './past-limits.ts';
import { pastSteps } from './past-steps.ts';

export type PastFacts = {
  readonly view: ChargePointView;
  readonly past: PastView;
  readonly momentMs: number;
  readonly nowMs: number;
  /** A later moment was asked for. */
  readonly isFuture: boolean;
  readonly kept: JournalKept;
};

/** A charger as it was: what its journal tells, and what it cannot tell. */
export function pastBody(t: Translate, facts: PastFacts): Html {
  const { view, past, momentMs } = facts;
  const path = `/fleet/${encodeURIComponent(view.chargePointId)}`;
  return html`<div id="past" class="charge-point past">
    <a class="back" href="${path}">${icon('arrow-left')}${t('past.live')}</a>
    <header>
      <h1>${t('past.title', view.stationName, dateTime(t, momentMs))} <code>${view.chargePointId}</code></h1>
      <p class="muted">${t('past.intro')}</p>
    </header>
    ${pastSteps(t, { path, momentMs, nowMs: facts.nowMs, past })} ${pastLimits(t, facts)}
    <section class="panel">
      <h2>${t('past.box')}</h2>
      ${box(t, past)}
    </section>
    <section>
      <h2>${t('past.connectors')}</h2>
      ${connectors(t, past)}
    </section>
    <section class="panel">
      <h2>${t('past.commands')}</h2>
      ${commands(t, past.past.commands)}
    </section>
    <section class="panel">
      <h2>${t('past.events')}</h2>
      <h3>${t('past.events.after')}</h3>
      ${past.after.length === 0 ? html`<p class="muted">${t('past.events.none')}</p>` : lines(t, past.after.toReversed())}
      <h3>${t('past.events.before')}</h3>
      ${past.before.length === 0 ? html`<p class="muted">${t('past.events.none')}</p>` : lines(t, past.before)}
    </section>
  </div>`;
}

/** One line each: the same events may stand below, with their frames. */
function commands(t: Translate, events: readonly StoredEvent[]): Html {
  if (events.length === 0) return html`<p class="muted">${t('past.commands.none')}</p>`;
  return html`<ul class="told">
    ${events.map((event) => html`<li>${icon('send')}${dateTime(t, event.atMs)} · ${eventSummary(t, event)}</li>`)}
  </ul>`;
}

/** A list that does not grow: its days have no names for a stream. */
function lines(t: Translate, events: readonly StoredEvent[]): Html {
  return html`<div class="journal">${eventDays(t, { events, named: false, afterDay: '' })}</div>`;
}

function box(t: Translate, { past: { link, boot, box: status } }: PastView): Html {
  const call = boot?.boot;
  const name = [call?.chargePointVendor, call?.chargePointModel, call?.firmwareVersion].filter(Boolean).join(' ');
  const linked =
    link === null ? t('past.link.unknown') : t(link.up ? 'past.link.up' : 'past.link.down', dateTime(t, link.sinceMs));
  return html`<ul class="told">
    <li>${icon(link?.up === false ? 'unlink' : 'link-2')}${linked}</li>
    <li>${icon('power')}${boot === null ? t('past.boot.unknown') : t('past.boot', dateTime(t, boot.atMs), name)}</li>
    ${status !== null && html`<li>${icon('plug')}${t('past.box.status', statusWords(t, status))}</li>`}
  </ul>`;
}

function statusWords(t: Translate, status: PastStatus): string {
  return [
    statusWord(t, { status: status.status, session: null }),
    faultWords(t, status),
    t('past.since', dateTime(t, status.sinceMs)),
  ]
    .filter(Boolean)
    .join(', ');
}

function connectors(t: Translate, { past, sessions }: PastView): Html {
  if (past.connectors.size === 0) return html`<p class="muted">${t('past.connectors.none')}</p>`;
  const inOrder = [...past.connectors].toSorted(([a], [b]) => a - b);
  return html`<div class="cards">
    ${inOrder.map(([connectorId, connector]) => card(t, { connectorId, connector, sessions }))}
  </div>`;
}

type Card = {
  readonly connectorId: number;
  readonly connector: PastConnector;
  readonly sessions: PastView['sessions'];
};

function card(t: Translate, { connectorId, connector: { status, session }, sessions }: Card): Html {
  const name = t('connector.number', connectorId);
  const shown = { status: status?.status ?? null, errorCode: status?.errorCode ?? 'NoError' } as const;
  const fault = status === null ? '' : faultWords(t, status);
  return html`<article class="card st-${statusTone(shown)}" aria-label="${name}">
    <header>
      <h3>${name}</h3>
      ${
        status === null
          ? html`<span class="badge">${t('past.unknown')}</span>`
          : html`<span class="badge st-${statusTone(shown)}"
                >${statusIcon(status.status)}${statusWord(t, { status: status.status, session: isRunning(session) ? session : null })}</span
              ><span class="sub">${t('past.since', dateTime(t, status.sinceMs))}</span>`
      }
    </header>
    ${fault && html`<p class="notice bad">${icon('triangle-alert')}${fault}</p>`}
    ${
      isRunning(session)
        ? running(t, session, sessions.get(session.transactionId) ?? null)
        : html`<p class="idle">${t(session === null ? 'session.none' : 'past.session.unknown')}</p>`
    }
  </article>`;
}

function running(t: Translate, session: PastSession, row: SessionRow | null): Html {
  const { energyWh, registerWh, powerW, socPercent, readAtMs, startedAtMs } = session;
  const figure = (label: string, value: string): Html =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  const since = row?.startedAtMs ?? startedAtMs;
  return html`<p><b>${t('past.session', session.transactionId)}</b></p>
    <dl class="session">
      ${energyWh !== null && figure(t('session.energy'), energy(t, energyWh))}
      ${registerWh !== null && figure(t('past.session.register'), register(t, registerWh))}
      ${powerW !== null && figure(t('session.power'), power(t, powerW))}
      ${socPercent !== null && figure(t('session.soc'), `${whole(t, socPercent)}\u00a0%`)}
      ${figure(t('past.session.read'), readAtMs === null ? t('past.session.unread') : dateTime(t, readAtMs))}
    </dl>
    <p class="owner">
      ${icon('user')}<span
        >${row === null ? (session.idTag ?? t('past.unknown')) : sessionOwner(row)}${
          since !== null && html` · ${t('past.since', dateTime(t, since))}`
        }</span
      >
    </p>
    ${startedAtMs === null && html`<p class="sub">${t('past.session.start-unknown')}</p>`}`;
}
