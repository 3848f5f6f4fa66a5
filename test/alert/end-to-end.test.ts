import { expect, onTestFinished, test } from 'vitest';
import { CALM_MS, ESCALATE_MS } from '#actors/alert/decide.ts';
import { MAINTAINER, MERCHANT, prepareStation, startAlertServer } from '../fixtures/alert-server.ts';
import { startMailServer } from '../fixtures/mail-server.ts';
import { ALL } from '../fixtures/post.ts';
import { until } from '../fixtures/until.ts';
import { databasePath } from '../storage/files.ts';

/** An alarm that is this near rings in the life of the test. */
const NEAR_MS = 150;

async function world() {
  const [path, mail] = [await databasePath(), await startMailServer()];
  const clock = { aheadMs: 0 };
  const now = () => Date.now() + clock.aheadMs;
  let stop = async (): Promise<void> => undefined;
  onTestFinished(() => stop());
  return {
    path,
    mail,
    now,
    /** The next life of the server; the one before is over. `justBefore`: an alarm that its clock comes close to. */
    async start(justBefore: number | null = null) {
      if (justBefore !== null) clock.aheadMs = justBefore - NEAR_MS - Date.now();
      const server = await startAlertServer({ path, mailUrl: mail.url, now });
      stop = server.stop;
      return server;
    },
  };
}

test('ALR-01: a fault told on a real socket sends one mail, over a restart and however it flaps, and one at its end', async () => {
  const { path, mail, now, start } = await world();
  await prepareStation(path, { recipients: [MAINTAINER, MERCHANT] });

  const first = await start();
  const charger = await first.booted();
  const openedMs = now();
  await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  await until('the mail of the fault', () => mail.mails.length > 0);
  await charger.status(1, 'Available');
  await first.alarm(({ atMs }) => atMs < openedMs + ESCALATE_MS);
  await charger.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  await first.alarm(({ atMs }) => atMs >= openedMs + ESCALATE_MS);
  await first.stop();

  const second = await start();
  const back = await second.booted();
  await back.status(1, 'Faulted', { errorCode: 'GroundFailure' });
  await back.status(1, 'Available');
  const calm = await second.alarm(({ atMs }) => atMs < openedMs + ESCALATE_MS);
  expect(calm.atMs).toBeGreaterThanOrEqual(openedMs + CALM_MS);
  await second.stop();

  const third = await start(calm.atMs);
  await until('the mail of the end', () => mail.mails.length > 1);
  const { rows } = await third.storage.alerts.list({ open: false, offset: 0, limit: 9 });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ chargePointId: 'PON-1', code: 'GroundFailure' });
  expect(rows[0]?.endedAtMs).toBeGreaterThanOrEqual(calm.atMs);
  await until('both are written', async () => (await third.storage.post.list({ ...ALL, state: 'sent' })).found === 2);
  await third.stop();

  const fourth = await start();
  expect((await fourth.storage.post.list(ALL)).found).toBe(2);
  expect(mail.mails.map(({ subject, to }) => [subject, to?.[0]?.address])).toEqual([
    ['Défaut – Quai Nord (PON-1)', 'yann.guillou@atlantique.example'],
    ['Fin\u00a0: Défaut – Quai Nord (PON-1)', 'yann.guillou@atlantique.example'],
  ]);
  expect(mail.mails[0]?.text).toContain('Défaut de terre (point 1).');
  expect(mail.mails[0]?.text).toContain('https://vigie.example/fleet/PON-1');
  expect([first.bugs, second.bugs, third.bugs, fourth.bugs]).toEqual([[], [], [], []]);
}, 30_000);

test('a fault that nobody takes in charge is told to the administrator of who was told', async () => {
  const { path, mail, start } = await world();
  await prepareStation(path, { recipients: [MAINTAINER] });
  const first = await start();
  await (await first.booted()).status(0, 'Faulted', { errorCode: 'OtherError' });
  await until('the mail of the fault', () => mail.mails.length > 0);
  const escalation = await first.alarm(() => true);
  await first.stop();
  await start(escalation.atMs);
  await until('the mail of the escalation', () => mail.mails.length > 1);
  expect(mail.mails[1]?.subject).toBe('Sans prise en charge\u00a0: Défaut – Quai Nord (PON-1)');
}, 30_000);

test('ALR-02, ALR-03: a vehicle that stands too long before its charge is told of, and that it charges', async () => {
  const { path, mail, now, start } = await world();
  const values = { parkingBeforeMinutes: 15, parkingAfterMinutes: 30, parkingMinutesMax: 600 };
  await prepareStation(path, { recipients: [MAINTAINER, MERCHANT], values });
  const first = await start();
  const parkedMs = now();
  await (await first.booted()).status(1, 'Preparing');
  const limit = await first.alarm(() => true);
  expect(Math.round((limit.atMs - parkedMs) / 60_000)).toBe(15);
  await first.stop();

  const second = await start(limit.atMs);
  await until('the mail of the limit', () => mail.mails.length > 0);
  await (await second.booted()).status(1, 'Charging');
  await until('the mail of the end', () => mail.mails.length > 1);
  expect(mail.mails.map(({ subject, to }) => [subject, to?.[0]?.address])).toEqual([
    ['Stationnement avant charge – Quai Nord (PON-1)', 'camille.roux@ponant.example'],
    ['Fin\u00a0: Stationnement avant charge – Quai Nord (PON-1)', 'camille.roux@ponant.example'],
  ]);
}, 30_000);

test('MPU-06: whoever lost the maintenance is told no more, and names his people again when he has it back', async () => {
  const { path, mail, start } = await world();
  await prepareStation(path, { recipients: [MAINTAINER, { ...MERCHANT, fault: ['mail'] }] });
  const server = await start();
  const { office, alerts } = server.storage;
  const row = { companyId: 'ponant-company-1', maintainerId: 'atlantique' };
  await office.write([{ type: 'maintenance-gone', ...row }]);
  await office.write([{ type: 'maintenance', row: { ...row, offeredAtMs: 1, acceptedAtMs: 2 } }]);
  expect((await alerts.recipients('pon-1')).map(({ userId }) => userId)).toEqual([MERCHANT.userId]);
  await (await server.booted()).status(1, 'Faulted', { errorCode: 'HighTemperature' });
  await until('the mail of the fault', () => mail.mails.length > 0);
  expect(mail.mails.map(({ to }) => to?.[0]?.address)).toEqual(['camille.roux@ponant.example']);
}, 30_000);
