import { html } from 'hono/html';
import { waitsForLink } from '#actors/charge-point/command-steps.ts';
import type { CommandPhase, CommandView } from '#actors/charge-point/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { commandTitle } from './command-title.ts';
import { faultWords } from './event-notes.ts';
import { bytes, dateTime, tenths, timeOfDay, whole } from './format.ts';
import { anchor, type Html } from './html.ts';
import { icon } from './icon.ts';
import { listWords } from './list-version.ts';
import { profileProgress } from './profile-progress.ts';

/** The road ahead of a command, so that a maintainer sees what is still missing (field-32). */
const START_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'accepted', 'authorised', 'plugged', 'started'];
const FIRMWARE_ROAD: readonly CommandPhase[] = [
  'queued',
  'sent',
  'accepted',
  'transferring',
  'transferred',
  'installing',
  'done',
];
const LOG_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'accepted', 'transferring', 'done'];
const PROFILE_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'accepted', 'confirmed', 'measured', 'done'];
const PLAIN_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'done'];
const COMMANDS_SHOWN = 8;
/** How long an ended command stays in sight where it was asked for. */
const IN_SIGHT_MS = 600_000;

/**
 * `chargerPage`: the address of whose commands these are, for who may withdraw what waits and take what the charger has
 * left; null for who may not.
 */
export function commandList(t: Translate, commands: readonly CommandView[], chargerPage: string | null): Html {
  if (commands.length === 0) return html`<p class="muted">${t('command.recent.empty')}</p>`;
  return html`<ol class="commands">
    ${shownOf(commands).map((command) => commandProgress(t, command, chargerPage))}
  </ol>`;
}

/** The newest, and every one that waits: it must be possible to withdraw it. */
function shownOf(commands: readonly CommandView[]): readonly CommandView[] {
  return commands.filter((one, index) => index < COMMANDS_SHOWN || (one.phase === 'queued' && !one.ended));
}

type Latest = {
  /** A connector, or null for the charger itself. */
  readonly place: number | null;
  /** Of that place, newest first. */
  readonly commands: readonly CommandView[];
  readonly nowMs: number;
};

/** The newest command, where it was asked for: a region of its own, so that each step is also said aloud. */
export function latestCommand(t: Translate, { place, commands, nowMs }: Latest): Html {
  const [newest] = commands;
  const shown = newest !== undefined && (!newest.ended || nowMs - newest.requestedAtMs < IN_SIGHT_MS);
  return html`<div id="latest-${place ?? 'box'}" class="latest${shown ? '' : ' none'}" role="status">
    ${shown && html`<div class="progress ${toneOf(newest)}">${progressOf(t, newest)}</div>`}
  </div>`;
}

function commandProgress(t: Translate, command: CommandView, chargerPage: string | null): Html {
  const url = `${chargerPage ?? ''}/commands/${encodeURIComponent(command.commandId)}/withdraw`;
  return html`<li id="${anchor('command', command.commandId)}" class="progress ${toneOf(command)}">
    ${progressOf(t, command)}${chargerPage !== null && downloadOf(t, command, chargerPage)}
    ${
      chargerPage !== null &&
      command.phase === 'queued' &&
      html`<form method="post" action="${url}" hx-post="${url}" hx-swap="none" hx-disable="find button">
        <button class="button small">${icon('x')}${t('wait.withdraw')}</button>
      </form>`
    }
  </li>`;
}

/** How it looks by its outcome. */
export function toneOf(command: CommandView): 'bad' | 'later' | 'good' | 'going' {
  const { phase, ended } = command;
  if (phase === 'refused' || phase === 'failed') return 'bad';
  if (laterPhase(command) !== null) return 'later';
  return ended ? 'good' : 'going';
}

type Step = {
  readonly phase: CommandPhase;
  readonly atMs: number | null;
  readonly look: 'reached' | 'bad' | 'skipped' | 'ahead';
};

function roadOf({ call, profile }: Pick<CommandView, 'call' | 'profile'>): readonly CommandPhase[] {
  switch (call.action) {
    case 'SetChargingProfile':
      return profile === undefined ? PLAIN_ROAD : PROFILE_ROAD;
    case 'RemoteStartTransaction':
      return START_ROAD;
    case 'UpdateFirmware':
    case 'SignedUpdateFirmware':
      return FIRMWARE_ROAD;
    case 'GetDiagnostics':
    case 'GetLog':
      return LOG_ROAD;
    default:
      return PLAIN_ROAD;
  }
}

/** What was reached, as it came; between, what was passed over on the way; then what is still ahead. */
export function stepsOf(command: Pick<CommandView, 'call' | 'profile' | 'steps' | 'ended'>): readonly Step[] {
  const { steps, ended } = command;
  const road = roadOf(command);
  const reached = new Set(steps.map((step) => step.phase));
  let missing = road.filter((phase) => !reached.has(phase));
  const all: Step[] = [];
  for (const { phase, atMs } of steps) {
    // Only an end tells that a step was skipped: until then it may still come, out of order.
    const skipped = ended ? missing.filter((one) => road.indexOf(one) < road.indexOf(phase)) : [];
    missing = missing.filter((one) => !skipped.includes(one));
    all.push(...skipped.map((one) => ({ phase: one, atMs: null, look: 'skipped' }) as const));
    all.push({ phase, atMs, look: phase === 'refused' || phase === 'failed' ? 'bad' : 'reached' });
  }
  return ended ? all : [...all, ...missing.map((one) => ({ phase: one, atMs: null, look: 'ahead' }) as const)];
}

function progressOf(t: Translate, command: CommandView): Html {
  return html`<p class="progress-title">
      <strong>${commandTitle(t, command.call)}</strong>
      <span class="sub"
        ><time datetime="${new Date(command.requestedAtMs).toISOString()}">${dateTime(t, command.requestedAtMs)}</time>
        ${t('command.by', command.requestedBy)}</span
      >
    </p>
    <ol class="steps">
      ${stepsOf(command).map((step) => stepItem(t, step, laterPhase(command)))}
    </ol>
    ${command.limit !== undefined && html`<p class="sub">${t(`remark.${command.limit}`)}</p>`}
    ${transferOf(t, command)}${profileProgress(t, command)}${outcome(t, command)}`;
}

/** PRC-11: once the charger has left its log, it is there to be taken with the server's events. */
export function downloadOf(
  t: Translate,
  { call, phase, transfer, commandId }: CommandView,
  chargerPage: string,
): Html | false {
  const isLog = call.action === 'GetDiagnostics' || call.action === 'GetLog';
  if (!isLog || phase !== 'done') return false;
  const url = `${chargerPage}/logs/${encodeURIComponent(commandId)}`;
  const size = transfer === undefined ? '' : bytes(t, transfer.bytes);
  return html`<p><a class="button small" href="${url}" download>${icon('download')}${t('logs.zip', size)}</a></p>`;
}

/** How much of a file has moved, as a bar and in words. */
export function transferOf(t: Translate, { transfer, ended }: CommandView): Html | false {
  if (transfer === undefined) return false;
  const { bytes: moved, totalBytes } = transfer;
  const words =
    totalBytes === null || (ended && moved === totalBytes)
      ? t('transfer.moved', bytes(t, moved))
      : t('transfer.progress', bytes(t, moved), bytes(t, totalBytes));
  const bar =
    totalBytes !== null &&
    !ended &&
    html`<progress max="${totalBytes}" value="${moved}" aria-label="${t('transfer.bar')}"></progress>`;
  return html`<p class="transfer">${bar}<span>${words}</span></p>`;
}

function stepItem(t: Translate, { phase, atMs, look }: Step, later: ReturnType<typeof laterPhase>): Html {
  const postponed = phase === 'done' ? later : null;
  const words = t(`phase.${postponed ?? phase}`);
  return html`<li class="${postponed === null ? look : 'later'}">
    <span>${look === 'skipped' ? html`<s>${words}</s><span class="sr-only"> ${t('phase.skipped')}</span>` : words}</span
    >${atMs !== null && html`<time datetime="${new Date(atMs).toISOString()}">${timeOfDay(t, atMs)}</time>`}
  </li>`;
}

/** What the charger accepted, and will only do once a charge has ended or it has booted; null for the rest. */
function laterPhase({ phase, detail }: CommandView): 'scheduled' | 'after-reboot' | null {
  if (phase !== 'done') return null;
  return detail === 'Scheduled' ? 'scheduled' : detail === 'RebootRequired' ? 'after-reboot' : null;
}

/** How far it has got, in a word. */
export function lastPhase(t: Translate, command: CommandView): string {
  if (waitsForLink(command)) return t('wait.phase');
  return t(`phase.${laterPhase(command) ?? command.phase}`);
}

/** Answers that say no more than the cause beside them. */
const SAID: ReadonlySet<string> = new Set([
  'rejected Rejected',
  'not-supported NotSupported',
  'not-supported NotImplemented',
  'unknown-key NotSupported',
  'unknown-vendor UnknownVendorId',
  'unknown-message UnknownMessageId',
]);

/** Why it failed, or what the charger said, in words; false when there is nothing to say. */
export function outcome(t: Translate, command: CommandView): Html | false {
  const { cause, detail, phase, expiresAtMs } = command;
  if (phase === 'queued' && expiresAtMs !== undefined)
    return html`<p class="outcome">${icon('hourglass')}${t('wait.until', dateTime(t, expiresAtMs))}</p>`;
  if (cause === 'withdrawn' && detail !== null)
    return html`<p class="outcome">${icon('octagon-alert')}${t('cause.withdrawn')} ${t('command.by', detail)}</p>`;
  const said = detail === null || SAID.has(`${cause} ${detail}`) || laterPhase(command) !== null;
  const words = said ? null : cause === 'unreachable' ? unreachableText(t, detail) : answerOf(t, command, detail);
  if (cause === null && words === null) return false;
  return html`<p class="outcome">
    ${toneOf(command) === 'bad' && icon('octagon-alert')}${cause !== null && t(`cause.${cause}`)}${cause !== null && words !== null && ' — '}${words !== null && (cause === 'unreachable' ? words : t('command.answer', words))}
  </p>`;
}

/** What it said in numbers where its status says little: the version of a list, a limit, certificates. */
function answerOf(t: Translate, { answer }: CommandView, detail: string): string {
  if (answer?.action === 'GetLocalListVersion') return listWords(t, answer.listVersion);
  const schedule = answer?.action === 'GetCompositeSchedule' ? answer.chargingSchedule : undefined;
  if (schedule !== undefined) {
    const { chargingRateUnit: unit, chargingSchedulePeriod: periods } = schedule;
    return periods
      .map(
        ({ startPeriod, limit }) =>
          `${whole(t, startPeriod / 60)}\u00a0min${t('app.colon')} ${tenths(t, limit)} ${unit}`,
      )
      .join(', ');
  }
  if (answer?.action === 'GetInstalledCertificateIds' && answer.certificateHashData.length > 0) {
    return answer.certificateHashData
      .map((one) => `${one.hashAlgorithm} ${one.issuerNameHash} ${one.issuerKeyHash} ${one.serialNumber}`)
      .join(' ; ');
  }
  return answerText(t, detail);
}

/** A word of the edge, then the address where nobody answered. */
function unreachableText(t: Translate, detail: string): string {
  const [word = '', address] = detail.split(' ');
  return [address, translated(t, `unreachable.${word}`) ?? word].filter(Boolean).join(`${t('app.colon')} `);
}

/** A status, or the code and words of a CALLERROR, in the reader's language. */
function answerText(t: Translate, detail: string): string {
  const [, code = '', text = ''] = /^(\w+)(?:: (.*))?$/s.exec(detail) ?? [];
  const known = translated(t, `answer.${detail}`);
  return known ?? (translated(t, `fault.${code}`) === null ? detail : faultWords(t, { code, text }));
}
