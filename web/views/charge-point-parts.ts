import { html } from 'hono/html';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { Tolerance } from '#src/wire/ocpp/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { elapsed, faultBadge, faultWords, linkMark, stateBadge, stateTone } from './badge.ts';
import { commandsAbout, type ChargePointFacts } from './charge-point-facts.ts';
import { boxForms, commandControl } from './command-form.ts';
import { commandGroups, type GroupedCommand } from './command-groups.ts';
import { commandList, latestCommand } from './command-progress.ts';
import { configurationKeys } from './configuration-keys.ts';
import { connectorCards } from './connector-card.ts';
import { dateTime, signedDuration, whole } from './format.ts';
import type { Html } from './html.ts';
import { kitFacts, kitLanguages } from './kit-facts.ts';
import { icon } from './icon.ts';
import { olderSessions, sessionTable, SESSIONS_SHOWN } from './session-table.ts';
import { simNumber } from './sim.ts';
import { isSpoken } from './spoken-commands.ts';
import { absentNote } from './waiting.ts';

/** Beyond this the charger's clock deserves a warning (field-20). */
const CLOCK_OFFSET_MS_MAX = 5 * 60_000;

/** Their place is « Clé de configuration ». */
const OF_KEYS: ReadonlySet<string> = new Set(['get-configuration', 'change-configuration']);

/** The parts of a charger's page that move, by element id. The stream draws them again and sends those that differ. */
export const PART_IDS = [
  'cp-head',
  'cp-connectors',
  'cp-commands',
  'cp-recent',
  'cp-sessions',
  'cp-facts',
  'cp-kit',
  'cp-tolerated',
  'cp-configuration',
] as const;
export type PartId = (typeof PART_IDS)[number];

const draw: Readonly<Record<PartId, (t: Translate, facts: ChargePointFacts) => Html>> = {
  'cp-head': head,
  'cp-connectors': connectorCards,
  'cp-commands': commands,
  'cp-recent': recent,
  'cp-sessions': sessions,
  'cp-facts': facts,
  'cp-kit': kitFacts,
  'cp-tolerated': tolerated,
  'cp-configuration': configurationKeys,
};

/** One part, its own id included. */
export function part(t: Translate, id: PartId, of: ChargePointFacts): Html {
  return draw[id](t, of);
}

/** Can it be asked for its statuses now, by who looks at it? */
export function tellsItself({ view, detail, mayCommand }: ChargePointFacts): boolean {
  return mayCommand && (view.linked || detail.callable) && isSpoken(detail.protocol, 'trigger-message');
}

/** PRC-04: the page read anew; where the charger can be asked, what it says of itself too. */
function reload(t: Translate, of: ChargePointFacts): Html {
  const url = `/fleet/${encodeURIComponent(of.view.chargePointId)}`;
  const face = html`${icon('refresh-cw')}<span class="sr-only">${t('box.reload')}</span>`;
  if (!tellsItself(of)) return html`<a class="icon-button" href="${url}" title="${t('box.reload')}">${face}</a>`;
  return html`<form
    method="post"
    action="${url}/reload"
    hx-post="${url}/reload"
    hx-swap="none"
    hx-disable="find button"
  >
    <button class="icon-button" title="${t('box.reload')}">${face}</button>
  </form>`;
}

function head(t: Translate, of: ChargePointFacts): Html {
  const { view, detail, nowMs } = of;
  const skewed = detail.clockOffsetMs !== null && Math.abs(detail.clockOffsetMs) > CLOCK_OFFSET_MS_MAX;
  const fault = faultWords(t, view);
  const make = [view.vendor, view.model, view.firmwareVersion].filter(Boolean).join(' · ');
  return html`<header id="cp-head" class="cp-head st-${stateTone(view)}">
    <div class="cp-title">
      <h1>${view.stationName}</h1>
      <button type="button" class="copy" data-copy="${view.chargePointId}" title="${t('app.copy')}">
        <code>${view.chargePointId}</code>${icon('copy')}<span class="sr-only">${t('app.copy')}</span></button
      ><span class="sub">${make}</span>
    </div>
    <div class="cp-state">
      ${view.fault && faultBadge(t, view, nowMs)}${stateBadge(t, view)}${linkMark(t, view)}<span class="sub"
        >${elapsed(t, view.stateSinceMs, nowMs)}</span
      ><span class="sub heard"
        >${t('box.heard')}
        <b>${view.heardAtMs === null ? t('fleet.never') : elapsed(t, view.heardAtMs, nowMs)}</b></span
      >${reload(t, of)}
    </div>
    ${fault && html`<p class="notice bad">${icon('triangle-alert')}${fault}</p>`} ${unreachable(t, detail, nowMs)}
    ${skewed && html`<p class="notice warn">${icon('clock')}${t('box.clock', signedDuration(t, detail.clockOffsetMs ?? 0))}</p>`}
  </header>`;
}

/** « Injoignable »: heard, and yet not to be called. */
function unreachable(t: Translate, { unreachable: state }: ChargePointFacts['detail'], nowMs: number): Html | null {
  if (state === null) return null;
  const why = translated(t, `unreachable.${state.why}`) ?? state.why;
  return html`<p class="notice bad">
    ${icon('unplug')}<span
      >${t('box.unreachable')} ${elapsed(t, state.sinceMs, nowMs)}.
      ${t('box.unreachable.why', why, state.address ?? '')} ${t('box.unreachable.fix')}</span
    >
  </p>`;
}

function commands(t: Translate, all: ChargePointFacts): Html {
  const { view, nowMs, mayCommand } = all;
  const latest = latestCommand(t, { place: null, commands: commandsAbout(all, null), nowMs });
  return html`<div id="cp-commands" class="command-groups">
    ${
      mayCommand
        ? html`${absentNote(t, view)}${latest}${grouped(t, all)}`
        : html`<p class="muted">${t('command.no-right')}</p>
            ${latest}`
    }
  </div>`;
}

/** Everyday's in sight, the rest behind its subject; what its protocol does not have is left out. */
function grouped(t: Translate, { view, detail }: ChargePointFacts): Html {
  const page = `/fleet/${encodeURIComponent(view.chargePointId)}`;
  const forms = boxForms(t, view, kitLanguages(detail)).filter(({ name }) => !OF_KEYS.has(name));
  const items: readonly GroupedCommand[] = [
    ...forms.map((form) => ({ name: form.name, control: commandControl(t, view.chargePointId, form) })),
    { name: 'firmware', control: link(`${page}/firmware`, 'download', t('firmware.load')) },
    { name: 'logs', control: link(`${page}/logs`, 'scroll-text', t('logs.title')) },
    { name: 'change-configuration', control: link('#configuration', 'key-round', t('commands.keys')) },
  ];
  return commandGroups(
    t,
    items.filter(({ name }) => isSpoken(detail.protocol, name)),
    {
      common: ['operation', 'files'],
      notes: {
        charge: html`<p class="hint">${t('commands.charge.points')}</p>`,
      },
    },
  );
}

function link(url: string, drawing: string, text: string): Html {
  return html`<div><a class="button" href="${url}">${icon(drawing)}${text}</a></div>`;
}

function recent(t: Translate, { view, detail, mayCommand }: ChargePointFacts): Html {
  const page = mayCommand ? `/fleet/${encodeURIComponent(view.chargePointId)}` : null;
  return html`<div id="cp-recent">${commandList(t, detail.commands, page)}</div>`;
}

function sessions(t: Translate, { view, sessions: found, nowMs }: ChargePointFacts): Html {
  const shown = found.slice(0, SESSIONS_SHOWN);
  return html`<div id="cp-sessions">
    ${sessionTable(t, { sessions: shown, view, nowMs })}${found.length > shown.length && olderSessions(t, view.chargePointId, shown)}
  </div>`;
}

function facts(t: Translate, { view, detail, nowMs }: ChargePointFacts): Html {
  const sim = detail.iccid === null ? null : simNumber(detail.iccid);
  const rows: readonly (readonly [label: string, value: Html | string | null])[] = [
    [
      t('box.fact.place'),
      [view.address, `${view.postcode} ${view.city}`].filter((text) => text.trim() !== '').join(', '),
    ],
    [t('box.fact.zone'), t.timeZone],
    [t('box.fact.merchant'), view.merchant],
    [t('box.fact.access'), t(`fleet.access.${view.access}`)],
    [t('box.fact.make'), view.vendor],
    [t('box.fact.model'), view.model],
    [t('box.fact.firmware'), view.firmwareVersion],
    [t('box.fact.protocol'), detail.protocol && t(`protocol.${detail.protocol}`)],
    [t('box.fact.serial'), detail.serialNumber ?? detail.chargeBoxSerialNumber],
    [t('box.fact.meter'), [detail.meterType, detail.meterSerialNumber].filter(Boolean).join(' ')],
    [t('box.fact.security'), securityWords(t, detail)],
    [t('box.fact.address'), detail.remoteAddress],
    [t('box.fact.iccid'), detail.iccid],
    [t('box.fact.sim'), sim && html`${sim.number} <span class="sub">${t('box.fact.sim.key', sim.key)}</span>`],
    [t('box.fact.imsi'), detail.imsi],
    [t('box.fact.linked'), detail.linkedSinceMs === null ? null : elapsed(t, detail.linkedSinceMs, nowMs)],
    [t('box.fact.booted'), detail.bootedAtMs === null ? null : dateTime(t, detail.bootedAtMs)],
    [t('box.fact.clock'), detail.clockOffsetMs === null ? null : signedDuration(t, detail.clockOffsetMs)],
    [t('box.fact.firmware-status'), spoken(t, 'firmware', detail.firmwareStatus)],
    [t('box.fact.diagnostics-status'), spoken(t, 'diagnostics', detail.diagnosticsStatus)],
  ];
  return html`<dl id="cp-facts" class="facts">
    ${rows.map(
      ([label, value]) =>
        value &&
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** The profiles are OCPP’s: a kit proves itself otherwise. */
function securityWords(t: Translate, { protocol, security }: ChargePointFacts['detail']): string | null {
  if (protocol === 'lafonpulse') return t('security-profile.kit');
  return security === null ? null : t(`security-profile.${security}`);
}

function spoken(t: Translate, family: 'firmware' | 'diagnostics', word: string | null): string | null {
  return word === null ? null : (translated(t, `${family}.${word}`) ?? word);
}

function tolerated(t: Translate, of: ChargePointFacts): Html {
  const { detail } = of;
  const counts = Object.entries(detail.tolerated) as [Tolerance, number][];
  if (counts.length === 0)
    return html`<div id="cp-tolerated">
      <p class="muted">${t('box.tolerated.none')}</p>
      ${leniency(t, of)}
    </div>`;
  return html`<div id="cp-tolerated">
    <p class="muted">${t('box.tolerated.hint')}</p>
    <ul class="tolerated">
      ${counts.map(([tolerance, count]) => html`<li>${t(`tolerance.${tolerance}`)} <b>${t('tolerance.times', whole(t, count), count)}</b></li>`)}
    </ul>
    ${leniency(t, of)}
  </div>`;
}

/** How much its station lets it be forgiven, with the switch for who maintains it; a Pulse kit has none. */
function leniency(t: Translate, { view, mayCommand }: ChargePointFacts): Html | null {
  if (kitSerialOf(view.chargePointId) !== null) return null;
  const choice = t(`choice.leniency.${view.leniency}`);
  const change = html`<a href="/stations/${encodeURIComponent(view.stationId)}#field-leniency"
    >${t('box.leniency.change')}</a
  >`;
  return html`<p class="sub">${choice}. ${mayCommand && change}</p>`;
}
