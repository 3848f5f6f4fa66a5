import { html, raw } from 'hono/html';
import { seesEverything, watchesFleet } from '#src/domain/office/viewer.ts';
import { asset } from '#web/assets.ts';
import { LEGAL_PAGES } from '#web/i18n/legal-text.ts';
import { LANGUAGES, type Translate } from '#web/i18n/t.ts';
import type { Layout, SignedIn, Theme } from './env.ts';
import { whole } from './format.ts';
import { current, when, type Html } from './html.ts';
import { icon } from './icon.ts';
import { officeHome, officeNav } from './office-nav.ts';

export type Section =
  | 'office'
  | 'account'
  | 'access'
  | 'fleet'
  | 'alerts'
  | 'reviews'
  | 'events'
  | 'radar'
  | 'health'
  | 'login'
  | 'legal'
  | 'problem';

type Frame = {
  readonly t: Translate;
  readonly theme: Theme;
  readonly layout: Layout;
  readonly login: SignedIn | null;
  readonly nowMs: number;
  /** How many reviews wait; null when that is not known. */
  readonly waiting: number | null;
  /** Path and query of this page: where the language and theme buttons come back to. */
  readonly here: string;
  readonly title: string;
  readonly section: Section;
  readonly body: Html;
};

const HTMX = JSON.stringify({
  extensions: 'sse',
  includeIndicatorCSS: false,
  // `open`: a fold that the reader opened stays open while the live view redraws around it.
  morphIgnore: ['data-htmx-powered', 'open'],
  defaultTimeout: 15000,
});

/** The whole page around a body. `data-now` lets the script count ages on the server's clock. */
export function document(frame: Frame): Html {
  const { t, theme, layout, title, section, nowMs } = frame;
  const isPhoneOnDesk = layout.isForced && layout.shown === 'mobile';
  return html`${raw('<!DOCTYPE html>')}
    <html lang="${t.language}" data-theme="${theme}" data-now="${nowMs}" data-units="${t('units.short')}">
      <head>
        <meta charset="utf-8" />
        <title>${title} · Vigie</title>
        <meta name="viewport" content="${viewportOf(layout)}" />
        <meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}" />
        <meta name="htmx-config" content="${HTMX}" />
        <link rel="icon" href="${asset('favicon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${asset(isPhoneOnDesk ? 'styles-mobile.css' : 'styles.css')}" />
        <script src="${asset('app.js')}" defer></script>
        ${(section === 'office' || section === 'account' || section === 'fleet') && html`<script src="${asset('office.js')}" defer></script>`}
      </head>
      <body class="page-${section}">
        <a class="skip" href="#main">${t('app.skip')}</a>
        ${masthead(frame)} ${section === 'office' && frame.login && officeNav(t, frame.login, frame.here)}
        ${frame.login?.entered && enteredBanner(t, frame.login.entered.name)}
        <div
          id="banner"
          class="banner"
          role="status"
          hidden
          data-behind="${t('app.live.behind', '{}')}"
          data-stale="${t('app.live.stale')}"
        >
          <span></span> <a href="" class="button small">${t('app.reload')}</a>
        </div>
        <p id="alert" class="alert" role="alert" data-text="${t('app.failed')}" hidden></p>
        <p
          id="announcer"
          class="sr-only"
          role="status"
          data-fault="${t('fleet.announce.fault')}"
          data-copied="${t('app.copied')}"
        ></p>
        <main id="main" tabindex="-1">${frame.body}</main>
        ${footer(frame)} ${shortcuts(t)}
      </body>
    </html>`;
}

/** GEN-02: a telephone that shows the desktop version lays it out as wide as a desk would. */
function viewportOf({ shown, isForced }: Layout): string {
  return isForced && shown === 'desktop' ? 'width=1280' : 'width=device-width, initial-scale=1';
}

/** SUB-06 and GEN-02, below every page. */
function footer({ t, layout, here, section }: Frame): Html {
  const other = layout.shown === 'mobile' ? 'desktop' : 'mobile';
  return html`<footer class="site-footer">
    <nav aria-label="${t('footer.title')}">
      ${LEGAL_PAGES.map((page) => html`<a href="/${page}" ${current(section === 'legal' && here === `/${page}`, 'page')}>${t(`footer.${page}`)}</a>`)}
    </nav>
    <form method="post" action="/layout">
      <input type="hidden" name="next" value="${here}" />
      <button class="button quiet small" name="layout" value="${other}">${t(`footer.${other}`)}</button>
    </form>
  </footer>`;
}

function masthead({ t, theme, login, section, here, waiting }: Frame): Html {
  const link = (target: Section, href: string, icon_: string, text: string, count?: Html): Html =>
    html`<a href="${href}" title="${text}" ${current(section === target, 'page')}
      >${icon(icon_)}<span>${text}</span>${count}</a
    >`;
  return html`<header class="masthead">
    <a class="brand" href="/"
      ><img src="${asset('favicon.svg')}" alt="" width="26" height="26" /><strong>Vigie</strong></a
    >
    ${
      login &&
      html`<nav aria-label="${t('app.menu')}">
        ${watchesFleet(login) && link('fleet', '/fleet', 'radio', t('nav.fleet'))}
        ${watchesFleet(login) && link('alerts', '/alerts', 'bell', t('nav.alerts'))}
        ${watchesFleet(login) && link('reviews', '/reviews', 'inbox', t('nav.reviews'), waitingCount(t, waiting))}
        ${officeHome(login) !== null && link('office', officeHome(login) ?? '', 'settings-2', t('nav.office'))}
        ${watchesFleet(login) && link('radar', '/radar', 'radar', t('nav.radar'))}
        ${seesEverything(login) && link('events', '/events', 'activity', t('nav.events'))}
        ${seesEverything(login) && link('health', '/health', 'database', t('nav.health'))}
        ${(login.below.length > 0 || login.isCustomer) && link('access', '/access', 'link-2', t('access.title'))}
      </nav>`
    }
    <span id="pulse" class="pulse" hidden>${t('app.live')}</span>
    <div class="settings">
      ${choice(
        'theme',
        here,
        t('app.theme'),
        (['auto', 'light', 'dark'] as const).map((value) => ({
          value,
          on: value === theme,
          name: t(`theme.${value}`),
          face: icon(themeIcon[value]),
        })),
      )}
      ${languageMenu(t, here)}
      ${
        login &&
        html`<form method="post" action="/logout" class="who">
          <a href="/account" title="${login.name} – ${t('account.title')}" ${current(section === 'account', 'page')}
            >${icon('user')}<span>${login.displayName}</span></a
          ><button class="icon-button" title="${t('login.logout')}">
            ${icon('log-out')}<span class="sr-only">${t('login.logout')}</span>
          </button>
        </form>`
      }
    </div>
  </header>`;
}

/** ABO-02: whose account this is, on every page of it, and « Accueil », which leads back to one's own. */
function enteredBanner(t: Translate, name: string): Html {
  return html`<form method="post" action="/access/leave" class="entered" aria-label="${t('access.title')}">
    <span>${icon('key-round')}${t('access.inside', name)}</span>
    <button class="button small">${icon('arrow-left')}${t('access.home')}</button>
  </form>`;
}

/** The number beside « À vérifier »; nothing is shown when nothing waits. */
export function waitingCount(t: Translate, waiting: number | null): Html {
  return html`<b id="waiting" class="count" ${when(waiting === null || waiting === 0, 'hidden')}
    >${whole(t, waiting ?? 0)}</b
  >`;
}

const themeIcon = { auto: 'monitor', light: 'sun', dark: 'moon' } as const;

const LANGUAGE_NAMES = { fr: 'Français', en: 'English' } as const;

/** GEN-05: the current language; the list of all unfolds from it, and folds at a second click, without script too. */
function languageMenu(t: Translate, here: string): Html {
  return html`<details class="unfolds language">
    <summary title="${t('app.language')} : ${LANGUAGE_NAMES[t.language]}">
      ${icon('globe')}<span aria-hidden="true">${t.language.toUpperCase()}</span
      ><span class="sr-only">${t('app.language')} : ${LANGUAGE_NAMES[t.language]}</span>${icon('chevron-down')}
    </summary>
    <form method="post" action="/language" aria-label="${t('app.language')}">
      <input type="hidden" name="next" value="${here}" />${LANGUAGES.map(
        (value) =>
          html`<button name="language" value="${value}" lang="${value}" aria-pressed="${String(value === t.language)}">
            ${LANGUAGE_NAMES[value]}${value === t.language && icon('check')}
          </button>`,
      )}
    </form>
  </details>`;
}

type Choice = { readonly value: string; readonly on: boolean; readonly name: string; readonly face: Html };

/** Buttons of which one is pressed; each posts its value, so that they work without script. */
function choice(name: 'theme', here: string, label: string, choices: readonly Choice[]): Html {
  return html`<form method="post" action="/${name}" class="segments" aria-label="${label}">
    <input type="hidden" name="next" value="${here}" />${choices.map(
      ({ value, on, name: title, face }) =>
        html`<button name="${name}" value="${value}" aria-pressed="${String(on)}" title="${title}">
          ${face}<span class="sr-only">${title}</span>
        </button>`,
    )}
  </form>`;
}

function shortcuts(t: Translate): Html {
  const keys: readonly (readonly [string, string])[] = [
    ['/', t('keys.search')],
    ['j  k', t('keys.move')],
    ['Enter', t('keys.open')],
    ['Esc', t('keys.close')],
    ['?', t('keys.help')],
  ];
  return html`<dialog id="shortcuts" aria-labelledby="shortcuts-title">
    <h2 id="shortcuts-title">${t('keys.title')}</h2>
    <dl>
      ${keys.map(
        ([key, text]) =>
          html`<div>
            <dt><kbd>${key}</kbd></dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
    <form method="dialog"><button class="button">${t('app.close')}</button></form>
  </dialog>`;
}
