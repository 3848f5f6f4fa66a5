import { html } from 'hono/html';
import {
  administers,
  may,
  type AccountKind,
  type Option,
  type Section,
  type Viewer,
} from '#src/domain/office/viewer.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { current, type Html } from './html.ts';

type Entry = {
  readonly href: string;
  readonly text: MessageKey;
  readonly sections: readonly Section[];
  /** The one kind of account that has it; every kind without. */
  readonly kind?: AccountKind;
  /** For merchants, with this option alone. */
  readonly option?: Option;
};

/** The back office, left to right; an entry without its right is left out, and its address answers 404. */
const ENTRIES: readonly Entry[] = [
  { href: '/admin/subscribers', text: 'nav.subscribers', sections: ['subscribers'] },
  { href: '/merchants', text: 'nav.merchants', sections: ['merchants'] },
  { href: '/companies', text: 'nav.companies', sections: ['companies'] },
  { href: '/stations', text: 'nav.stations', sections: ['station-management', 'station-maintenance'] },
  { href: '/grappes', text: 'nav.grappes', sections: ['station-maintenance'], option: 'grappe' },
  { href: '/custom-fields', text: 'nav.custom-fields', sections: ['custom-fields'] },
  { href: '/models', text: 'nav.models', sections: ['models'] },
  { href: '/kits', text: 'nav.kits', sections: ['kits'], kind: 'integrator' },
  { href: '/kits/assign', text: 'nav.kits.assign', sections: ['kits'], kind: 'integrator' },
  { href: '/admin/kits', text: 'nav.kits', sections: ['kits'], kind: 'platform' },
  { href: '/admin/sims', text: 'nav.sims', sections: ['kits'], kind: 'platform' },
  { href: '/admin/firmwares', text: 'nav.firmwares', sections: ['kits'], kind: 'platform' },
  { href: '/admin/servers', text: 'nav.servers', sections: ['kits'], kind: 'platform' },
  { href: '/quirks', text: 'nav.quirks', sections: ['station-maintenance'] },
  { href: '/users', text: 'nav.users', sections: ['users'] },
  { href: '/roles', text: 'nav.roles', sections: ['users'] },
];

function entriesFor(viewer: Viewer): readonly Entry[] {
  return ENTRIES.filter(
    ({ sections, kind, option }) =>
      (kind ?? viewer.kind) === viewer.kind &&
      (option === undefined || viewer.kind !== 'merchant' || viewer.options.has(option)) &&
      sections.some((section) => may(viewer, section, 'view')),
  );
}

/** Where « Gestion » leads; null for whoever has nothing there. */
export function officeHome(viewer: Viewer): string | null {
  return entriesFor(viewer)[0]?.href ?? null;
}

/** The second row of the menu, on every page of the back office. */
export function officeNav(t: Translate, viewer: Viewer, here: string): Html {
  const path = here.split('?')[0] ?? here;
  const entries = entriesFor(viewer);
  // The longest that fits: « Affectation » is below the kits, and an entry of its own.
  const fits = (href: string): boolean => path === href || path.startsWith(`${href}/`);
  const isHere = (href: string): boolean =>
    fits(href) && !entries.some((other) => other.href.length > href.length && fits(other.href));
  const administration: readonly { readonly href: string; readonly text: MessageKey }[] = administers(viewer)
    ? [
        { href: '/bin', text: 'nav.bin' },
        { href: '/audit', text: 'nav.audit' },
        { href: '/outbox', text: 'nav.outbox' },
      ]
    : [];
  return html`<nav class="office-nav" aria-label="${t('nav.office')}">
    ${[...entries, ...administration].map(
      ({ href, text }) =>
        html`<a href="${href}" ${current(isHere(href), 'page')}>${(t as (key: MessageKey) => string)(text)}</a>`,
    )}
  </nav>`;
}
