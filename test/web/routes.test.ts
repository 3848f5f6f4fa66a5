import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { COMPANIES, CUSTOMERS, routeWorld, type RouteUser } from '../fixtures/route-world.ts';
import { ROUTES, type Rule } from './route-table.ts';

/** Every address × kind of subscriber × role × restriction × tenant: it answers whoever may, and is nowhere for the others. */
let server: OfficeServer;
let users: readonly RouteUser[];
beforeAll(async () => {
  server = await startOfficeServer();
  users = await routeWorld(server);
}, 60_000);
afterAll(() => server.stop());

/** Its connections serve again and again: this test asks tens of thousands of times. */
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

type Answer = { readonly status: number; readonly location: string | null };

/** The status, and where it leads. A page is read to its end, so that its connection serves again; a stream or a file is not. */
function ask(
  route: string,
  of: { readonly cookie: string | null; readonly id?: string; readonly body?: Readonly<Record<string, string>> },
): Promise<Answer> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern
    .replace('commands/:name', 'commands/reset')
    .replace('evses/:number', 'evses/1')
    .replace('statuses/:partner', 'statuses/gireve')
    .replace(/:\w+/, encodeURIComponent(of.id ?? 'nothing'));
  const headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin', 'Accept-Encoding': 'identity' };
  if (of.cookie !== null) headers['Cookie'] = of.cookie;
  if (method === 'POST') headers['Content-Type'] = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const asked = request(server.url + path, { method, agent, headers }, (answer) => {
      const { statusCode: status = 0, headers: told } = answer;
      const end = (): void => resolve({ status, location: told.location ?? null });
      if (/^text\/(html|plain)/.test(told['content-type'] ?? 'text/plain')) {
        answer.once('end', end).resume();
        return;
      }
      end();
      answer.destroy();
    });
    asked.on('error', reject);
    asked.end(method === 'POST' ? new URLSearchParams(of.body).toString() : undefined);
  });
}

function isFound({ status, location }: Answer): boolean {
  return [200, 303, 409, 422].includes(status) && location?.startsWith('/login') !== true;
}

/** Of what stands for the parameter: two that are his, the one next door, and the first and the last of the others'. */
function triedBy(user: RouteUser, { ids = [''], finds = () => ids }: Extract<Rule, { to: 'some' }>): readonly string[] {
  const his = ids.filter((id) => finds(user).includes(id));
  const others = ids.filter((id) => !his.includes(id));
  const nextDoor = ids[(ids.indexOf(his[0] ?? '') + 1) % ids.length];
  return [...new Set([...his.slice(0, 2), nextDoor, others[0], others.at(-1)])].filter((id) => id !== undefined);
}

test('every address of the server is in the table, and the table has no others', () => {
  expect([...new Set(server.vigie.routes)].toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

const some = Object.entries(ROUTES).flatMap(([route, rule]) => (rule.to === 'some' ? [[route, rule] as const] : []));

describe.each(some)('%s', (route, rule: Extract<Rule, { to: 'some' }>) => {
  test('is found by those whose it is, and by nobody else', async () => {
    for (const user of users) {
      for (const id of triedBy(user, rule)) {
        const isHis = rule.who(user) && (rule.finds === undefined || rule.finds(user).includes(id));
        const answer = await ask(route, { cookie: user.cookie, id, body: rule.body?.(id) ?? {} });
        const what = `${user.name} ${route} ${id}: ${answer.status} ${answer.location ?? ''}`;
        if (isHis) expect(isFound(answer), what).toBe(true);
        else expect(answer.status, what).toBe(404);
      }
    }
  }, 60_000);
});

/** By which each of them is known on pages and in files, and which nothing else there is called. */
const SAID = { 'pon-2': ['PON-2', 'Quai Sud'], 'con-1': ['CON-1', 'Ville close'] } as const;

describe('USR-14: of what lies outside his restriction', () => {
  test('no list, form or file says a word to a restricted user, of a maintainer or of anybody else', async () => {
    const restricted = users.filter((user) => user.restricted);
    expect(new Set(restricted.map(({ kind }) => kind))).toEqual(
      new Set(['merchant', 'maintainer', 'chain', 'integrator', 'gateway']),
    );
    const read: string[] = [];
    for (const user of restricted) {
      const strange = [
        ...Object.entries(SAID).flatMap(([id, names]) => (user.stations.includes(id) ? [] : names)),
        ...COMPANIES.filter((id) => !user.companies.includes(id)).filter((id) => id !== 'ponant-company-1'),
        ...CUSTOMERS.filter((id) => !user.customers.includes(id)),
        'Seconde',
      ];
      for (const path of addressesOf(user)) {
        const answer = await fetch(server.url + path, { redirect: 'manual', headers: { Cookie: user.cookie } });
        const text = await answer.text();
        if (answer.status === 200) read.push(`${user.kind} ${path}`);
        // Customers charge anywhere: theirs is looked for at every station of the account.
        const isAnywhere = user.customers.length > 0 && user.stations.length === 0 && path.startsWith('/recharges');
        for (const name of isAnywhere ? ['Ville close'] : strange)
          expect(text.includes(name), `${user.name} ${path} ${name}`).toBe(false);
      }
    }
    for (const path of [
      '/stations',
      '/fleet',
      '/alerts',
      '/recharges',
      '/stations.csv',
      '/recharges.csv',
      '/users/new',
    ])
      expect(read).toContain(`maintainer ${path}`);
  }, 60_000);

  /** Every page and text that he could open: those without a parameter, and the forms of what is his. */
  function addressesOf(user: RouteUser): readonly string[] {
    return some.flatMap(([route, rule]) => {
      const [method, path = ''] = route.split(' ');
      if (method !== 'GET' || /\.xlsx$|\/live$/.test(path) || !rule.who(user)) return [];
      if (!path.includes(':')) return [path];
      const his = (rule.ids ?? []).filter((id) => rule.finds?.(user).includes(id) ?? false);
      return his.map((id) => path.replace(':number', '1').replace(/:\w+/, encodeURIComponent(id)));
    });
  }
});

test('without a login, an address leads to the door unless it is open to strangers', async () => {
  for (const [route, rule] of Object.entries(ROUTES)) {
    const answer = await ask(route, { cookie: null, body: {} });
    if (rule.to === 'strangers') expect(answer.location ?? '', route).not.toMatch(/^\/login\?/);
    else if (rule.to === 'tokens') expect(answer.status, route).toBe(401);
    else expect(answer.location, `${route} ${answer.status}`).toMatch(/^\/login/);
  }
});

test('whoever has signed in finds what is everybody’s, and the API takes no login for a token', async () => {
  for (const [route, rule] of Object.entries(ROUTES)) {
    if (rule.to !== 'tokens' && !(rule.to === 'everybody' && rule.asked)) continue;
    for (const { cookie, name } of users) {
      const answer = await ask(route, { cookie });
      const what = `${name} ${route}: ${answer.status} ${answer.location ?? ''}`;
      if (rule.to === 'tokens') expect(answer.status, what).toBe(401);
      else expect(isFound(answer), what).toBe(true);
    }
  }
});
