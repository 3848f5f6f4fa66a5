import { describe, expect, test } from 'vitest';
import { FLOOD_CALLS_MAX, FLOOD_WINDOW_MS } from '#src/edges/flood.ts';
import { CALLS_IN_FLIGHT_MAX, FRAMES_PER_SECOND_MAX } from '#src/edges/ocpp-json/link.ts';
import { remoteAddressOf } from '#src/edges/remote-address.ts';
import { knock, type Charger } from '../fixtures/charger.ts';
import { startEdge, type TestEdge } from '../fixtures/edge.ts';
import { until } from '../fixtures/until.ts';

/** What a socket may have read ahead before it is told to stop: one chunk of the network. */
const CHUNK_BYTES = 65_536;
const STATUS = '{"connectorId":1,"status":"Available","errorCode":"NoError"}';

function gate(): [opened: Promise<void>, open: () => void] {
  const { promise, resolve } = Promise.withResolvers<void>();
  return [promise, resolve];
}

function status(id: string): string {
  return `[2,"${id}","StatusNotification",${STATUS}]`;
}

/** What was delivered once nothing more comes: the link is at rest when two looks, a round trip apart, agree. */
async function settledCalls(edge: TestEdge, roundTrip: () => Promise<unknown>): Promise<number> {
  let before = -1;
  while (before !== edge.calls.length) {
    before = edge.calls.length;
    await roundTrip();
  }
  return before;
}

describe('a link that begins', () => {
  test('a charger that is closed while it is admitted, as its certificate is revoked or its station deleted, stays out', async () => {
    const edge = await startEdge();
    const [admitted, admit] = gate();
    edge.admitting = () => admitted;
    const knocking = knock(`ws://127.0.0.1:${edge.edge.port}/cp1`);
    const other = knock(`ws://127.0.0.1:${edge.edge.port}/CP2`);
    await until('two arrivals', () => edge.arrivals.length === 2);
    edge.edge.closeChargePoint('CP1', 4004, 'its certificate was revoked');
    admit();
    expect(await knocking).toMatchObject({ ok: false, status: 503 });
    expect(await other).toMatchObject({ ok: true });
    expect(edge.of('link-up')).toHaveLength(1);
    await edge.dial('cp1');
    expect(edge.edge.links()).toBe(2);
  });

  test('field-25: a charger that dials again before it has said anything is not half-made; one that goes is', async () => {
    const edge = await startEdge();
    await edge.dial();
    const second = await edge.dial();
    await until('the first to be gone', () => edge.of('link-down').length === 1);
    expect(edge.halfMade).toEqual([]);
    await second.close();
    await until('the second to be gone', () => edge.of('link-down').length === 2);
    expect(edge.halfMade).toMatchObject([{ identity: 'CP1', remoteAddress: '127.0.0.1' }]);
  });

  test('field-10: one address is written in one way, whichever family the port listens on', () => {
    expect(remoteAddressOf({ remoteAddress: '::ffff:10.0.0.7' })).toBe('10.0.0.7');
    expect(remoteAddressOf({ remoteAddress: '2001:db8::7' })).toBe('2001:db8::7');
    expect(remoteAddressOf({})).toBe('unknown');
  });
});

describe('a charger that does not wait for its answers', () => {
  test('its socket is not read further while too many of its calls wait, and nothing is lost', async () => {
    const edge = await startEdge();
    const charger = await edge.dial('EAGER');
    const other = await edge.dial('CALM');
    const padding = 'p'.repeat(4_000);
    const sent = 400;
    for (let index = 0; index < sent; index++)
      charger.send(`[2,"q${index}","DataTransfer",{"vendorId":"v","data":"${padding}"}]`);
    await until('the limit reached', () => edge.calls.length > CALLS_IN_FLIGHT_MAX);
    const roundTrip = async () => {
      const answer = other.answerTo('ping');
      other.send('[2,"ping","Heartbeat",{}]');
      const beat = await until('the beat of the other', () =>
        edge.calls.find((one) => one.call.action === 'Heartbeat'),
      );
      edge.delivered.splice(edge.delivered.indexOf(beat), 1);
      edge.answer(beat, '{"currentTime":"2026-01-01T00:00:00Z"}');
      await answer;
    };
    const held = await settledCalls(edge, roundTrip);
    expect(held).toBeLessThanOrEqual(CALLS_IN_FLIGHT_MAX + 1 + Math.ceil(CHUNK_BYTES / padding.length));
    let answered = 0;
    await until('all of them', () => {
      for (; answered < edge.calls.length; answered++) edge.answer(edge.calls[answered]!, '{"status":"Accepted"}');
      return answered === sent;
    });
    expect(edge.calls.map((one) => one.from.messageId)).toEqual(
      Array.from({ length: sent }, (_, index) => `q${index}`),
    );
    await until('every answer', () => charger.heard.length === sent);
  });

  test('field-37: a socket that is read too fast rests until the second is over', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    const sent = FRAMES_PER_SECOND_MAX * 2;
    const startedMs = performance.now();
    // Large frames, so that what is read ahead holds few of them.
    const padding = 'p'.repeat(2_000);
    for (let index = 0; index < sent; index++)
      charger.send(`[2,"f${index}","DataTransfer",{"vendorId":"v","data":"${padding}"}]`);
    let answered = 0;
    await until('all of them', () => {
      for (; answered < edge.calls.length; answered++) edge.answer(edge.calls[answered]!, '{"status":"Accepted"}');
      return answered === sent;
    });
    expect(performance.now() - startedMs).toBeGreaterThan(900);
  });
});

describe('a flood', () => {
  /** In bites that a second of the edge's clock allows, each awaited, so that no socket rests. */
  async function flood(edge: TestEdge, charger: Charger, texts: readonly string[]): Promise<void> {
    const bite = FRAMES_PER_SECOND_MAX - 100;
    for (let from = 0; from < texts.length; from += bite) {
      edge.nowMs += 1_000;
      for (const text of texts.slice(from, from + bite)) charger.send(text);
      await charger.ask(`end-${from}`, `[2,"end-${from}","Heartbeat",{}]`);
    }
  }

  test('field-37: all is answered, only transactions are journalled, and one alert is given when it begins', async () => {
    const edge = await startEdge();
    edge.answers = true;
    const charger = await edge.dial();
    const texts = Array.from({ length: FLOOD_CALLS_MAX + 100 }, (_, index) => status(`f${index}`));
    await flood(edge, charger, texts);
    const silent = edge.calls.filter((one) => one.frame === null);
    expect(silent).toHaveLength(edge.calls.length - FLOOD_CALLS_MAX);
    expect(edge.of('flood')).toHaveLength(1);
    await charger.ask(
      's',
      '[2,"s","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}]',
    );
    expect(edge.calls.at(-1)?.frame).not.toBeNull();
    expect(charger.heard).toHaveLength(edge.calls.length);
  });

  test('field-37: frames that cannot be read are answered, and a flood of them is not journalled one by one', async () => {
    const edge = await startEdge();
    edge.answers = true;
    const charger = await edge.dial();
    const bad = Array.from({ length: FLOOD_CALLS_MAX }, (_, index) => [
      `[2,"b${index}","Nonsense",{}]`,
      '[9,"ignored"]',
    ]).flat();
    await flood(edge, charger, bad);
    expect(edge.of('bad-frame').length + edge.ignored.length).toBeLessThanOrEqual(FLOOD_CALLS_MAX);
    expect(charger.heard.filter((frame) => frame[2] === 'NotImplemented')).toHaveLength(FLOOD_CALLS_MAX);
    expect(edge.of('flood')).toHaveLength(1);
    edge.nowMs += FLOOD_WINDOW_MS;
    await charger.ask('calm', '[2,"calm","Nonsense",{}]');
    expect(edge.of('bad-frame').at(-1)?.from.messageId).toBe('calm');
  });

  test('field-37: a flood that goes on is told once; another one after a calm is told again', async () => {
    const edge = await startEdge();
    edge.answers = true;
    const charger = await edge.dial();
    const texts = Array.from({ length: FLOOD_CALLS_MAX + 1 }, () => '[2,"x","Heartbeat",{}]');
    for (let round = 0; round < 3; round++) {
      await flood(edge, charger, texts);
      edge.nowMs += FLOOD_WINDOW_MS;
    }
    expect(edge.of('flood')).toHaveLength(1);
    await charger.ask('calm', '[2,"calm","Heartbeat",{}]');
    edge.nowMs += FLOOD_WINDOW_MS;
    await flood(edge, charger, texts);
    expect(edge.of('flood')).toHaveLength(2);
  });
});

describe('a message id that comes again', () => {
  test('field-35: the same call under the same id is answered from what was answered, and is not delivered again', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    const first = charger.answerTo('one');
    charger.send(status('one'));
    edge.answer(await until('the call', () => edge.calls[0]), '{"mark":1}');
    expect(await first).toEqual([3, 'one', { mark: 1 }]);
    expect(await charger.ask('one', status('one'))).toEqual([3, 'one', { mark: 1 }]);
    expect(edge.calls).toHaveLength(1);
  });

  test('field-35: repeated before it was answered, it waits for that answer', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    charger.send(status('one'));
    charger.send(status('one'));
    charger.send(status('two'));
    await until('the second call', () => edge.calls.length === 2);
    expect(edge.calls.map((one) => one.from.messageId)).toEqual(['one', 'two']);
  });

  test('field-35: the same id over another call is another call, and is flagged', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    charger.send(status('one'));
    charger.send('[2,"one","StatusNotification",{"connectorId":2,"status":"Faulted","errorCode":"GroundFailure"}]');
    await until('both', () => edge.calls.length === 2);
    expect(edge.calls.map((call) => call.tolerated)).toEqual([[], ['message-id-reused']]);
  });

  test('field-35: a box that numbers every call alike may say the same thing twice and mean it', async () => {
    const edge = await startEdge();
    edge.answers = true;
    const charger = await edge.dial();
    const said = (word: string) =>
      `[2,"1","StatusNotification",{"connectorId":1,"status":"${word}","errorCode":"NoError"}]`;
    for (const word of ['Available', 'Charging', 'Available']) await charger.ask('1', said(word));
    expect(edge.calls).toHaveLength(3);
    await charger.ask('1', said('Available'));
    expect(edge.calls).toHaveLength(3);
  });

  test('field-35: what was not answered is delivered again', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    charger.send(status('one'));
    const first = await until('the call', () => edge.calls[0]);
    edge.edge.abandon(first.from);
    charger.send(status('one'));
    await until('the call again', () => edge.calls.length === 2);
  });

  test.each(['Heartbeat', 'Authorize', 'BootNotification'])(
    'field-35: a box whose every %s has one id is answered for the moment it asks',
    async (action) => {
      const edge = await startEdge();
      const charger = await edge.dial();
      const text = `[2,"1","${action}",{"idTag":"A","chargePointVendor":"v","chargePointModel":"m"}]`;
      for (let index = 0; index < 3; index++) {
        const answer = charger.answerTo('1');
        charger.send(text);
        edge.answer(await until('the call', () => edge.calls[index]), `{"mark":${index}}`);
        expect(await answer).toEqual([3, '1', { mark: index }]);
      }
    },
  );

  test('field-35: only the latest answers are kept', async () => {
    const edge = await startEdge();
    const charger = await edge.dial();
    for (let index = 0; index < 6; index++) {
      charger.send(status(`k${index}`));
      edge.answer(await until('the call', () => edge.calls[index]));
    }
    charger.send(status('k0'));
    await until('the oldest again', () => edge.calls.length === 7);
  });
});

describe('a charger that is forgiven nothing', () => {
  test.each([
    {
      what: 'a number as text',
      text: `[2,"s","StatusNotification",{"connectorId":"1","status":"Available","errorCode":"NoError"}]`,
      code: 'TypeConstraintViolation',
    },
    {
      what: 'a word that the standard does not know',
      text: `[2,"s","StatusNotification",{"connectorId":1,"status":"Asleep","errorCode":"NoError"}]`,
      code: 'PropertyConstraintViolation',
    },
    {
      what: 'a field too many',
      text: `[2,"s","Heartbeat",{"uptime":12}]`,
      code: 'FormationViolation',
    },
    { what: 'JSON that had to be repaired', text: `[2,"s","Heartbeat",{},]`, code: 'FormationViolation' },
    { what: 'no payload', text: `[2,"s","Heartbeat"]`, code: 'FormationViolation' },
  ])('$what gets the error of the protocol, where another charger is understood', async ({ text, code }) => {
    const edge = await startEdge();
    edge.answers = true;
    edge.strict.add('EXAM');
    const [exam, field] = await Promise.all([edge.dial('EXAM'), edge.dial('FIELD')]);
    expect(await exam.ask('s', text)).toEqual([4, 's', code, '', {}]);
    expect(await field.ask('s', text)).toEqual([3, 's', {}]);
  });

  test('the switch is looked at with each call: it needs no new connection', async () => {
    const edge = await startEdge();
    edge.answers = true;
    const charger = await edge.dial('EXAM');
    expect(await charger.ask('a', '[2,"a","Heartbeat",{"x":1}]')).toEqual([3, 'a', {}]);
    edge.strict.add('EXAM');
    expect(await charger.ask('b', '[2,"b","Heartbeat",{"x":1}]')).toEqual([4, 'b', 'FormationViolation', '', {}]);
    edge.strict.delete('EXAM');
    expect(await charger.ask('c', '[2,"c","Heartbeat",{"x":1}]')).toEqual([3, 'c', {}]);
  });

  test('it must say which sub-protocol it speaks', async () => {
    const edge = await startEdge();
    edge.strict.add('EXAM');
    const charger = await edge.dial('EXAM', { protocols: [] });
    expect((await charger.closed).code).toBe(1002);
    expect(edge.refused).toMatchObject([{ identity: 'EXAM', why: 'no-subprotocol' }]);
  });

  test.each([
    {
      what: 'Connection: Upgrade left out',
      path: 'EXAM',
      options: { forgetsConnection: true },
      why: 'no-connection-upgrade',
    },
    { what: 'a trailing slash', path: 'EXAM/', options: {}, why: 'odd-path' },
    { what: 'its identity twice', path: 'EXAM/EXAM', options: {}, why: 'odd-path' },
  ])('field-25: $what keeps it out with 400, where another charger comes in', async ({ path, options, why }) => {
    const edge = await startEdge();
    await edge.dial(path.replaceAll('EXAM', 'FIELD'), options);
    expect(edge.of('link-up')).toMatchObject([{ tolerated: [why], note: why }]);
    edge.strict.add('EXAM');
    await expect(edge.dial(path, options)).rejects.toThrow('refused: 400');
    expect(edge.refused).toMatchObject([{ identity: 'EXAM', why }]);
  });
});
