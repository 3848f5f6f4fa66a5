import { html } from 'hono/html';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { configurationKeys } from '#web/views/configuration-keys.ts';
import type { PageContext } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';

/**
 * The tab « Clé de configuration » of a station (STA-06): what its charger is told at each boot, and what it told. It is
 * read and changed on the page of the charger, which moves while the charger answers. Null without a charger in sight.
 */
export function stationKeysPanel(c: PageContext, facts: ChargePointFacts | null): Html | null {
  if (facts === null) return null;
  const { t } = c.var;
  const page = `/fleet/${encodeURIComponent(facts.view.chargePointId)}#configuration`;
  return html`<details class="panel fold" id="keys">
    <summary><h2>${t('key.title')}</h2></summary>
    <p class="link-line">
      <a class="button" href="${page}"
        >${icon('key-round')}${t(facts.mayCommand ? 'station.keys' : 'station.keys.see')}</a
      >
    </p>
    ${configurationKeys(t, { ...facts, mayCommand: false })}
  </details>`;
}
