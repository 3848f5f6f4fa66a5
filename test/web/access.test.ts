import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { rightsBelow } from '#src/domain/office/levels.ts';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const INSIDE = 'Vous êtes dans le compte de Syndicat Mobilités du Ponant.';

describe('ABO-02: the platform operator', () => {
  test('enters the account of a subscriber, works there as its administrator, and comes back by « Accueil »', async () => {
    expect((await server.get(OPERATOR, '/admin/subscribers/ponant')).text).toContain('Entrer dans ce compte');
    expect((await server.post(OPERATOR, '/access', { account: 'ponant' })).location).toBe('/');
    for (const path of ['/fleet', '/companies', '/users', '/account', '/access'])
      expect((await server.get(OPERATOR, path)).text, path).toContain(INSIDE);
    for (const path of ['/health', '/events', '/admin/subscribers', '/stations/con-1'])
      expect((await server.get(OPERATOR, path)).status, path).toBe(404);
    const user = { version: '0', name: 'Fait', username: 'fait', language: 'fr', role: 'ponant-role-view' };
    expect((await server.post(OPERATOR, '/users', { ...user, restriction: 'nothing' })).status).toBe(303);
    expect((await server.get(MERCHANT, '/users')).text).toContain('Fait');
    expect((await server.post(OPERATOR, '/access/leave')).location).toBe('/');
    expect((await server.get(OPERATOR, '/health')).status).toBe(200);
    expect((await server.get(OPERATOR, '/fleet')).text).not.toContain(INSIDE);
    expect((await server.post(OPERATOR, '/access/leave')).status).toBe(404);
  });

  test('is in the audit of that account, under his own name', async () => {
    const { text } = await server.get(MERCHANT, '/audit');
    expect(text).toContain('Accès au compte');
    expect(text).toMatch(new RegExp(`>${OPERATOR}</td>`));
  });

  test('has the pages that he left open drawn anew', async () => {
    const headers = { Cookie: await server.cookie(OPERATOR), Accept: 'text/event-stream' };
    const stream = await fetch(`${server.url}/fleet/live?since=0`, { headers });
    const told = stream.text();
    expect((await server.post(OPERATOR, '/access', { account: 'concarneau' })).status).toBe(303);
    expect(await told).toContain('event: stale');
    expect((await server.get(OPERATOR, '/fleet')).text).toContain('CON-1');
    expect((await server.get(OPERATOR, '/fleet')).text).not.toContain('PON-1');
    await server.post(OPERATOR, '/access/leave');
  });

  test('enters no account that is not there, and is back in his own when the one that he is in stops', async () => {
    expect((await server.post(OPERATOR, '/access', { account: 'nobody' })).status).toBe(404);
    expect((await server.post(OPERATOR, '/access', { account: 'volterre' })).status).toBe(303);
    expect((await server.get(OPERATOR, '/models')).status).toBe(200);
    const { office } = server.vigie.storage;
    const found = await office.find(ENTITIES.subscriber, 'volterre', [{}]);
    if (found === null) throw new Error('the integrator is gone');
    const record = { ...found, inactive: true, version: found.version + 1 };
    expect(await office.write([{ type: 'put', entity: ENTITIES.subscriber, record }])).toBe('ok');
    expect((await server.get(OPERATOR, '/health')).status).toBe(200);
    expect((await server.post(OPERATOR, '/access', { account: 'volterre' })).status).toBe(404);
  });
});

test('ABO-02: nobody else enters any account that is not below his, and has no menu for it', async () => {
  for (const user of [MERCHANT, 'voisin', 'mainteneur']) {
    for (const account of ['ponant', 'concarneau', 'atlantique', 'volterre-test', ''])
      expect((await server.post(user, '/access', { account })).status, `${user} ${account}`).toBe(404);
    // He has a test merchant.
    if (user === 'mainteneur') continue;
    expect((await server.get(user, '/access')).status).toBe(404);
    expect((await server.get(user, '/fleet')).text).not.toContain('href="/access"');
  }
});

describe('ABO-02: in an account below', () => {
  const maintainer: Viewer = { ...platformViewer('paul'), kind: 'maintainer', subscriberId: 'atlantique', rights: {} };

  test('the platform operator has every right of that kind', () => {
    expect(rightsBelow(platformViewer('op'), 'chain')).toEqual({ sessions: 'modify', users: 'modify' });
  });

  test('others have the level by which they serve it, and over its users what they have over theirs', () => {
    const viewing: Viewer = { ...maintainer, rights: { 'station-maintenance': 'view', users: 'modify' } };
    expect(rightsBelow(viewing, 'merchant')).toMatchObject({
      companies: 'view',
      'station-management': 'view',
      users: 'modify',
    });
    const full: Viewer = { ...maintainer, rights: { 'station-maintenance': 'modify' } };
    expect(rightsBelow(full, 'merchant')).toMatchObject({ companies: 'modify', users: 'none' });
  });

  test('whoever has no right to what he serves it by, or is restricted, or is a merchant, has no business there', () => {
    expect(rightsBelow({ ...maintainer, rights: { users: 'modify' } }, 'merchant')).toBeNull();
    const restricted: Viewer = {
      ...maintainer,
      rights: { 'station-maintenance': 'modify' },
      restriction: { to: 'stations', ids: new Set() },
    };
    expect(rightsBelow(restricted, 'merchant')).toBeNull();
    expect(rightsBelow({ ...maintainer, kind: 'merchant', rights: { companies: 'modify' } }, 'merchant')).toBeNull();
  });
});
