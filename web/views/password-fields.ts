import { html } from 'hono/html';
import type { Translate } from '#web/i18n/t.ts';
import { when, type Html } from './html.ts';

/** One password field; never filled in, whatever was typed before (ABO-05). */
export function passwordField(
  t: Translate,
  name: 'old' | 'password' | 'again',
  options: { readonly required: boolean; readonly hint?: string; readonly error?: string | null },
): Html {
  const { required, hint, error = null } = options;
  const described = [error !== null && `e-${name}`, hint !== undefined && `h-${name}`].filter(Boolean).join(' ');
  const autocomplete = name === 'old' ? 'current-password' : 'new-password';
  return html`<div class="field" id="field-${name}">
    <label for="f-${name}"
      >${t(`password.${name === 'password' ? 'new' : name}`)}${required && html`<span class="star" aria-hidden="true"> *</span>`}</label
    >
    ${error !== null && html`<p class="field-error" id="e-${name}">${error}</p>`}
    <input
      id="f-${name}"
      name="${name}"
      type="password"
      autocomplete="${autocomplete}"
      aria-invalid="${error === null ? 'false' : 'true'}"
      aria-describedby="${described}"
      ${when(required, 'required')}
    />
    ${hint !== undefined && html`<p class="hint" id="h-${name}">${hint}</p>`}
  </div>`;
}
