import { html } from 'hono/html';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { Translate } from '#web/i18n/t.ts';
import {
  UNTOUCHED,
  type CommandField,
  type CommandFormSpec,
  type CommandName,
  type FormSpec,
  type FormState,
} from './command-form-spec.ts';
import { fieldOf } from './command-field.ts';
import { anchor, when, type Html } from './html.ts';
import { icon } from './icon.ts';
import { isKit, messageForms } from './message-forms.ts';
import { profileForms } from './profile-forms.ts';
import { waitField, whileAbsent } from './waiting.ts';

const TRIGGERABLE = [
  'StatusNotification',
  'MeterValues',
  'BootNotification',
  'Heartbeat',
  'FirmwareStatusNotification',
  'DiagnosticsStatusNotification',
];

/** The forms of one connector's card: a session to start or to stop, the lock, the availability. */
export function connectorForms(t: Translate, view: ChargePointView, connectorId: number): readonly CommandFormSpec[] {
  const connector = view.connectors.find((one) => one.connectorId === connectorId);
  const session = connector?.session ?? null;
  const down = connector?.status === 'Unavailable';
  const type = down ? 'Operative' : 'Inoperative';
  const here = { kind: 'hidden', name: 'connectorId', value: String(connectorId) } as const;
  const common = { connectorId, warning: null, ...whileAbsent(view, 'order') };
  const forSomebodyThere = { ...common, ...whileAbsent(view, 'present') };
  const sessionForm: CommandFormSpec =
    session === null
      ? {
          ...forSomebodyThere,
          // The charger decides: whoever described its sockets may have been mistaken.
          warning: connector?.busyBeside === undefined ? null : t('command.point-busy', connector.busyBeside),
          name: 'remote-start',
          title: t('command.remote-start'),
          icon: 'play',
          submit: t('command.remote-start.submit'),
          fields: [here, badgeField(t, remoteStartTag(view))],
        }
      : {
          ...common,
          name: 'remote-stop',
          title: t('command.remote-stop'),
          icon: 'square',
          submit: t('command.remote-stop'),
          fields: [here, { kind: 'hidden', name: 'transactionId', value: String(session.transactionId) }],
        };
  return [
    sessionForm,
    {
      ...forSomebodyThere,
      name: 'unlock',
      title: t('command.unlock'),
      icon: 'lock-open',
      submit: t('command.unlock'),
      fields: [here],
    },
    {
      ...common,
      name: 'availability',
      title: t(`command.availability.${type}`),
      icon: down ? 'power' : 'ban',
      submit: t(`command.availability.${type}`),
      fields: [here, { kind: 'hidden', name: 'type', value: type }],
    },
  ];
}

/** What every charger reads of a badge that the server sends of itself: some cut what is longer (field-18). */
const OWN_TAG_CHARACTERS_MAX = 16;

/** PRC-15: the badge of a remote start that names none; null where one must be named. A kit has no such badge of its own. */
export function remoteStartTag({ chargePointId, freeServiceTag }: ChargePointView): string | null {
  const isRead = freeServiceTag !== null && freeServiceTag.length <= OWN_TAG_CHARACTERS_MAX;
  return isRead && kitSerialOf(chargePointId) === null ? freeServiceTag : null;
}

function badgeField(t: Translate, tag: string | null): CommandField {
  const label = tag === null ? t('command.remote-start.badge') : t('command.remote-start.badge.free', tag);
  return { kind: 'text', name: 'idTag', label, required: tag === null, max: 20 };
}

/** The forms of the charger as a whole. `languages`: of the display of a kit. */
export function boxForms(
  t: Translate,
  view: ChargePointView,
  languages?: readonly string[],
): readonly CommandFormSpec[] {
  const common = { connectorId: null, warning: null, ...whileAbsent(view, 'order') };
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
    ({ kind: 'choice', name, label, options }) as const;
  const text = (name: string, label: string, required: boolean, max: number) =>
    ({ kind: 'text', name, label, required, max }) as const;
  const points = view.connectors.map(
    ({ connectorId }) => [String(connectorId), t('connector.number', connectorId)] as const,
  );
  return [
    {
      ...common,
      name: 'trigger-message',
      title: t('command.trigger-message'),
      icon: 'message-square',
      submit: t('command.send'),
      fields: [
        choice(
          'requestedMessage',
          t('command.trigger-message.what'),
          TRIGGERABLE.map((name) => [name, name]),
        ),
        choice('connectorId', t('command.trigger-message.where'), [
          ['', t('command.trigger-message.everywhere')],
          ...points,
        ]),
      ],
    },
    {
      ...common,
      name: 'get-configuration',
      title: t('command.get-configuration'),
      icon: 'settings-2',
      submit: t('command.get-configuration'),
      fields: [],
    },
    {
      ...common,
      name: 'change-configuration',
      title: t('command.change-configuration'),
      icon: 'key-round',
      submit: t('command.change-configuration.submit'),
      fields: [
        text('key', t('command.change-configuration.key'), true, 50),
        text('value', t('command.change-configuration.value'), false, 500),
      ],
    },
    {
      ...common,
      name: 'availability',
      title: t('command.availability'),
      icon: 'power',
      submit: t('command.send'),
      fields: [
        { kind: 'hidden', name: 'connectorId', value: '0' },
        choice(
          'type',
          t('command.availability.box'),
          (['Operative', 'Inoperative'] as const).map((type) => [type, t(`command.availability.${type}`)]),
        ),
      ],
    },
    {
      ...common,
      name: 'clear-cache',
      title: t('command.clear-cache'),
      icon: 'eraser',
      submit: t('command.clear-cache'),
      fields: [],
    },
    {
      ...common,
      name: 'data-transfer',
      title: t('command.data-transfer'),
      icon: 'send',
      submit: t('command.send'),
      fields: [
        text('vendorId', t('command.data-transfer.vendor'), true, 255),
        text('messageId', t('command.data-transfer.message'), false, 50),
        text('data', t('command.data-transfer.data'), false, 10_000),
      ],
    },
    {
      ...common,
      name: 'reset',
      title: t('command.reset'),
      icon: 'rotate-ccw',
      submit: t('command.reset'),
      warning: t('command.trained'),
      fields: [
        choice(
          'type',
          t('command.reset'),
          (['Soft', 'Hard'] as const).map((type) => [type, t(`command.reset.${type}`)]),
        ),
        { kind: 'check', name: 'confirm', label: t('command.confirm') },
      ],
    },
    ...(isKit(view) ? messageForms(t, { ...(languages && { languages }), ...whileAbsent(view, 'order') }) : []),
    ...profileForms(t, view),
  ];
}

/** One button that asks a charger which has told no status for all of them. */
export function askStatusForm(t: Translate): CommandFormSpec {
  return {
    name: 'trigger-message',
    connectorId: null,
    key: 'status',
    title: t('command.ask-status'),
    icon: 'message-square',
    submit: t('command.ask-status'),
    warning: null,
    fields: [
      { kind: 'hidden', name: 'requestedMessage', value: 'StatusNotification' },
      { kind: 'hidden', name: 'form', value: 'status' },
    ],
  };
}

/** « Récupération configuration » (OCP-18). */
export function configurationForm(t: Translate, view: ChargePointView): CommandFormSpec {
  return {
    name: 'get-configuration',
    connectorId: null,
    title: t('key.read'),
    icon: 'settings-2',
    submit: t('key.read'),
    warning: null,
    ...whileAbsent(view, 'order'),
    fields: [],
  };
}

/**
 * Why a session command no longer fits what runs on its connector: a page shows a session for some moments after its
 * end. Null when it fits, and for every other command.
 */
export function staleReason(
  t: Translate,
  view: ChargePointView,
  { name, connectorId, transactionId }: { name: CommandName; connectorId: number | null; transactionId: number },
): string | null {
  if (name !== 'remote-start' && name !== 'remote-stop') return null;
  const connector = view.connectors.find((one) => one.connectorId === connectorId);
  if (connector === undefined) return t('form.connector');
  const { session } = connector;
  if (name === 'remote-start') return session === null ? null : t('command.has-session');
  if (session === null) return t('command.no-session');
  return session.transactionId === transactionId ? null : t('command.other-session');
}

/** The form that a post came from, to be shown again with its errors. */
export function formNamed(
  t: Translate,
  view: ChargePointView,
  name: CommandName,
  of: { readonly connectorId: number | null; readonly key: string | undefined; readonly languages: readonly string[] },
): CommandFormSpec | null {
  const { connectorId, key, languages } = of;
  if (key === 'status' && name === 'trigger-message') return askStatusForm(t);
  const ofBox = boxForms(t, view, languages);
  if (name === 'show-message') return ofBox.find((form) => form.name === name && form.key === key) ?? null;
  const forms = connectorId === null || connectorId === 0 ? ofBox : connectorForms(t, view, connectorId);
  return forms.find((form) => form.name === name) ?? ofBox.find((form) => form.name === name) ?? null;
}

/** A button where nothing has to be filled in, else a fold with the fields, open when there is something to read. */
export function commandControl(
  t: Translate,
  chargePointId: string,
  form: FormSpec,
  state: FormState = UNTOUCHED,
): Html {
  if (form.waits === undefined && form.fields.every((field) => field.kind === 'hidden'))
    return commandForm(t, chargePointId, form, state);
  const isWrong = state.refusal !== null || Object.keys(state.errors).length > 0;
  return html`<details class="command" ${when(isWrong, 'open')}>
    <summary class="button">${icon(form.icon)}${form.title}</summary>
    ${commandForm(t, chargePointId, form, state)}
  </details>`;
}

/** The form of a command alone, as a page of its own or the inside of a fold; `state`: what was typed, and what came of it. */
export function commandForm(t: Translate, chargePointId: string, form: FormSpec, state: FormState): Html {
  const id = anchor('f', `${form.name}-${form.connectorId ?? form.key ?? 'box'}${form.again === true ? '-again' : ''}`);
  const url = form.action ?? `/fleet/${encodeURIComponent(chargePointId)}/commands/${form.name}`;
  const ofPage = form.action !== undefined;
  const wrong = Object.keys(state.errors).length;
  const fields: readonly CommandField[] =
    form.waits === undefined ? form.fields : [...form.fields, waitField(t, form.waits)];
  const filled = fields.filter((field) => field.kind !== 'hidden');
  // A form that shows errors is left alone by the live view until it is sent again.
  return html`<form
    id="${id}"
    class="command-form${form.name === 'reset' || form.name === 'firmware' ? ' grave' : ''}${filled.length === 0 ? ' bare' : ''}"
    method="post"
    action="${url}"
    ${!ofPage && html` hx-post="${url}" hx-target="this" hx-swap="outerHTML" hx-disable="find button"`}
    ${(wrong > 0 || state.refusal !== null) && html` hx-morph-skip="true"`}
    novalidate
  >
    ${
      wrong > 0 &&
      html`<div class="errors" role="alert" tabindex="-1" ${when(true, 'autofocus')}>
        <p>${t('form.errors', wrong)}</p>
        <ul>
          ${Object.entries(state.errors).map(([name, text]) => html`<li><a href="#${id}-${name}">${text}</a></li>`)}
        </ul>
      </div>`
    }
    ${
      state.refusal &&
      html`<p class="notice warn" role="alert" tabindex="-1" ${when(true, 'autofocus')}>
        ${icon('triangle-alert')}${state.refusal}
      </p>`
    }
    ${form.note !== undefined && html`<p class="hint">${form.note}</p>`}
    ${form.warning && html`<p class="warning">${icon('triangle-alert')}${form.warning}</p>`}
    ${fields.map((field) => fieldOf(id, field, state))} ${rareFields(id, form.rare, state)}
    <button class="button${filled.length > 0 ? ' primary' : ''}" ${when(state.sent, 'autofocus')}>
      ${filled.length === 0 && icon(form.icon)}${form.submit}
    </button>
  </form>`;
}

function rareFields(id: string, rare: FormSpec['rare'], state: FormState): Html | false {
  if (rare === undefined) return false;
  const isUsed = rare.fields.some(({ name }) => Boolean(state.input[name]) || state.errors[name] !== undefined);
  return html`<details class="rare" ${when(isUsed, 'open')}>
    <summary>${rare.title}</summary>
    <p class="hint">${rare.hint}</p>
    ${rare.fields.map((field) => fieldOf(id, field, state))}
  </details>`;
}
