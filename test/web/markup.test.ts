import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsOfHtml } from '../fixtures/html.ts';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

const PATHS = [
  '/login',
  '/password/forgotten',
  '/password/reset/gone',
  '/terms',
  '/legal',
  '/privacy',
  '/account',
  '/account/second-factor',
  '/fleet',
  '/fleet?state=free&q=zzz',
  '/fleet?size=50',
  '/fleet/MAD-1000',
  '/fleet/WAL-1037',
  '/fleet/MAD-1000?at=2026-11-26T10:00:00',
  '/fleet/MAD-1000?at=2020-01-01T10:00:00',
  '/fleet/MAD-1000?at=4000000000000',
  '/fleet/MAD-1000/drawer',
  '/fleet/MAD-1000/events',
  '/fleet/MAD-1000/sessions',
  '/fleet/NEW-1',
  '/events',
  '/reviews',
  '/reviews?state=resolved',
  '/reviews/unmatched-stop%2F1',
  '/quirks',
  '/demo/simulator',
  '/health',
  '/nowhere',
];

test.each(PATHS.flatMap((path) => [[path, 'fr'] as const, [path, 'en'] as const]))(
  '%s in %s is valid HTML',
  async (path, language) => {
    const { app, directory } = fixtureWeb({ manual: true });
    directory.adopt('NEW-1');
    const cookie = path === '/login' ? '' : await signedIn(app);
    const answer = await app.request(path, { headers: { Cookie: `${cookie}; language=${language}` } });
    // The page that tells of a bug is valid too.
    expect(answer.status).toBeLessThan(500);
    expect(await faultsOfHtml(await answer.text())).toEqual([]);
  },
);

test('hostile text from a charger is shown, never run', async () => {
  const web = fixtureWeb({ manual: true });
  const cookie = await signedIn(web.app);
  const nasty = `"><script>alert(1)</script>`;
  web.directory.change('MAD-1000', { stationName: nasty, model: nasty, errorCode: 'OtherError' });
  web.directory.journal({ chargePointId: 'MAD-1000', name: nasty, request: nasty, answer: nasty, note: nasty });
  for (const path of ['/fleet', '/fleet/MAD-1000', '/fleet/MAD-1000/drawer']) {
    const text = await (await web.app.request(path, { headers: { Cookie: cookie } })).text();
    expect(text, path).not.toContain('<script>alert');
    expect(text, path).toContain('&lt;script&gt;');
  }
});

test('no template leaves an attribute unquoted, where escaping could not protect it', () => {
  const files = readdirSync(new URL('../../web', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts'),
  );
  const loose = files.filter((file) =>
    /html`[^`]*\s[\w:-]+=\$\{/.test(readFileSync(new URL(`../../web/${file}`, import.meta.url), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(30);
  expect(loose).toEqual([]);
});
