import { html } from 'hono/html';
import type { ChargePointDetail, ForcedKeyView, KnownKey } from '#actors/charge-point/messages.ts';
import { foldedKey } from '#src/domain/forced-keys.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { ChargePointFacts } from './charge-point-facts.ts';
import { commandControl, configurationForm } from './command-form.ts';
import { dateTime } from './format.ts';
import { when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** What was typed into the form of a key, and what is wrong with it. */
export type KeyFormState = {
  readonly key: string;
  readonly value: string;
  readonly force: boolean;
  /** One sentence for each field. */
  readonly errors: Readonly<Partial<Record<'key' | 'value' | 'force', string>>>;
};

const KEY_MAX = 50;
const VALUE_MAX = 500;

/** « Clé de configuration »: what the charger said of its keys, and what its station forces (OCP-16..20). */
export function configurationKeys(t: Translate, { view, detail, mayCommand }: ChargePointFacts): Html {
  const { chargePointId } = view;
  const name = (key: string): Html => (mayCommand ? keyLink(chargePointId, key, key) : html`<code>${key}</code>`);
  return html`<div id="cp-configuration">
    ${
      mayCommand &&
      html`<div class="key-actions">
        ${commandControl(t, chargePointId, configurationForm(t, view))}
        ${keyLink(chargePointId, '', t('key.other'), 'button quiet')}
      </div>`
    }
    <h3>${t('key.forced')}</h3>
    <p class="muted">${t('key.forced.hint')}</p>
    <dl class="keys">${detail.forced.map((one) => forcedKey(t, one, name))}</dl>
    <h3>${t('key.told')}</h3>
    ${
      detail.configuration.length === 0
        ? html`<p class="muted">${t('key.empty')}</p>`
        : html`${mayCommand && html`<p class="muted">${t('key.hint')}</p>`}
            <dl class="keys">${detail.configuration.map((one) => knownKey(t, one, name))}</dl>`
    }
  </div>`;
}

function forcedKey(t: Translate, one: ForcedKeyView, name: (key: string) => Html): Html {
  const { key, value, phase, detail, atMs } = one;
  const from = one.origin === 'person' ? t('key.origin.person', one.by ?? '') : t(`key.origin.${one.origin}`);
  const said = phase === 'refused' && detail !== null && detail !== 'Rejected' ? ` (${detail})` : '';
  return html`<div>
    <dt>${name(key)} <span class="sub">${from}</span></dt>
    <dd>
      ${value}
      <span class="key-phase p-${phase}" ${atMs !== null && html` title="${dateTime(t, atMs)}"`}
        >${t(`key.phase.${phase}`)}${said}</span
      >
    </dd>
  </div>`;
}

function knownKey(t: Translate, one: KnownKey, name: (key: string) => Html): Html {
  return html`<div>
    <dt>${name(one.key)}${one.readonly && html` <span class="sub">${t('box.configuration.read-only')}</span>`}</dt>
    <dd>
      ${one.value ?? t('app.none')}${one.afterReboot && html` <span class="after-reboot">${t('box.configuration.after-reboot')}</span>`}
    </dd>
  </div>`;
}

function keyLink(chargePointId: string, key: string, text: string, look = 'key-link'): Html {
  const url = `/fleet/${encodeURIComponent(chargePointId)}/keys${key === '' ? '' : `?key=${encodeURIComponent(key)}`}`;
  return html`<a class="${look}" href="${url}" hx-get="${url}" hx-target="#key-form" hx-swap="innerHTML">${text}</a>`;
}

/** The form of one key as it stands: with the value that is forced, else the one that the charger told. */
export function keyFormOf({ configuration, forced }: ChargePointDetail, key: string): KeyFormState {
  const folded = foldedKey(key);
  const wanted = forced.find((one) => foldedKey(one.key) === folded);
  const known = configuration.find((one) => foldedKey(one.key) === folded);
  return {
    key: wanted?.key ?? known?.key ?? key,
    value: wanted?.value ?? known?.value ?? '',
    force: wanted?.origin === 'person',
    errors: {},
  };
}

/** OCP-19, OCP-20: a new value, and whether it is to be sent at every boot. */
export function keyForm(t: Translate, { view, detail }: ChargePointFacts, state: KeyFormState): Html {
  const url = `/fleet/${encodeURIComponent(view.chargePointId)}/keys`;
  const { key, value, force, errors } = state;
  const isNamed = key !== '' && errors.key === undefined;
  const known = detail.configuration.find((one) => foldedKey(one.key) === foldedKey(key));
  const wrong = Object.values(errors).length > 0;
  const error = (name: keyof typeof errors): Html | false =>
    errors[name] !== undefined &&
    html`<span id="key-${name}-error" class="field-error">${icon('octagon-alert')}${errors[name]}</span>`;
  const described = (name: keyof typeof errors, hint = ''): Html =>
    errors[name] === undefined
      ? html`${hint !== '' && html` aria-describedby="${hint}"`}`
      : html` aria-invalid="true" aria-describedby="key-${name}-error${hint && ` ${hint}`}"`;
  return html`<form
    class="command-form key-form"
    method="post"
    action="${url}"
    hx-post="${url}"
    hx-target="#key-form"
    hx-swap="innerHTML"
    hx-disable="find button"
    aria-label="${isNamed ? t('key.change', key) : t('key.other')}"
    novalidate
  >
    ${
      isNamed
        ? html`<h3>${t('key.change', key)}</h3>
            <input type="hidden" name="key" value="${key}" />`
        : html`<div class="field">
            <label for="key-key">${t('key.key')} *</label>${error('key')}<input
              id="key-key"
              type="text"
              name="key"
              value="${key}"
              maxlength="${KEY_MAX}"
              autocomplete="off"
              spellcheck="false"
              ${described('key')}${when(true, 'autofocus')}
            />
          </div>`
    }
    ${known?.readonly === true && html`<p class="warning">${icon('triangle-alert')}${t('key.read-only')}</p>`}
    <div class="field">
      <label for="key-value">${t('key.value')}</label>${error('value')}<input
        id="key-value"
        type="text"
        name="value"
        value="${value}"
        maxlength="${VALUE_MAX}"
        autocomplete="off"
        spellcheck="false"
        ${described('value')}${when(isNamed && !wrong, 'autofocus')}
      />
    </div>
    <div class="field check">
      ${error('force')}<label
        ><input
          id="key-force"
          type="checkbox"
          name="force"
          value="on"
          ${when(force, 'checked')}${described('force', 'key-force-hint')}
        />
        ${t('key.force')}</label
      >
      <p id="key-force-hint" class="hint">${t('key.force.hint')}</p>
    </div>
    <button class="button primary">${t('key.send')}</button>
  </form>`;
}
