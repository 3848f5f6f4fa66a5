import { html } from 'hono/html';
import type { CommandPhase, CommandView } from '#actors/charge-point/messages.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { faultWords } from './event-notes.ts';
import { dateTime, timeOfDay } from './format.ts';
import { anchor, type Html } from './html.ts';
import { icon } from './icon.ts';

/** The road ahead of a command, so that a maintainer sees what is still missing (field-32). */
const START_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'accepted', 'authorised', 'plugged', 'started'];
const PLAIN_ROAD: readonly CommandPhase[] = ['queued', 'sent', 'done'];
const COMMANDS_SHOWN = 8;

export function commandList(t: Translate, commands: readonly CommandView[]): Html {
  if (commands.length === 0) return html`<p class="muted">${t('command.recent.empty')}</p>`;
  return html`<ol class="commands">
    ${commands.slice(0, COMMANDS_SHOWN).map((command) => commandProgress(t, command))}
  </ol>`;
}

function commandProgress(t: Translate, command: CommandView): Html {
  const bad = command.phase === 'refused' || command.phase === 'failed';
  const reached = new Set(command.steps.map((step) => step.phase));
  const road = command.call.action === 'RemoteStartTransaction' ? START_ROAD : PLAIN_ROAD;
  const ahead = command.ended ? [] : road.filter((phase) => !reached.has(phase));
  const later = laterPhase(command);
  const tone = bad ? 'bad' : later ? 'later' : command.ended ? 'good' : 'going';
  return html`<li id="${anchor('command', command.commandId)}" class="progress ${tone}">
    <p class="progress-title">
      <strong>${commandTitle(t, command.call)}</strong>
      <span class="sub"
        ><time datetime="${new Date(command.requestedAtMs).toISOString()}">${dateTime(t, command.requestedAtMs)}</time>
        ${t('command.by', command.requestedBy)}</span
      >
    </p>
    <ol class="steps">
      ${command.steps.map((step) => html`<li class="${stepTone(step.phase, later !== null)}"><span>${t(`phase.${(step.phase === 'done' && later) || step.phase}`)}</span><time datetime="${new Date(step.atMs).toISOString()}">${timeOfDay(t, step.atMs)}</time></li>`)}${ahead.map((phase) => html`<li class="ahead"><span>${t(`phase.${phase}`)}</span></li>`)}
    </ol>
    ${outcome(t, command, bad)}
  </li>`;
}

/** What the charger accepted, and will only do once a charge has ended or it has booted; null for the rest. */
function laterPhase({ phase, detail }: CommandView): 'scheduled' | 'after-reboot' | null {
  if (phase !== 'done') return null;
  return detail === 'Scheduled' ? 'scheduled' : detail === 'RebootRequired' ? 'after-reboot' : null;
}

function stepTone(phase: CommandPhase, later: boolean): string {
  if (phase === 'refused' || phase === 'failed') return 'bad';
  return phase === 'done' && later ? 'later' : 'reached';
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

function outcome(t: Translate, command: CommandView, bad: boolean): Html | false {
  const { cause, detail } = command;
  const said = detail === null || SAID.has(`${cause} ${detail}`) || laterPhase(command) !== null;
  const words = said ? null : answerText(t, detail);
  if (cause === null && words === null) return false;
  return html`<p class="outcome">
    ${bad && icon('octagon-alert')}${cause !== null && t(`cause.${cause}`)}${cause !== null && words !== null && ' — '}${words !== null && t('command.answer', words)}
  </p>`;
}

/** A status, or the code and words of a CALLERROR, in the reader's language. */
function answerText(t: Translate, detail: string): string {
  const [, code = '', text = ''] = /^(\w+)(?:: (.*))?$/s.exec(detail) ?? [];
  const known = translated(t, `answer.${detail}`);
  return known ?? (translated(t, `fault.${code}`) === null ? detail : faultWords(t, { code, text }));
}

/** A command in words, with what it is about: `Démarrer une recharge · Point 1 · 04A2B3`. */
export function commandTitle(t: Translate, call: CallToChargePoint): string {
  const point = (id: number | undefined): string => (id === undefined ? '' : t('connector.number', id));
  const title = (...parts: readonly string[]): string => parts.filter(Boolean).join(' · ');
  switch (call.action) {
    case 'RemoteStartTransaction':
      return title(t('command.remote-start'), point(call.connectorId), call.idTag);
    case 'RemoteStopTransaction':
      return title(t('command.remote-stop'), String(call.transactionId));
    case 'Reset':
      return t(`command.reset.${call.type}`);
    case 'UnlockConnector':
      return title(t('command.unlock'), point(call.connectorId));
    case 'ChangeAvailability':
      return title(t(`command.availability.${call.type}`), point(call.connectorId));
    case 'GetConfiguration':
      return t('command.get-configuration');
    case 'ChangeConfiguration':
      return title(t('command.change-configuration'), `${call.key} = ${call.value}`);
    case 'ClearCache':
      return t('command.clear-cache');
    case 'TriggerMessage':
      return title(t('command.trigger-message'), call.requestedMessage, point(call.connectorId));
    case 'DataTransfer':
      return title(t('command.data-transfer'), call.vendorId, call.messageId ?? '');
  }
}
