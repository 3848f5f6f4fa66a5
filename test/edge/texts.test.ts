import { expect, test } from 'vitest';
import { startEdge } from '../fixtures/edge.ts';
import { until } from '../fixtures/until.ts';

/** On both sides of every change in how a WebSocket writes a length (RFC 6455 §5.2). */
const LENGTHS = [125, 126, 65_535, 65_536, 200_000];

test.each(['e', 'é', '€', '🔌'])(
  'an answer of any length arrives whole, also when it is made of %s',
  async (letter) => {
    const edge = await startEdge();
    const charger = await edge.dial();
    for (const [index, bytes] of LENGTHS.entries()) {
      const id = `t${index}`;
      const answer = charger.answerTo(id);
      charger.send(`[2,"${id}","Heartbeat",{}]`);
      const call = await until('the call', () => edge.calls[index]);
      const around = Buffer.byteLength(`[3,"${id}",{"data":""}]`);
      const letters = Math.floor((bytes - around) / Buffer.byteLength(letter));
      const rest = 'e'.repeat(bytes - around - letters * Buffer.byteLength(letter));
      const data = letter.repeat(letters) + rest;
      edge.answer(call, JSON.stringify({ data }));
      expect((await answer)[2]).toEqual({ data });
    }
  },
);

test('answers, pings and the last word of a link arrive in the order in which they were sent', async () => {
  const edge = await startEdge();
  const charger = await edge.dial();
  const sent = 50;
  for (let index = 0; index < sent; index++) charger.send(`[2,"o${index}","Heartbeat",{}]`);
  await until('the calls', () => edge.calls.length >= 32);
  let answered = 0;
  await until('all of them', () => {
    for (; answered < edge.calls.length; answered++) edge.answer(edge.calls[answered]!);
    return answered === sent;
  });
  edge.edge.closeChargePoint('CP1', 4000, 'the end');
  edge.answer(edge.calls[0]!, '{"after":"the end"}');
  expect(await charger.closed).toEqual({ code: 4000, why: 'the end' });
  expect(charger.heard.map(([, id]) => id)).toEqual(Array.from({ length: sent }, (_, index) => `o${index}`));
});
