import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Commune } from '#src/domain/places.ts';
import type { WebDeps } from '#web/deps.ts';
import { zoneRemark } from '#web/screens/time-zones.ts';
import type { WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';

const SUGGESTED_MAX = 12;
const TYPED_CHARACTERS_MAX = 60;
const ZONE_CHARACTERS_MAX = 50;

/** What forms ask for while somebody fills them in. Communes and clocks are nobody's secret: any login may ask. */
export function placePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/places/communes', async (c) => {
      const { city, postcode = '' } = c.req.query();
      const typed = (city ?? postcode).trim().slice(0, TYPED_CHARACTERS_MAX);
      const communes = await deps.places.suggest(typed, SUGGESTED_MAX);
      c.header('Cache-Control', 'private, max-age=3600');
      return c.html(options({ typed, id: city === undefined ? 'o-postcode' : 'o-city', communes }));
    })
    .get('/places/time-zone', (c) => {
      const zone = (c.req.query('timeZone') ?? '').slice(0, ZONE_CHARACTERS_MAX);
      c.header('Cache-Control', 'no-store');
      return c.html(html`${zoneRemark(c.var.t, zone, c.var.nowMs)}`);
    });
}

/** The script writes town and postcode of the one that is taken; a postcode of that town that was typed stays. */
function options(of: { readonly typed: string; readonly id: string; readonly communes: readonly Commune[] }): Html {
  return html`${of.communes.map(({ name, postcodes, department }, index) => {
    const postcode = postcodes.find((one) => one.startsWith(of.typed)) ?? postcodes[0] ?? '';
    return html`<li
      role="option"
      id="${of.id}-${index}"
      aria-selected="false"
      data-city="${name}"
      data-postcode="${postcode}"
      data-postcodes="${postcodes.join(' ')}"
    >
      ${postcode}${postcodes.length > 1 && '…'} ${name} <span class="muted">${department.name}</span>
    </li>`;
  })}`;
}
