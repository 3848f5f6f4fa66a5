import { expect, test } from 'vitest';
import { Alarms } from '#actors/alarms.ts';

test('a turn that ends after its engine has stopped arms no alarm: nobody would hear it', () => {
  const armed: number[] = [];
  const wakeIn = (ms: number) => {
    armed.push(ms);
    return () => undefined;
  };
  const alarms = new Alarms({ now: () => 1_000, wakeIn, ring: () => undefined });
  const alarm = { key: 'a', atMs: 1_500, message: {}, durable: false };
  alarms.set('wallet/w1', alarm);
  alarms.close();
  alarms.set('wallet/w1', alarm);
  expect(armed).toEqual([500]);
});
