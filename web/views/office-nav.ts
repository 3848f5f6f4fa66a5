import { html } from 'hono/html';
import { administers, may, type Section, type Viewer } from '#src/domain/office/viewer.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { current, type Html } from './html.ts';

type Entry = { readonly href: string; readonly text: MessageKey; readonly sections: readonly Section[] };

/** The back office, left to right; an entry without its right is left out, and its address answers 404. */
const ENTRIES = [
  { href: '/admin/subscribers', text: 'nav.subscribers', sections: ['subscribers'] },
  { href: '/merchants', text: 'nav.merchants', sections: ['merchants'] },
  { href: '/companies', text: 'nav.companies', sections: ['companies'] },
  { href: '/stations', text: 'nav.stations', sections: ['station-management', 'station-maintenance'] },
  { href: '/custom-fields', text: 'nav.custom-fields', sections: ['custom-fields'] },
  { href: '/models', text: 'nav.models', sections: ['models'] },
  { href: '/users', text: 'nav.users', sections: ['users'] },
  { href: '/roles', text: 'nav.roles', sections: ['users'] },
] as const satisfies readonly Entry[];

function entriesFor(viewer: Viewer): readonly Entry[] {
  return ENTRIES.filter(({ sections }) => sections.some((section) => may(viewer, section, 'view')));
}

/** Where « Gestion » leads; null for whoever has nothing there. */
export function officeHome(viewer: Viewer): string | null {
  return entriesFor(viewer)[0]?.href ?? null;
}

/** The second row of the menu, on every page of the back office. */
export function officeNav(t: Translate, viewer: Viewer, here: string): Html {
  const path = here.split('?')[0] ?? here;
  const isHere = (href: string): boolean => path === href || path.startsWith(`${href}/`);
  const administration: readonly { readonly href: string; readonly text: MessageKey }[] = administers(viewer)
    ? [
        { href: '/bin', text: 'nav.bin' },
        { href: '/audit', text: 'nav.audit' },
        { href: '/outbox', text: 'nav.outbox' },
      ]
    : [];
  return html`<nav class="office-nav" aria-label="${t('nav.office')}">
    ${[...entriesFor(viewer), ...administration].map(
      ({ href, text }) =>
        html`<a href="${href}" ${current(isHere(href), 'page')}>${(t as (key: MessageKey) => string)(text)}</a>`,
    )}
  </nav>`;
}
