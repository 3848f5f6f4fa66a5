import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fixtureWeb, signedIn } from '../fixtures/web-server.ts';

test('a page is the same compressed as plain, and caches are told that it depends on the browser', async () => {
  const { app } = fixtureWeb();
  const headers = { Cookie: await signedIn(app) };
  const page = async (encoding: string): Promise<Response> =>
    app.request('/fleet?q=zyxw', { headers: { ...headers, 'Accept-Encoding': encoding } });
  const plain = await page('identity');
  const packed = await page('br, gzip');
  expect(plain.headers.get('Content-Encoding')).toBeNull();
  expect(packed.headers.get('Content-Encoding')).toBe('gzip');
  expect(packed.headers.get('Content-Type')).toBe(plain.headers.get('Content-Type'));
  expect(packed.headers.get('Vary')).toBe('HX-Request-Type, Cookie, Accept-Encoding');
  // What changes from one drawing to the next is the number of the fleet's revision alone.
  const still = (text: string): string => text.replaceAll(/\d{13,}/g, '');
  const text = gunzipSync(await packed.arrayBuffer()).toString();
  expect(still(text)).toBe(still(await plain.text()));
  expect(text).toContain('</html>');
});
