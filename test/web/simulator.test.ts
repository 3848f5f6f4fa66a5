import { expect, test } from 'vitest';
import { CALM } from '#src/domain/weather.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

async function page() {
  const web = fixtureWeb({ manual: true });
  const headers = {
    Cookie: await signedIn(web.app),
    'Content-Type': 'application/x-www-form-urlencoded',
    'Sec-Fetch-Site': 'same-origin',
  };
  const post = (fields: Readonly<Record<string, string>>) =>
    web.app.request('/demo/simulator', { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
  return { ...web, headers, post };
}

const STORM = { lossPercent: '5', delayMs: '800', skewSeconds: '-90', duplicatesPercent: '10', reorderPercent: '0' };

test('the sliders of the demonstration change the running simulation, and calm it again', async () => {
  const { app, headers, post, weather } = await page();
  const answer = await post(STORM);
  expect(answer.status).toBe(303);
  expect(weather.now).toEqual({ ...CALM, lossPercent: 5, delayMs: 800, skewSeconds: -90, duplicatesPercent: 10 });
  const shown = await (await app.request('/demo/simulator', { headers })).text();
  expect(shown).toMatch(/name="delayMs"[^>]*value="800"/);
  await post({ ...STORM, calm: '1' });
  expect(weather.now).toEqual(CALM);
});

test('a setting outside its limits changes nothing, and is said', async () => {
  const { post, weather } = await page();
  const answer = await post({ ...STORM, lossPercent: '51' });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('Un réglage sort de ses limites');
  expect(weather.now).toEqual(CALM);
});

test('a server without a demonstration has no such page', async () => {
  const { app } = fixtureWeb({ manual: true, demo: null });
  const headers = { Cookie: await signedIn(app) };
  expect((await app.request('/demo/simulator', { headers })).status).toBe(404);
});
