import { expect, test } from 'vitest';
import type { z } from '@hono/zod-openapi';
import type { ChargePoint, ChargePointList, Command, Problem } from '#web/api/schemas.ts';
import { API_TOKEN, fixtureWeb, signedIn } from '../fixtures/web-server.ts';

type Description = {
  readonly paths: Record<string, unknown>;
  readonly components: {
    readonly schemas: Record<string, { readonly oneOf?: readonly unknown[] }>;
    readonly securitySchemes: Record<string, unknown>;
  };
};

/** The body as what the schema of the same name promises. */
async function body<T>(answer: Response | Promise<Response>): Promise<T> {
  return (await (await answer).json()) as T;
}

function client(web = fixtureWeb()) {
  const call = (
    path: string,
    posted?: unknown,
    headers: Record<string, string> = { Authorization: `Bearer ${API_TOKEN}` },
  ) =>
    web.app.request(`/api${path}`, {
      headers: { ...headers, ...(posted === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(posted === undefined ? {} : { method: 'POST', body: JSON.stringify(posted) }),
    });
  return { ...web, call };
}

test('the description names every path and every command, and needs no token', async () => {
  const { app } = client();
  const description = await body<Description>(app.request('/api/openapi.json'));
  expect(description).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api' }] });
  expect(Object.keys(description.paths)).toEqual([
    '/charge-points',
    '/charge-points/{id}',
    '/charge-points/{id}/commands',
    '/charge-points/{id}/commands/{commandId}',
    '/commands/{commandId}',
  ]);
  expect(description.components.schemas['CommandCall']?.oneOf).toHaveLength(26);
  expect(description.components.securitySchemes['token']).toEqual({ type: 'http', scheme: 'bearer' });
});

test('every reference in the description leads somewhere', async () => {
  const { app } = client();
  const text = await (await app.request('/api/openapi.json')).text();
  const { components } = JSON.parse(text) as Description;
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(components.schemas).toHaveProperty(name ?? '');
});

test('without a known token the answer is 401 as a problem, and the login cookie opens nothing', async () => {
  const { app, call } = client();
  const cookie = await signedIn(app);
  for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: API_TOKEN }, { Cookie: cookie }]) {
    const answer = await call('/charge-points', undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 401, requestId: answer.headers.get('X-Request-Id') });
  }
});

test('chargers are listed by page and by filter', async () => {
  const { call } = client();
  const all = await body<z.infer<typeof ChargePointList>>(call('/charge-points?page=2&pageSize=25'));
  expect(all).toMatchObject({ found: 60, page: 2, pageSize: 25 });
  expect(all.chargePoints).toHaveLength(25);
  const some = await body<z.infer<typeof ChargePointList>>(
    call('/charge-points?state=offline&state=out-of-service&access=public'),
  );
  expect(new Set(some.chargePoints.map(({ state }) => state))).toEqual(new Set(['offline', 'out-of-service']));
});

test('one charger is told with its connectors, its open transactions and times in UTC', async () => {
  const { call, directory } = client();
  const answer = await body<z.infer<typeof ChargePoint>>(call('/charge-points/MAD-1000'));
  const session = directory.view('MAD-1000').connectors[0]?.session;
  expect(answer.connectors).toHaveLength(4);
  expect(answer.connectors[0]?.session).toMatchObject({
    transactionId: session?.transactionId,
    startedAt: new Date(session?.startedAtMs ?? 0).toISOString(),
  });
  expect((await call('/charge-points/NOWHERE')).status).toBe(404);
});

test('a command is taken with 202, asked for by the token’s label, and can be waited for', async () => {
  const { call, directory } = client();
  const taken = await call('/charge-points/MAD-1000/commands', { action: 'UnlockConnector', connectorId: 1 });
  const command = await body<z.infer<typeof Command>>(taken);
  expect(taken.status).toBe(202);
  expect(taken.headers.get('Location')).toBe(`/api/commands/${command.commandId}`);
  expect(command).toMatchObject({
    call: { action: 'UnlockConnector', connectorId: 1 },
    requestedBy: 'tests',
    phase: 'queued',
    ended: false,
  });

  const waiting = call(`/commands/${command.commandId}?wait=10`);
  directory.progress(command.commandId, 'sent');
  directory.progress(command.commandId, 'done', { detail: 'Unlocked' });
  expect(await (await waiting).json()).toMatchObject({ phase: 'done', detail: 'Unlocked', ended: true });
});

test('a wait ends when its time is up', async () => {
  const { call } = client();
  const { commandId } = await body<z.infer<typeof Command>>(
    call('/charge-points/MAD-1000/commands', { action: 'ClearCache' }),
  );
  expect(await (await call(`/commands/${commandId}?wait=0.3`)).json()).toMatchObject({ phase: 'queued', ended: false });
});

test.each([
  [{ action: 'Explode' }],
  [{ action: 'Reset', type: 'Gentle' }],
  [{ action: 'UnlockConnector' }],
  [{ action: 'ClearCache', surprise: true }],
  [{ action: 'RemoteStartTransaction', idTag: 'x'.repeat(21) }],
])('%o is refused with the place of the fault', async (asked) => {
  const { call } = client();
  const answer = await call('/charge-points/MAD-1000/commands', asked);
  expect(answer.status).toBe(400);
  expect((await body<z.infer<typeof Problem>>(answer)).errors?.length).toBeGreaterThan(0);
});

test('PRC-15: a remote start without a badge has that of the station’s free service, where there is one', async () => {
  const { call, directory } = client();
  const start = { action: 'RemoteStartTransaction', connectorId: 2 };
  expect((await call('/charge-points/MAD-1000/commands', start)).status).toBe(400);
  directory.change('MAD-1000', { freeServiceTag: 'LIBRE1' });
  const answer = await call('/charge-points/MAD-1000/commands', start);
  expect((await body<z.infer<typeof Command>>(answer)).call).toEqual({ ...start, idTag: 'LIBRE1' });
});

test('field-18: a badge of free service that some chargers would cut is not sent in nobody’s name', async () => {
  const { call, directory } = client();
  const start = { action: 'RemoteStartTransaction', connectorId: 2 };
  directory.change('MAD-1000', { freeServiceTag: 'x'.repeat(16) });
  expect((await call('/charge-points/MAD-1000/commands', start)).status).toBe(202);
  directory.change('MAD-1000', { freeServiceTag: 'x'.repeat(17) });
  expect((await call('/charge-points/MAD-1000/commands', start)).status).toBe(400);
  expect((await call('/charge-points/MAD-1000/commands', { ...start, idTag: 'x'.repeat(20) })).status).toBe(202);
});

test('a body that is not JSON is refused as a problem', async () => {
  const { app } = client();
  const answer = await app.request('/api/charge-points/MAD-1000/commands', {
    method: 'POST',
    headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' },
    body: '{',
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
});

test.each([[undefined], ['text/plain'], ['application/x-www-form-urlencoded'], ['application/jsonp']])(
  'a body that is announced as %s is refused with 415 as a problem',
  async (type) => {
    const { app, directory, logged } = client();
    const answer = await app.request('/api/charge-points/MAD-1000/commands', {
      method: 'POST',
      headers: { Authorization: `Bearer ${API_TOKEN}`, ...(type === undefined ? {} : { 'Content-Type': type }) },
      body: new TextEncoder().encode('{"action":"ClearCache"}'),
    });
    expect(answer.status).toBe(415);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await body<z.infer<typeof Problem>>(answer)).toMatchObject({ status: 415 });
    expect([directory.asked.get('command'), logged]).toEqual([undefined, []]);
  },
);

test('JSON with a character set, or of a kind of its own, is JSON', async () => {
  const { app } = client();
  for (const type of ['application/json; charset=utf-8', 'application/vnd.vigie+json']) {
    const answer = await app.request('/api/charge-points/MAD-1000/commands', {
      method: 'POST',
      headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': type },
      body: '{"action":"ClearCache"}',
    });
    expect(answer.status, type).toBe(202);
  }
});

test('a body beyond the limit is refused with 413 as a problem, whether it says its length or not', async () => {
  const { app } = client();
  const text = JSON.stringify({ action: 'DataTransfer', vendorId: 'v', data: 'x'.repeat(70_000) });
  const headers = { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' };
  for (const more of [{}, { 'Content-Length': String(text.length) }]) {
    const path = '/api/charge-points/MAD-1000/commands';
    const answer = await app.request(path, { method: 'POST', headers: { ...headers, ...more }, body: text });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 413, requestId: answer.headers.get('X-Request-Id') });
  }
});

test('the description tells of every refusal of a command', async () => {
  const { app } = client();
  const { paths } = await body<{ paths: Record<string, { post?: { responses: object } }> }>(
    app.request('/api/openapi.json'),
  );
  expect(Object.keys(paths['/charge-points/{id}/commands']?.post?.responses ?? {})).toEqual([
    '202',
    '400',
    '401',
    '404',
    '413',
    '415',
  ]);
});

test('PRC-19: a command may wait for an absent charger as long as it was asked to, and be withdrawn', async () => {
  const { call, directory, app } = client();
  directory.change('MAD-1000', { linked: false });
  const path = '/charge-points/MAD-1000/commands';
  const taken = await call(`${path}?keepFor=3600`, { action: 'ClearCache' });
  const command = (await taken.json()) as { commandId: string; expiresAt: string; requestedAt: string; phase: string };
  expect(command.phase).toBe('queued');
  expect(Date.parse(command.expiresAt) - Date.parse(command.requestedAt)).toBe(3_600_000);
  expect((await call(`${path}?keepFor=86401`, { action: 'ClearCache' })).status).toBe(400);
  const now = await call(`${path}?keepFor=3600`, { action: 'UnlockConnector', connectorId: 1 });
  expect(now.status).toBe(400);
  expect(await now.text()).toContain('UnlockConnector can wait 300 s');
  const soon = await call(`${path}?keepFor=300`, { action: 'UnlockConnector', connectorId: 1 });
  expect(await soon.json()).toMatchObject({ phase: 'queued' });
  const headers = { Authorization: `Bearer ${API_TOKEN}` };
  const withdraw = (id: string) => app.request(`/api${path}/${id}`, { method: 'DELETE', headers });
  expect(await (await withdraw(command.commandId)).json()).toMatchObject({ cause: 'withdrawn', ended: true });
  expect((await withdraw('none')).status).toBe(404);
});
