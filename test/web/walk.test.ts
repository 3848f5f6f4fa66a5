import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOfHtml } from '../fixtures/html.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

/**
 * Each user follows every link from his first page, as a crawler would; of links that only choose, sort or go back in
 * time, a few of each kind. What he meets is law: it answers, it is valid, and it holds nothing of another subscriber.
 * What the others met is then asked by him.
 */
const USERS = [OPERATOR, 'commercant', 'voisin', 'mainteneur', 'integrateur'] as const;
type User = (typeof USERS)[number];

/** Names that stand for a subscriber, and who may read them. */
const SECRETS: readonly (readonly [secret: string, readers: readonly User[]])[] = [
  ['Quai Nord', [OPERATOR, 'commercant', 'mainteneur']],
  ['PON-1', [OPERATOR, 'commercant', 'mainteneur']],
  ['Syndicat Mobilités du Ponant', [OPERATOR, 'commercant', 'mainteneur']],
  ['ponant-role-', [OPERATOR, 'commercant']],
  ['Ville close', [OPERATOR, 'voisin']],
  ['CON-1', [OPERATOR, 'voisin']],
  ['Régie de Concarneau', [OPERATOR, 'voisin']],
  ['concarneau-role-', [OPERATOR, 'voisin']],
  ['atlantique-role-', [OPERATOR, 'mainteneur']],
  ['volterre-role-', [OPERATOR, 'integrateur']],
];
/** What everybody may see and do, signed in or not. */
const OPEN = new Set(['/login', '/logout', '/language', '/theme', '/layout', '/terms', '/legal', '/privacy']);
const PAGES_MAX = 400;
/** Filters and moments combine without end: so many links of one route with the same names in their query are followed. */
const SAME_QUERY_MAX = 2;

type Walk = { readonly pages: ReadonlyMap<string, string>; readonly actions: ReadonlySet<string> };
let server: OfficeServer;
const walks = new Map<User, Walk>();

beforeAll(async () => {
  server = await startOfficeServer();
  for (const user of USERS) walks.set(user, await walk(user));
}, 60_000);
afterAll(() => server.stop());

async function walk(user: User): Promise<Walk> {
  const pages = new Map<string, string>();
  const actions = new Set<string>();
  const waiting = ['/'];
  const known = new Set(waiting);
  const alike = new Map<string, number>();
  for (let path = waiting.shift(); path !== undefined && pages.size < PAGES_MAX; path = waiting.shift()) {
    const answer = await server.get(user, path);
    const moved = answer.status === 303 ? answer.location : null;
    if (moved === null) {
      expect(answer.status, `${user} ${path}`).toBe(200);
      pages.set(path, answer.text);
    }
    for (const link of moved === null ? linksOf(answer.text) : [moved]) {
      const url = new URL(link, new URL(path, server.url));
      const next = url.pathname + url.search;
      if (url.origin !== server.url || known.has(next)) continue;
      known.add(next);
      const kind = kindOf(url);
      const before = alike.get(kind) ?? 0;
      alike.set(kind, before + 1);
      if (url.search === '' || before < SAME_QUERY_MAX) waiting.push(next);
    }
    for (const action of actionsOf(answer.text)) actions.add(action);
  }
  expect(pages.size, user).toBeLessThan(PAGES_MAX);
  return { pages, actions };
}

/** The route that answers there, and the names in the query: `GET /fleet/:chargePointId at`. */
function kindOf({ pathname, searchParams }: URL): string {
  const route = server.vigie.routes.find((one) => {
    const pattern = one
      .replace(/^GET /, '')
      .replaceAll('.', String.raw`\.`)
      .replaceAll(/:\w+(?:\{[^}]+\})?/g, '[^/]+');
    return one.startsWith('GET ') && new RegExp(`^${pattern}$`).test(pathname);
  });
  return [route ?? pathname, ...new Set([...searchParams.keys()].toSorted())].join(' ');
}

/** Links that a reader may click: no files, and no sheets of style. */
function linksOf(text: string): readonly string[] {
  const links = [...text.matchAll(/<a\b[^>]*?\shref="([^"#]+)/g)].map(([, link = '']) => decoded(link));
  return links.filter((link) => !/\.(xlsx|csv|svg|css|js)(\?|$)/.test(link) && !link.startsWith('mailto:'));
}

function actionsOf(text: string): readonly string[] {
  const posts = [
    ...text.matchAll(/\shx-post="([^"]+)"/g),
    ...text.matchAll(/<form\s+method="post"\s+action="([^"]+)"/g),
  ];
  return posts.map(([, action = '']) => decoded(action));
}

function decoded(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}

function secretsFrom(user: User): readonly string[] {
  return SECRETS.filter(([, readers]) => !readers.includes(user)).map(([secret]) => secret);
}

function walkOf(user: User): Walk {
  const found = walks.get(user);
  if (found === undefined) throw new Error(`${user} has not walked`);
  return found;
}

describe.each(USERS)('%s', (user) => {
  test('every link on every page of his leads to a page', () => {
    const { pages } = walkOf(user);
    expect(pages.size).toBeGreaterThan(5);
  });

  test('no page of his names anything of a subscriber who is not his', () => {
    for (const [path, text] of walkOf(user).pages)
      for (const secret of secretsFrom(user)) expect(text.includes(secret), `${secret} in ${path}`).toBe(false);
  });

  test('every page of his is valid HTML', { timeout: 60_000 }, async () => {
    for (const [path, text] of walkOf(user).pages) expect(await faultsOfHtml(text), path).toEqual([]);
  });

  test(
    'what the pages of others lead to is not found by him, or holds nothing of theirs',
    { timeout: 60_000 },
    async () => {
      const own = walkOf(user).pages;
      const theirs = new Set(
        USERS.flatMap((other) => [...walkOf(other).pages.keys()]).filter((path) => !own.has(path)),
      );
      expect(theirs.size).toBeGreaterThan(5);
      for (const path of theirs) {
        const { status, text } = await server.get(user, path);
        expect([200, 303, 404], path).toContain(status);
        for (const secret of secretsFrom(user))
          // The name of an address that leads nowhere is no secret: he typed it.
          if (!path.includes(secret)) expect(text.includes(secret), `${secret} in ${path}`).toBe(false);
      }
    },
  );

  test('what only the forms of others do is not found by him', { timeout: 60_000 }, async () => {
    const own = walkOf(user).actions;
    const theirs = new Set(USERS.flatMap((other) => [...walkOf(other).actions]).filter((action) => !own.has(action)));
    for (const action of theirs) {
      const { status } = await server.post(user, action, { id: 'nothing-of-his', confirmed: '1' });
      expect(status, `${user} ${action}`).toBe(404);
    }
  });
});

test('without a login every one of these pages leads to the door, and every form too', async () => {
  for (const user of USERS) {
    const { pages, actions } = walkOf(user);
    for (const path of pages.keys()) {
      if (OPEN.has(path)) continue;
      const { status, location } = await server.get(null, path);
      expect([status, location?.startsWith('/login')], path).toEqual([303, true]);
    }
    for (const action of actions) {
      if (OPEN.has(action)) continue;
      const { status, location } = await server.post(null, action);
      expect([status, location?.startsWith('/login')], action).toEqual([303, true]);
    }
  }
});
