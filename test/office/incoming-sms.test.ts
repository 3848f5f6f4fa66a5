import { expect, test } from 'vitest';
import { TEXTS_OF_NUMBER_MAX, textService, WINDOW_MS } from '#actors/text/service.ts';
import { orderIn, senderOf } from '#src/domain/incoming-sms.ts';
import { openMemory } from '#src/storage/memory/open.ts';

test.each([
  ['PON-1', { identity: 'PON-1', connectorId: null }],
  ['  k100   2\n', { identity: 'k100', connectorId: 2 }],
  ['PON-1 0', null],
  ['PON-1 25', null],
  ['PON-1 maintenant', null],
  ['', null],
  ['x'.repeat(200), null],
])('SOC-10: %j asks for %j', (text, order) => {
  expect(orderIn(text)).toEqual(order);
});

test.each([
  ['+33 6 12 34 56 78', '+33612345678'],
  ['33612345678', '+33612345678'],
  ['0033612345678', '+33612345678'],
  ['06.12.34.56.78', '+33612345678'],
  ['+447700900123', '+447700900123'],
  ['PUB', null],
  ['38080', null],
])('SOC-10: the sender %j is %j', (written, number) => {
  expect(senderOf(written)).toBe(number);
});

test('SOC-10: one number is heard so many times in ten minutes', async () => {
  const { reader } = openMemory({ now: () => 0 });
  const service = textService({
    reader,
    office: { write: async () => 'ok' },
    ask: () => Promise.reject(new Error('nobody is asked')),
    welcomeStrangers: false,
    answerOf: () => '',
    note: () => undefined,
  });
  const heard = async (from: string, atMs: number) => {
    const sms = { id: String(atMs), from, text: 'PON-1' };
    const [effect] = await service({ type: 'sms-received', sms, atMs, replyTo: { ask: 1 } });
    return effect?.type === 'reply' ? effect.value : null;
  };
  for (let count = 0; count < TEXTS_OF_NUMBER_MAX; count++)
    expect(await heard('+33612345678', count)).toBe('unreadable');
  expect(await heard('+33612345678', 9)).toBe('too-many');
  expect(await heard('+33612345679', 9)).toBe('unreadable');
  expect(await heard('+33612345678', WINDOW_MS)).toBe('unreadable');
});
