import { Hono } from 'hono';
import { html } from 'hono/html';
import { mayCommand } from '#src/domain/office/viewer.ts';
import { CALM, WEATHER_LIMITS, WEATHER_NAMES, weatherFrom, type Weather } from '#src/domain/weather.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** What one move of a slider changes, in its own unit. */
const STEPS: Readonly<Record<keyof Weather, number>> = {
  lossPercent: 1,
  delayMs: 100,
  skewSeconds: 30,
  duplicatesPercent: 1,
  reorderPercent: 1,
};

/** The weather of the demonstration's chargers; a server without a demonstration has no such page. */
export function simulatorPages({ demo }: WebDeps): Hono<WebEnv> {
  const simulator = (c: PageContext) => (mayCommand(c.var.login) ? (demo?.simulator ?? null) : null);
  return new Hono<WebEnv>()
    .get('/demo/simulator', (c) => {
      const running = simulator(c);
      if (running === null) return problem(c, 'not-found', 404);
      return page(c, running.weather(), c.req.query('applied') === undefined ? null : 'applied');
    })
    .post('/demo/simulator', async (c) => {
      const running = simulator(c);
      if (running === null) return problem(c, 'not-found', 404);
      const { calm, ...typed } = await formFields(c.req.raw);
      const weather = calm === undefined ? weatherFrom(typed) : CALM;
      if (weather === null) return page(c, running.weather(), 'wrong');
      running.change(weather);
      return c.redirect('/demo/simulator?applied', 303);
    });
}

function page(c: PageContext, weather: Weather, outcome: 'applied' | 'wrong' | null): Promise<Response> {
  const { t } = c.var;
  const body = html`<div class="form-page" id="weather">
    <h1>${t('weather.title')}</h1>
    <p class="muted">${t('weather.intro')}</p>
    ${outcome === 'applied' && html`<p class="notice good" role="status">${icon('circle-check')}${t('weather.applied')}</p>`}
    ${outcome === 'wrong' && html`<p class="notice bad" role="alert">${icon('octagon-alert')}${t('weather.wrong')}</p>`}
    <form
      method="post"
      action="/demo/simulator"
      class="panel weather"
      hx-post="/demo/simulator"
      hx-target="#weather"
      hx-select="#weather"
      hx-swap="outerMorph"
      hx-trigger="change, submit"
    >
      ${WEATHER_NAMES.map((name) => slider(t, name, weather[name]))}
      <p class="form-actions">
        <button class="button primary">${t('weather.apply')}</button>
        <button class="button" name="calm" value="1">${t('weather.calm')}</button>
      </p>
    </form>
    <p class="hint">
      ${t('weather.command-line')}
      <code
        >npm run simulate -- --url ws://… --chargers 20 --loss ${weather.lossPercent} --delay ${weather.delayMs}</code
      >
    </p>
    <p class="hint">
      ${t('weather.command-line-kits')}
      <code>npm run simulate -- --protocol lafonpulse --url udp://… --kits kits.txt</code>
    </p>
  </div>`;
  return show(c, { title: t('weather.title'), section: 'office', body }, outcome === 'wrong' ? 422 : 200);
}

function slider(t: Translate, name: keyof Weather, value: number): Html {
  const { min, max } = WEATHER_LIMITS[name];
  return html`<p>
    <label
      >${t(`weather.${name}`)} <b>${whole(t, value)}&nbsp;${t(`weather.unit.${name}`)}</b
      ><input type="range" name="${name}" min="${min}" max="${max}" step="${STEPS[name]}" value="${value}"
    /></label>
  </p>`;
}
