import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { routeWorld, type RouteUser } from '../fixtures/route-world.ts';
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
