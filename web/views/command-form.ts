import { html } from 'hono/html';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { anchor, when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** The commands by the last part of their address. */
export const COMMAND_NAMES = [
  'remote-start',
  'remote-stop',
  'unlock',
  'availability',
  'reset',
  'trigger-message',
  'get-configuration',
  'change-configuration',
  'clear-cache',
  'data-transfer',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** What was typed, and what is wrong with it, by field. */
export type FormState = {
  readonly input: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, string>>;
};
export const UNTOUCHED: FormState = { input: {}, errors: {} };

type Field =
  | { readonly kind: 'hidden'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly required: boolean;
      readonly max: number;
    }
  | { readonly kind: 'check'; readonly name: string; readonly label: string }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly options: readonly (readonly [value: string, text: string])[];
    };

export type CommandFormSpec = {
  readonly name: CommandName;
  /** Null: the charger itself. */
  readonly connectorId: number | null;
  readonly title: string;
  readonly icon: string;
  readonly submit: string;
  readonly fields: readonly Field[];
  readonly warning: string | null;
  /** Why it cannot work now, in words: the form is then disabled. */
  readonly why: string | null;
};

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
  const common = { connectorId, warning: null, why: linkReason(t, view) };
  const sessionForm: CommandFormSpec =
    session === null
      ? {
          ...common,
          name: 'remote-start',
          title: t('command.remote-start'),
          icon: 'play',
          submit: t('command.remote-start.submit'),
          fields: [
            here,
            { kind: 'text', name: 'idTag', label: t('command.remote-start.badge'), required: true, max: 20 },
          ],
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
      ...common,
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

/** The forms of the charger as a whole. */
export function boxForms(t: Translate, view: ChargePointView): readonly CommandFormSpec[] {
  const common = { connectorId: null, warning: null, why: linkReason(t, view) };
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
  ];
}

function linkReason(t: Translate, view: ChargePointView): string | null {
  return view.linked ? null : t('command.no-link');
}

/** The form that a post came from, to be shown again with its errors. */
export function formNamed(
  t: Translate,
  view: ChargePointView,
  name: CommandName,
  connectorId: number | null,
): CommandFormSpec | null {
  const forms = connectorId === null || connectorId === 0 ? boxForms(t, view) : connectorForms(t, view, connectorId);
  return forms.find((form) => form.name === name) ?? boxForms(t, view).find((form) => form.name === name) ?? null;
}

/** A button where nothing has to be filled in, else a fold with the fields. */
export function commandControl(t: Translate, chargePointId: string, form: CommandFormSpec): Html {
  if (form.fields.every((field) => field.kind === 'hidden')) return commandForm(t, chargePointId, form, UNTOUCHED);
  return html`<details class="command">
    <summary class="button">${icon(form.icon)}${form.title}</summary>
    ${commandForm(t, chargePointId, form, UNTOUCHED)}
  </details>`;
}

export function commandForm(t: Translate, chargePointId: string, form: CommandFormSpec, state: FormState): Html {
  const id = anchor('f', `${form.name}-${form.connectorId ?? 'box'}`);
  const url = `/fleet/${encodeURIComponent(chargePointId)}/commands/${form.name}`;
  const wrong = Object.keys(state.errors).length;
  const filled = form.fields.filter((field) => field.kind !== 'hidden');
  // A form that shows errors is left alone by the live view until it is sent again.
  return html`<form
    id="${id}"
    class="command-form${form.name === 'reset' ? ' grave' : ''}${filled.length === 0 ? ' bare' : ''}"
    method="post"
    action="${url}"
    hx-post="${url}"
    hx-target="this"
    hx-swap="outerHTML"
    hx-disable="find button"
    ${wrong > 0 && html` hx-morph-skip="true"`}
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
    ${form.warning && html`<p class="warning">${icon('triangle-alert')}${form.warning}</p>`}
    ${form.fields.map((field) => fieldOf(id, field, state))}
    <button
      class="button${filled.length > 0 ? ' primary' : ''}"
      ${when(form.why !== null, 'disabled')}${form.why !== null && html` title="${form.why}"`}
    >
      ${filled.length === 0 && icon(form.icon)}${form.submit}
    </button>
  </form>`;
}

function fieldOf(formId: string, field: Field, { input, errors }: FormState): Html {
  const id = `${formId}-${field.name}`;
  const error = errors[field.name];
  const trouble =
    error !== undefined && html`<span id="${id}-error" class="field-error">${icon('octagon-alert')}${error}</span>`;
  const described = error !== undefined && html` aria-invalid="true" aria-describedby="${id}-error"`;
  const typed = input[field.name];
  switch (field.kind) {
    case 'hidden':
      return html`<input type="hidden" name="${field.name}" value="${field.value}" />`;
    case 'text':
      return html`<div class="field">
        <label for="${id}">${field.label}${field.required && ' *'}</label>${trouble}<input
          id="${id}"
          type="text"
          name="${field.name}"
          ${typed !== undefined && html` value="${typed}"`}
          maxlength="${field.max}"
          autocomplete="off"
          spellcheck="false"
          ${described}
        />
      </div>`;
    case 'check':
      return html`<div class="field check">
        ${trouble}<label
          ><input
            id="${id}"
            type="checkbox"
            name="${field.name}"
            value="on"
            ${when(typed === 'on', 'checked')}${described}
          />
          ${field.label}</label
        >
      </div>`;
    case 'choice':
      return html`<div class="field">
        <label for="${id}">${field.label}</label>${trouble}<select id="${id}" name="${field.name}" ${described}>
          ${field.options.map(([value, text]) => html`<option value="${value}" ${when(typed === value, 'selected')}>${text}</option>`)}
        </select>
      </div>`;
  }
}
