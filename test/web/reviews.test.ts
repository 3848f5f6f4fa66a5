import { describe, expect, test } from 'vitest';
import type { ReviewRow } from '#src/storage/ports.ts';
import { oneLine } from '../fixtures/one-line.ts';
import { startServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { fixtureWeb, signedIn, USERNAME } from '../fixtures/web-server.ts';

const PARTIAL = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' };

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

/** The pages over a real server on a real file, with a charger at hand. */
async function desk() {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const web = fixtureWeb({ manual: true, actors: server.side.supervision.directory });
  const cookie = await signedIn(web.app);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await web.app.request(path, { headers: { Cookie: cookie, ...headers } });
    return { status: answer.status, text: oneLine(await answer.text()) };
  };
  const post = async (key: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await web.app.request(urlOf(key), {
      method: 'POST',
      headers: {
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Sec-Fetch-Site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
    return { status: answer.status, location: answer.headers.get('Location'), text: oneLine(await answer.text()) };
  };
  const latest = async (): Promise<ReviewRow> => {
    const [review] = await server.reviews();
    if (review === undefined) throw new Error('something waits');
    return review;
  };
  /** The hidden field that says what the person saw. */
  const markIn = (text: string) => /name="mark" value="([^"]*)"/.exec(text)?.[1] ?? '';
  return { server, charger, web, get, post, latest, markIn };
}

function urlOf(key: string): string {
  return `/reviews/${encodeURIComponent(key)}`;
}

async function implausible() {
  const all = await desk();
  const { transactionId } = await all.charger.start({ meterStart: 0, timestamp: hoursAgo(2) });
  await all.charger.stop(transactionId, { meterStop: 910_000, timestamp: hoursAgo(1) });
  return { ...all, transactionId, key: (await all.latest()).key };
}

async function contradicted() {
  const all = await desk();
  const { transactionId } = await all.charger.start({ timestamp: hoursAgo(2) });
  await all.charger.stop(transactionId, { timestamp: hoursAgo(1) });
  await all.charger.stop(transactionId, { meterStop: 5_000, timestamp: hoursAgo(0.5) });
  return { ...all, transactionId, key: (await all.latest()).key };
}

describe('the list', () => {
  test('it says in words that nothing waits, and the menu shows no number', async () => {
    const { get } = await desk();
    const { status, text } = await get('/reviews');
    expect(status).toBe(200);
    expect(text).toContain('Rien n’attend votre décision.');
    expect(text).toContain('Rien à vérifier');
    expect(text).toMatch(/<b id="waiting" class="count" hidden\s*>0<\/b/);
    expect((await get('/reviews?state=resolved')).text).toContain('Aucun cas traité pour l’instant');
  });

  test('it shows each case with its charger, its session, its registers and its frame, and the menu how many wait', async () => {
    const { get, transactionId } = await implausible();
    const { text } = await get('/reviews');
    expect(text).toContain('1 cas attend votre décision.');
    expect(text).toMatch(/<b id="waiting" class="count"\s*>1<\/b/);
    expect(text).toContain('Énergie invraisemblable');
    expect(text).toContain('href="/fleet/CP1"');
    expect(text).toContain('Parking du port');
    expect(text).toContain('Alice Le Goff');
    expect(text).toContain(`href="/fleet/CP1#session-${transactionId}"`);
    expect(text.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain('de 0 Wh à 910 000 Wh');
    expect(text).toContain('&quot;StopTransaction&quot;');
    expect(text).toContain('value="22"');
  });

  test('it pages on by the address that it gives', async () => {
    const { get, charger } = await desk();
    for (let stop = 1; stop <= 27; stop++) await charger.stop(900_000 + stop, { meterStop: stop });
    const first = await get('/reviews');
    expect(first.text.match(/<article /g)).toHaveLength(25);
    const more = /hx-get="([^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const next = await get(more, PARTIAL);
    expect(next.text).not.toContain('<html');
    expect(next.text.match(/<article /g)).toHaveLength(2);
    expect(next.text).not.toContain('hx-get');
    expect((await get(more)).text).toContain('<html');
  });

  test('signed out it leads to the login; a key that nobody gave is not found', async () => {
    const { web, get, post } = await desk();
    expect((await web.app.request('/reviews')).headers.get('Location')).toBe('/login?next=%2Freviews');
    expect((await get('/reviews/nowhere')).status).toBe(404);
    expect((await post('nowhere', { choice: 'set-aside' })).status).toBe(404);
  });

  test('the page of the charger links to what waits there', async () => {
    const { get, key } = await implausible();
    expect((await get('/fleet/CP1')).text).toContain(`href="${urlOf(key)}"`);
  });
});

describe('energy that cannot be', () => {
  test('field-22: a plain form bills what was typed, once, and leads to what came of it', async () => {
    const { server, get, post, key, transactionId, markIn } = await implausible();
    const mark = markIn((await get('/reviews')).text);
    const answer = await post(key, { choice: 'bill', energy: ' 12,4 kWh', mark });
    expect(answer).toMatchObject({ status: 303, location: urlOf(key) });
    expect(await server.session(transactionId)).toMatchObject({ energyWh: 12_400, price: 434, review: null });
    await until('the debit', async () => ((await server.wallet('alice')).balance === 5_000 - 434 ? true : null));
    const { text } = await get(urlOf(key));
    expect(text.replaceAll('\u00a0', ' ')).toContain('Énergie fixée à 12,4 kWh');
    expect(text).toContain(`par ${USERNAME} le`);
    expect(text).not.toContain('<form class="review-form"');
    expect((await get('/reviews?state=resolved')).text).toContain('Énergie fixée');
    expect((await get('/reviews')).text).toContain('Rien à vérifier');
    expect((await get('/events')).text).toContain('Énergie fixée par une personne');
  });

  test('with script the answer is the case as it is now, and the numbers of menu and head', async () => {
    const { get, post, key, markIn } = await implausible();
    const mark = markIn((await get('/reviews')).text);
    const { status, text } = await post(key, { choice: 'bill', energy: '12.4', mark }, PARTIAL);
    expect(status).toBe(200);
    expect(text).toMatch(/^<article [^>]*class="review resolved"/);
    expect(text).toContain('role="status" tabindex="-1" autofocus');
    expect(text).toContain('<hx-partial hx-target="#waiting"');
    expect(text).toContain('<hx-partial hx-target="#reviews-waiting"');
  });

  test.each([
    ['', 'Ce champ est obligatoire.'],
    ['beaucoup', 'Écrivez une énergie en kWh'],
    ['-3', 'Écrivez une énergie en kWh'],
    ['910,1', 'Au plus 910,0 kWh'],
  ])('field-22: %j is answered 422, and what was typed is kept', async (energy, sentence) => {
    const { server, get, post, key, transactionId, markIn } = await implausible();
    const mark = markIn((await get('/reviews')).text);
    for (const headers of [{}, PARTIAL]) {
      const { status, text } = await post(key, { choice: 'bill', energy, mark }, headers);
      expect(status).toBe(422);
      expect(text.replaceAll('\u00a0', ' ')).toContain(sentence);
      expect(text).toContain(`value="${energy}"`);
      expect(text).toContain('aria-invalid="true"');
    }
    expect(await server.session(transactionId)).toMatchObject({ review: 'implausible-energy', price: null });
  });
});

describe('two stops that contradict each other', () => {
  test('field-01: both are shown with what they would cost, and the second can be taken', async () => {
    const { server, get, post, key, transactionId, markIn } = await contradicted();
    const { text } = await get(urlOf(key));
    expect(text).toContain('1,05');
    expect(text).toContain('1,40');
    await post(key, { choice: 'take-second', mark: markIn(text) });
    expect(await server.session(transactionId)).toMatchObject({ meterStopWh: 5_000, energyWh: 4_000, price: 140 });
    await until('both debits', async () => ((await server.wallet('alice')).balance === 5_000 - 140 ? true : null));
  });

  test('field-01: the second of two operators is told who was first, and changes nothing', async () => {
    const { server, get, post, key, transactionId, markIn } = await contradicted();
    const mark = markIn((await get('/reviews')).text);
    const both = await Promise.all([
      post(key, { choice: 'take-second', mark }),
      post(key, { choice: 'keep-first', mark }),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    const told = both.find(({ status }) => status === 409)?.text ?? '';
    expect(told).toContain(`Déjà traité par ${USERNAME}`);
    const session = await server.session(transactionId);
    expect((await post(key, { choice: 'take-second', mark }, PARTIAL)).status).toBe(409);
    expect(await server.session(transactionId)).toEqual(session);
  });

  test('a session that has changed since the page was shown is refused with a sentence', async () => {
    const { post, key } = await contradicted();
    const { status, text } = await post(key, { choice: 'take-second', mark: 'of another day' });
    expect(status).toBe(409);
    expect(text).toContain('Cette recharge a changé depuis que la page s’est affichée.');
  });
});

describe('a stop that is nobody’s', () => {
  test('field-03: it is attached to a session of another connector, which it ends and frees', async () => {
    const { server, charger, get, post, latest } = await desk();
    await charger.start({ connectorId: 1, idTag: 'FREE', timestamp: hoursAgo(3) });
    const { transactionId } = await charger.start({ connectorId: 2, timestamp: hoursAgo(2) });
    await charger.stop(987_654, { idTag: 'CAROL', timestamp: hoursAgo(1) });
    const { key, connectorId } = await latest();
    expect(connectorId).toBe(1);
    const { text } = await get('/reviews');
    expect(text).toContain(`value="${transactionId}"`);
    expect((await post(key, { choice: 'attach' })).text).toContain('Choisissez la recharge que cette fin termine.');
    expect((await post(key, { choice: 'attach', transactionId: String(transactionId) })).status).toBe(303);
    expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000, price: 105 });
    await server.viewWhen(({ connectors }) => connectors[1]?.session === null && connectors[0]?.session !== null);
    expect((await get(urlOf(key))).text).toContain(`Rattachée à la recharge ${transactionId}`);
  });

  test('field-03: the samples of its transaction stand beside it, and give the energy where its register fell back', async () => {
    const { server, charger, get, post, latest } = await desk();
    const { transactionId } = await charger.start({ connectorId: 2, timestamp: hoursAgo(2) });
    for (const registerWh of [1_500, 4_200]) await charger.meter(2, 987_654, registerWh);
    await charger.stop(987_654, { idTag: 'CAROL', meterStop: 0 });
    const { key, connectorId } = await latest();
    expect(connectorId).toBe(2);
    const { text } = await get(urlOf(key));
    expect(text).toMatch(/Relevés reçus avant<\/dt>\s*<dd>2 relevés, du/);
    expect(text.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain('de 1 500 Wh à 4 200 Wh');
    expect((await post(key, { choice: 'attach', transactionId: String(transactionId) })).status).toBe(303);
    expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_200, price: 112 });
  });

  test('field-03: two operators who attach it to two connectors end one session only', async () => {
    const { server, charger, post, latest } = await desk();
    const one = await charger.start({ connectorId: 1, timestamp: hoursAgo(3) });
    const two = await charger.start({ connectorId: 2, timestamp: hoursAgo(2) });
    await charger.stop(987_654, { idTag: 'CAROL', timestamp: hoursAgo(1) });
    const { key } = await latest();
    const answers = await Promise.all(
      [one, two].map(({ transactionId }) => post(key, { choice: 'attach', transactionId: String(transactionId) })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
    const closings = (await server.sessions()).map(({ closing }) => closing);
    expect(closings.toSorted()).toEqual(['final', 'open']);
  });

  test('field-03: without a session to choose it can only be set aside', async () => {
    const { charger, get, post, latest } = await desk();
    await charger.stop(987_654);
    const { key } = await latest();
    expect((await get('/reviews')).text).toContain('Aucune recharge de cette borne n’attend sa fin.');
    expect((await post(key, { choice: 'attach', transactionId: '77' })).text).toContain(
      'Ce choix n’est pas possible ici.',
    );
    expect((await post(key, { choice: 'set-aside' })).status).toBe(303);
    expect((await get(urlOf(key))).text).toContain('Mise de côté');
  });
});

test('field-10: two boxes under one identity are seen once, and told again when they fight on another day', async () => {
  const { server, get, post } = await desk();
  const fight = async () => {
    for (let round = 0; round < 6; round++) await server.booted('CP1', { from: `127.0.0.${1 + (round % 2)}` });
  };
  await fight();
  const [review, ...others] = await server.reviews();
  expect(others).toEqual([]);
  const key = review?.key ?? '';
  expect((await get('/reviews')).text).toContain('Marquer comme vu');
  expect((await post(key, { choice: 'keep-first', mark: '' })).status).toBe(409);
  expect((await post(key, { choice: 'seen' })).status).toBe(303);
  expect((await post(key, { choice: 'seen' })).status).toBe(409);
  await fight();
  expect(await server.reviews()).toHaveLength(1);
  const tomorrowMs = Date.now() + 25 * 3_600_000;
  for (let linkId = 9_001; linkId < 9_005; linkId++)
    server.ring('charge-point/CP1', {
      type: 'link-up',
      linkId,
      remoteAddress: `10.0.0.${linkId}`,
      note: null,
      atMs: tomorrowMs,
    });
  await until('a second review', async () => ((await server.reviews()).length === 2 ? true : null));
  expect(await server.storage.reader.openReviews()).toBe(1);
});
