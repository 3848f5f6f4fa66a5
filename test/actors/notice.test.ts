import { describe, expect, test } from 'vitest';
import type { Ending } from '#actors/notice/messages.ts';
import { chargeNotice, NEWS_MS_MAX, type NoticeFacts } from '#actors/notice/notice.ts';
import { EndingWatch, FULL_AFTER_MS, FULL_WH_MIN, TELL_AGAIN_MS, TOLD_AT_ONCE_MAX } from '#actors/notice/watch.ts';
import { freshConnector, restoredConnector, type ConnectorState } from '#actors/connector/state.ts';
import { cents } from '#src/domain/money.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { customerLetters } from '#web/letters/customer.ts';
import { aMeter, aStart, aStatus, aStop, at, ConnectorRun } from '../fixtures/connector.ts';

/** A watch over one connector; `fails` turns take nothing. */
function watched(fails = 0) {
  const told: Ending[] = [];
  let left = fails;
  const watch = new EndingWatch({
    async tell(ending) {
      if (left-- > 0) throw new Error('the disk refuses');
      told.push(ending);
    },
  });
  const turn = async (nowMs: number) => {
    watch.sweep(nowMs);
    watch.drain(nowMs);
    await new Promise(setImmediate);
    return told.map(({ transactionId, how, isParked }) => `${transactionId} ${how}${isParked ? ' parked' : ''}`);
  };
  return { watch, told, turn };
}

describe('CLI-08: the end of a charge', () => {
  test('is seen once, when its transaction is closed, with whether the vehicle stands there still', async () => {
    const { watch, turn } = watched();
    const run = new ConnectorRun();
    for (const message of [aStart(), aStatus('Charging', 1), aMeter(), aStop(), aStatus('Finishing', 61)]) {
      await run.take(message);
      watch.look(run.state, at(61));
      watch.look(run.state, at(61));
    }
    expect(await turn(at(61))).toEqual(['7 ended parked']);
    await run.takeAll([aStatus('Available', 70), aStart({ minutes: 80, transactionId: 8 })]);
    watch.look(run.state, at(80));
    // Unplugged is over, and nobody stands there; of another badge that came at once, too.
    await run.take(aStop({ minutes: 90, transactionId: 8, reason: 'EVDisconnected' }));
    watch.look(run.state, at(90));
    expect(await turn(at(90))).toEqual(['7 ended parked', '8 ended']);
  });

  test('is seen when the next one has begun before anybody looked', async () => {
    const { watch, turn } = watched();
    const run = new ConnectorRun();
    await run.take(aStart());
    watch.look(run.state, at(1));
    await run.takeAll([aStop(), aStart({ minutes: 61, transactionId: 8 })]);
    watch.look(run.state, at(61));
    expect(await turn(at(61))).toEqual(['7 ended']);
  });

  test('is found again after a restart while the vehicle stands there', async () => {
    const run = new ConnectorRun();
    await run.takeAll([aStart(), aStop()]);
    const { watch, turn } = watched();
    watch.look(restoredConnector(JSON.parse(JSON.stringify(run.state))), at(62));
    expect(await turn(at(62))).toEqual(['7 ended parked']);
  });

  test('is a vehicle that takes nothing for a while, once, and neither one that waits for the night nor one that goes on', async () => {
    const { watch, turn } = watched();
    const run = new ConnectorRun();
    const fullMinutes = FULL_AFTER_MS / 60_000;
    await run.takeAll([aStart(), aMeter({ registerWh: 1_000 + FULL_WH_MIN - 1 }), aStatus('SuspendedEV', 31)]);
    watch.look(run.state, at(31));
    expect(await turn(at(31 + fullMinutes))).toEqual([]);
    await run.takeAll([
      aStatus('Charging', 40),
      aMeter({ minutes: 50, registerWh: 9_000 }),
      aStatus('SuspendedEV', 51),
    ]);
    watch.look(run.state, at(51));
    await run.take(aStatus('Charging', 52));
    watch.look(run.state, at(52));
    expect(await turn(at(53 + fullMinutes))).toEqual([]);
    await run.take(aStatus('SuspendedEV', 60));
    watch.look(run.state, at(60));
    expect(await turn(at(60 + fullMinutes) - 1)).toEqual([]);
    expect(await turn(at(60 + fullMinutes))).toEqual(['7 full parked']);
    await run.takeAll([aStatus('Charging', 70), aStatus('SuspendedEV', 71)]);
    watch.look(run.state, at(71));
    expect(await turn(at(80 + fullMinutes))).toEqual(['7 full parked']);
  });

  test('waits while it cannot be written, and of a whole town a few are told at each turn', async () => {
    const { watch, told, turn } = watched(TOLD_AT_ONCE_MAX);
    const parked = (connectorId: number): ConnectorState => ({
      ...freshConnector('CP1', connectorId),
      parked: connectorId,
    });
    for (let connectorId = 1; connectorId <= TOLD_AT_ONCE_MAX + 1; connectorId++)
      watch.look(parked(connectorId), at(0));
    await turn(at(0));
    expect(told).toEqual([]);
    await turn(at(0));
    expect(told.map(({ transactionId }) => transactionId)).toEqual([TOLD_AT_ONCE_MAX + 1]);
    await turn(at(0) + TELL_AGAIN_MS - 1);
    expect(told).toHaveLength(1);
    await turn(at(0) + TELL_AGAIN_MS);
    expect(told).toHaveLength(TOLD_AT_ONCE_MAX + 1);
  });
});

const record = (id: string, values: Values, inactive = false): RecordRow => ({
  id,
  subscriberId: 'ponant',
  version: 1,
  inactive,
  values,
  custom: {},
  createdAtMs: 1,
  changedAtMs: 1,
  changedBy: 'anne',
});
const ENDED: Ending = {
  transactionId: 7,
  chargePointId: 'PON-1',
  how: 'ended',
  energyWh: 0,
  fullSinceMs: 0,
  isParked: true,
};
const facts = (change: Partial<NoticeFacts> = {}): NoticeFacts => ({
  ending: ENDED,
  session: { startedAtMs: at(0), stoppedAtMs: at(95), energyWh: 12_340, price: cents(432), review: null },
  station: record('pon-1', { name: 'Quai Nord', smsToAccountCustomers: true, smsToPublicCustomers: false }),
  merchant: record('ponant', { options: ['mail', 'sms'] }),
  customer: { kind: 'account', record: record('anne', { mobile: '0612345678', language: 'fr' }) },
  atMs: at(96),
  ...change,
});
const letterOf = customerLetters('Europe/Paris').chargeOver;
const sent = (change: Partial<NoticeFacts> = {}) => chargeNotice(facts(change), letterOf);
const customer = (values: Values, kind: 'account' | 'public' = 'account', inactive = false) => ({
  customer: { kind, record: record('anne', { mobile: '+33612345678', language: 'fr', ...values }, inactive) },
});

describe('SOC-10, CLI-08: the SMS to a customer', () => {
  test('goes to his mobile in his language, with energy, time and price, under one key for ever, at the expense of the merchant', () => {
    expect(sent()).toMatchObject({
      key: 'charge-ended/PON-1/7',
      channel: 'sms',
      to: '+33612345678',
      subscriberId: 'ponant',
      text: 'Quai Nord : charge terminée, 12,3 kWh, 1 h 35, 4,32 €. Merci de libérer la place.',
    });
    const ending: Ending = { ...ENDED, how: 'full', energyWh: 9_000, fullSinceMs: at(80) };
    expect(sent({ ending, ...customer({ language: 'en' }) })).toMatchObject({
      key: 'charge-ended/PON-1/7',
      text: 'Quai Nord: your vehicle takes no more current, 9.0 kWh. Please free the space.',
    });
    expect(sent({ ending: { ...ENDED, isParked: false } })?.text).not.toContain('libérer');
    // What cannot be is not told: a person looks at it first.
    const session = { ...facts().session, review: 'implausible-energy' };
    expect(sent({ session })?.text).toBe('Quai Nord : charge terminée, 1 h 35. Merci de libérer la place.');
  });

  test('needs the option of the merchant, the box of the station for this kind of customer, and a mobile', () => {
    const boxes = { name: 'Quai', smsToAccountCustomers: false, smsToPublicCustomers: true };
    expect(sent({ merchant: record('ponant', { options: ['mail'] }) })).toBeNull();
    expect(sent({ merchant: record('ponant', {}) })).toBeNull();
    expect(sent({ merchant: null })).toBeNull();
    expect(sent({ station: record('pon-1', boxes) })).toBeNull();
    expect(sent({ station: record('pon-1', boxes), ...customer({}, 'public') })).not.toBeNull();
    expect(sent(customer({}, 'public'))).toBeNull();
    expect(sent(customer({ mobile: null }))).toBeNull();
    expect(sent(customer({}, 'account', true))).toBeNull();
    expect(sent({ customer: null })).toBeNull();
  });

  test('tells no old news: a charger that was offline tells of a charge days later', () => {
    expect(sent({ atMs: at(95) + NEWS_MS_MAX })).not.toBeNull();
    expect(sent({ atMs: at(95) + NEWS_MS_MAX + 1 })).toBeNull();
    expect(sent({ ending: { ...ENDED, how: 'full', fullSinceMs: at(90) - NEWS_MS_MAX } })).toBeNull();
  });
});
