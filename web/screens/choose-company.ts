import { html } from 'hono/html';
import type { Choice } from '#actors/office/messages.ts';
import { listTitle, type Screen } from './screen.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';

/** SOC-12: what a new record begins with is its company's, so that is chosen first where there are several. */
export function chooseCompany(t: Translate, screen: Screen, companies: readonly Choice[]): Html {
  return html`<div class="form-page">
    <a class="back" href="${screen.path}">${icon('arrow-left')}${listTitle(t, screen)}</a>
    <h1>${t('company.choose')}</h1>
    <p class="hint">${t('company.choose.hint')}</p>
    <ul class="panel choose">
      ${companies.map(
        ({ id, name }) =>
          html`<li><a class="button wide" href="${screen.path}/new?company=${encodeURIComponent(id)}">${name}</a></li>`,
      )}
    </ul>
  </div>`;
}
