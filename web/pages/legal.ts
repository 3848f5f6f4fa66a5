import { Hono } from 'hono';
import { html } from 'hono/html';
import type { WebDeps } from '#web/deps.ts';
import { whoIs } from '#web/door/login.ts';
import { LEGAL_PAGES, type LegalSection } from '#web/i18n/legal-text.ts';
import { legalText } from '#web/i18n/legal.ts';
import { translator } from '#web/i18n/t.ts';
import type { WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { show } from '#web/views/page.ts';

/** `/terms`, `/legal` and `/privacy` (SUB-06): for everybody, with his menu for whoever is signed in. */
export function legalPages(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  for (const page of LEGAL_PAGES)
    app.get(`/${page}`, async (c) => {
      const login = await whoIs(c, deps);
      if (login !== null) c.set('login', login);
      if (login !== null && login.language !== null) c.set('t', translator(login.language, deps.timeZone));
      const { title, sections } = legalText(c.var.t.language, page, deps.site);
      const body = html`<article class="legal">
        <h1>${title}</h1>
        ${sections.map(sectionView)}
      </article>`;
      return show(c, { title, section: 'legal', body });
    });
  return app;
}

function sectionView({ title, paragraphs }: LegalSection): Html {
  return html`<section>
    <h2>${title}</h2>
    ${paragraphs.map((one) =>
      typeof one === 'string'
        ? html`<p>${one}</p>`
        : html`<ul>
            ${one.map((line) => html`<li>${line}</li>`)}
          </ul>`,
    )}
  </section>`;
}
