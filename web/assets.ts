import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Hono } from 'hono';

type Asset = {
  readonly type: string;
  readonly version: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly brotli: () => Promise<Uint8Array<ArrayBuffer>>;
};

const require = createRequire(import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const YEAR_S = 365 * 24 * 3600;

/** The sheets in the order in which they are joined; the first declares the layers. */
const SHEETS = [
  'base',
  'masthead',
  'controls',
  'fleet',
  'charge-point',
  'commands',
  'transfers',
  'orders',
  'journal',
  'reviews',
  'dialogs',
  'lists',
  'office',
  'places',
  'account',
  'post',
  'maintenance',
  'recharges',
  'components',
  'states',
  'narrow',
] as const;

/** Read once at start: a few small files, nothing from a CDN. */
const assets: ReadonlyMap<string, Asset> = new Map([
  ['app.js', pack(appScript(), JAVASCRIPT)],
  ['office.js', load(new URL('./public/office.js', import.meta.url), JAVASCRIPT)],
  ['styles.css', pack(styleSheet(), CSS)],
  ['styles-mobile.css', pack(forPhones(styleSheet()), CSS)],
  ['icons.svg', load(new URL('./public/icons.svg', import.meta.url), 'image/svg+xml')],
  ['favicon.svg', load(new URL('./public/favicon.svg', import.meta.url), 'image/svg+xml')],
]);

/** The address of one of our files; it changes with the contents, so that browsers may keep it for a year. */
export function asset(name: string): string {
  const known = assets.get(name);
  if (known === undefined) throw new Error(`no asset named ${name}`);
  return `/assets/${name}?v=${known.version}`;
}

export function assetRoutes(): Hono {
  return new Hono().get('/assets/:name', async (c) => {
    const found = assets.get(c.req.param('name'));
    if (found === undefined) return c.notFound();
    const current = c.req.query('v') === found.version;
    c.header('Content-Type', found.type);
    c.header('Cache-Control', current ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    c.header('Vary', 'Accept-Encoding');
    const accepted = c.req.header('Accept-Encoding') ?? '';
    if (/\bbr\b/.test(accepted)) return (c.header('Content-Encoding', 'br'), c.body(await found.brotli()));
    if (/\bgzip\b/.test(accepted)) return (c.header('Content-Encoding', 'gzip'), c.body(await found.gzip()));
    return c.body(found.plain);
  });
}

/**
 * htmx, its extension for streams and what is ours, in one piece: htmx goes over the page as soon as it is there, and
 * where the extension came a moment later by a file of its own, the page was never live.
 */
function appScript(): Buffer {
  const files = [
    require.resolve('htmx.org/dist/htmx.min.js'),
    require.resolve('htmx.org/dist/ext/hx-sse.min.js'),
    new URL('./public/app.js', import.meta.url),
  ];
  return Buffer.from(files.map((file) => readFileSync(file, 'utf8')).join('\n;'));
}

function styleSheet(): Buffer {
  return Buffer.concat(SHEETS.map((name) => readFileSync(new URL(`./public/styles/${name}.css`, import.meta.url))));
}

/** The same sheet as a telephone reads it, whatever the width of the screen: the mobile version on a desk (GEN-02). */
function forPhones(sheet: Buffer): Buffer {
  const text = sheet
    .toString()
    .replaceAll(/@media \(min-width: [^{]+\{/g, '@media not all {')
    .replaceAll(/@media \(max-width: [^{]+\{/g, '@media all {');
  return Buffer.from(`${text}\n@layer narrow { body { max-width: 30rem; margin-inline: auto; } }\n`);
}

function load(file: string | URL, type: string): Asset {
  return pack(readFileSync(file), type);
}

function pack(bytes: Buffer, type: string): Asset {
  const plain = new Uint8Array(bytes);
  const version = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  return {
    type,
    version,
    plain,
    gzip: once(async () => new Uint8Array(await promisify(gzip)(plain))),
    brotli: once(async () => new Uint8Array(await promisify(brotliCompress)(plain))),
  };
}

/** Made for the first who asks, beside the loop, and kept: no start waits for it, and no charger. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => (made ??= make());
}
