import { html } from 'hono/html';
import {
  administers,
  may,
  readsRecharges,
  type AccountKind,
  type Option,
  type Section,
  type Viewer,
} from '#src/domain/office/viewer.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { current, type Html } from './html.ts';

/** ABO-03: the menu of a merchant, from left to right; an entry of it has pages below it, or is one. */
const MERCHANT_MENU = ['own', 'stations', 'customers', 'recharges', 'users'] as const;

type Link = {
  readonly href: string;
  readonly text: MessageKey;
  /** Below which entry of a merchant’s menu it is; « Mon espace » without. */
  readonly menu?: (typeof MERCHANT_MENU)[number];
};
type Entry = Link & {
  readonly sections: readonly Section[];
  /** The one kind of account that has it; every kind without. */
  readonly kind?: AccountKind;
  /** For merchants, with this option alone. */
  readonly option?: Option;
  /** Not by a right alone. */
  readonly shows?: (viewer: Viewer) => boolean;
};

/** The back office, left to right; an entry without its right is left out, and its address answers 404. */
const ENTRIES: readonly Entry[] = [
  { href: '/admin/subscribers', text: 'nav.subscribers', sections: ['subscribers'] },
  { href: '/merchants', text: 'nav.merchants', sections: ['merchants'] },
  { href: '/companies', text: 'nav.companies', sections: ['companies'] },
  {
    href: '/stations',
    text: 'nav.stations',
    sections: ['station-management', 'station-maintenance'],
    menu: 'stations',
  },
  { href: '/grappes', text: 'nav.grappes', sections: ['station-maintenance'], option: 'grappe', menu: 'stations' },
  { href: '/customers', text: 'nav.customers', sections: ['customers'], menu: 'customers' },
  { href: '/admin/customers', text: 'nav.public-customers', sections: ['customers'], kind: 'platform' },
  { href: '/custom-fields', text: 'nav.custom-fields', sections: ['custom-fields'] },
  { href: '/models', text: 'nav.models', sections: ['models'] },
  { href: '/kits', text: 'nav.kits', sections: ['kits'], kind: 'integrator' },
  { href: '/kits/assign', text: 'nav.kits.assign', sections: ['kits'], kind: 'integrator' },
  { href: '/admin/kits', text: 'nav.kits', sections: ['kits'], kind: 'platform' },
  { href: '/admin/sims', text: 'nav.sims', sections: ['kits'], kind: 'platform' },
  { href: '/admin/firmwares', text: 'nav.firmwares', sections: ['kits'], kind: 'platform' },
  { href: '/admin/servers', text: 'nav.servers', sections: ['kits'], kind: 'platform' },
  { href: '/quirks', text: 'nav.quirks', sections: ['station-maintenance'], menu: 'stations' },
  { href: '/recharges', text: 'nav.recharges', sections: [], shows: readsRecharges, menu: 'recharges' },
  { href: '/users', text: 'nav.users', sections: ['users'], menu: 'users' },
  { href: '/roles', text: 'nav.roles', sections: ['users'], menu: 'users' },
];

const ADMINISTRATION: readonly Link[] = [
  { href: '/bin', text: 'nav.bin' },
  { href: '/audit', text: 'nav.audit' },
  { href: '/outbox', text: 'nav.outbox' },
];

function entriesFor(viewer: Viewer): readonly Entry[] {
  return ENTRIES.filter(
    ({ sections, kind, option, shows }) =>
      (kind ?? viewer.kind) === viewer.kind &&
      (option === undefined || viewer.kind !== 'merchant' || viewer.options.has(option)) &&
      (shows?.(viewer) ?? sections.some((section) => may(viewer, section, 'view'))),
  );
}

/** Where « Gestion » leads; null for whoever has nothing there. */
export function officeHome(viewer: Viewer): string | null {
  return entriesFor(viewer)[0]?.href ?? null;
}

/** The second row of the menu, on every page of the back office; for a merchant a third one, of the entry he is in. */
export function officeNav(t: Translate, viewer: Viewer, here: string): Html {
  const links: readonly Link[] = [...entriesFor(viewer), ...(administers(viewer) ? ADMINISTRATION : [])];
  const isHere = hereAmong(links, here);
  if (viewer.kind !== 'merchant')
    return row(
      t('nav.office'),
      links.map((link) => ({ ...link, name: textOf(t, link), mark: current(isHere(link), 'page') })),
    );
  const within = links.find(isHere);
  const menus = MERCHANT_MENU.flatMap((menu) => {
    const first = links.find((link) => menuOf(link) === menu);
    const isWithin = within !== undefined && menuOf(within) === menu;
    return first === undefined ? [] : [{ href: first.href, name: t(`menu.${menu}`), mark: current(isWithin) }];
  });
  const below = within === undefined ? [] : links.filter((link) => menuOf(link) === menuOf(within));
  return html`${row(t('nav.office'), menus)}
  ${
    below.length > 1 &&
    within !== undefined &&
    row(
      t(`menu.${menuOf(within)}`),
      below.map((link) => ({ ...link, name: textOf(t, link), mark: current(isHere(link), 'page') })),
    )
  }`;
}

/** The longest that fits is where one is: « Affectation » is below the kits, and an entry of its own. */
function hereAmong(links: readonly Link[], here: string): (link: Link) => boolean {
  const path = here.split('?')[0] ?? here;
  const fitting = links.filter(({ href }) => path === href || path.startsWith(`${href}/`));
  const [nearest] = fitting.toSorted((a, b) => b.href.length - a.href.length);
  return ({ href }) => href === nearest?.href;
}

function row(
  label: string,
  links: readonly { readonly href: string; readonly name: string; readonly mark: ReturnType<typeof current> }[],
): Html {
  return html`<nav class="office-nav" aria-label="${label}">
    ${links.map(({ href, name, mark }) => html`<a href="${href}" ${mark}>${name}</a>`)}
  </nav>`;
}

function menuOf({ menu = 'own' }: Link): (typeof MERCHANT_MENU)[number] {
  return menu;
}

function textOf(t: Translate, { text }: Link): string {
  return (t as (key: MessageKey) => string)(text);
}
