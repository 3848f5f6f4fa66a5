import { afterAll, beforeAll, expect, test } from 'vitest';
import { apnKey } from '#src/domain/kit.ts';
import { knock } from '../fixtures/charger.ts';
import { aMessage } from '../fixtures/post.ts';
import { OPERATOR, PASSWORD, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  // SMS go to a port where nobody listens.
  server = await startOfficeServer({ smsUrl: 'http://127.0.0.1:9/send?to={to}&text={text}' });
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const LEVELS = 'level=info&level=problem&level=critical&level=debug';

/** The lines of a journal as texts, newest first. */
async function lines(who: string, address: string): Promise<readonly string[]> {
  const { text } = await server.get(who, address);
  return [...text.matchAll(/<span class="ev-text">([\s\S]*?)<\/span\s*>/g)].map(([, line = '']) => line.trim());
}

test('the journal is narrowed to one type of lines: frames, links, commands, accounts', async () => {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  await dialled.charger.boot();
  await dialled.charger.call('Heartbeat', {});
  await dialled.charger.close();
  const links = await until('both links', async () => {
    const found = await lines(MERCHANT, `/fleet/PON-1/events?${LEVELS}&type=links`);
    return found.length === 2 ? found : null;
  });
  expect(links.every((line) => /[Ll]iaison|[Cc]onnexion/.test(line))).toBe(true);
  const frames = await lines(MERCHANT, `/fleet/PON-1/events?${LEVELS}&type=frames`);
  expect(frames).toHaveLength(2);
  expect(await lines(MERCHANT, `/fleet/PON-1/events?${LEVELS}&type=commands`)).toEqual([]);
  expect((await lines(MERCHANT, `/fleet/PON-1/events?${LEVELS}&type=nonsense`)).length).toBe(4);
});

test('an SMS is a type of its own, with what each try came to; of a charger of OCPP there are none', async () => {
  const about = apnKey('kit:K7', 'message-1');
  await server.vigie.storage.post.queue(
    aMessage({ key: 'alert/7/opened/anne/sms', channel: 'sms', to: '+33612345678' }),
  );
  await server.vigie.storage.post.queue(aMessage({ key: about, channel: 'sms', to: '+33612345679' }));
  const found = await until('both lines', async () => {
    const told = await lines(OPERATOR, `/events?${LEVELS}&type=sms`);
    return told.length === 2 ? told : null;
  });
  for (const line of found) expect(line).toMatch(/^SMS refusé pour l’instant/);
  const { events } = await server.vigie.storage.reader.searchEvents({ levels: ['problem'], kinds: ['sms'], limit: 9 });
  const whose = new Map(events.map(({ chargePointId, note }) => [note?.split(':')[0], chargePointId]));
  expect(whose).toEqual(
    new Map([
      ['alert/7/opened/anne/sms', null],
      ['apn/kit%3AK7/message-1', 'kit:K7'],
    ]),
  );
  expect(await lines(OPERATOR, `/events?${LEVELS}&type=mails`)).toEqual([]);
  const page = (await server.get(OPERATOR, '/events')).text;
  for (const type of ['mails', 'sms']) expect(page).toContain(`<option value="${type}"`);
  expect((await server.get(MERCHANT, '/fleet/PON-1/events')).text).not.toContain('<option value="sms"');
});

test('whoever signs in, or fails to, stands in the journal; a name that nobody has does not', async () => {
  await server.get(MERCHANT, '/fleet');
  await server.post(null, '/login', { username: MERCHANT, password: 'wrong-password-1' });
  await server.post(null, '/login', { username: PASSWORD, password: 'typed-in-the-wrong-box' });
  const address = `/events?${LEVELS}&type=accounts`;
  await until('the lines', async () => {
    const found = await lines(OPERATOR, address);
    const refused = found.filter((line) => line.startsWith('Connexion refusée'));
    return refused.length === 2 && found.some((line) => line.startsWith(`Connexion — ${MERCHANT}`));
  });
  const told = (await lines(OPERATOR, address)).join('\n');
  expect(told).toContain(`Connexion refusée\u00a0: mot de passe faux — ${MERCHANT}`);
  expect(told).not.toContain(PASSWORD);
  expect((await server.get(OPERATOR, `/events?${LEVELS}&type=links`)).text).not.toContain('Connexion refusée');
});
