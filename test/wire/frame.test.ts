import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ERROR_DESCRIPTION_CHARACTERS_MAX,
  FRAME_BYTES_MAX,
  MESSAGE_ID_CHARACTERS_MAX,
  MESSAGE_ID_CHARACTERS_TOLERATED_MAX,
  readFrame,
  writeCall,
  writeError,
  writeResult,
} from '#src/wire/ocpp/frame.ts';

const HEARTBEAT = { kind: 'call', messageId: '17', action: 'Heartbeat', payload: {} };

test('a call, a result and an error are read as the standard writes them, and share one empty list of tolerances', () => {
  const call = readFrame('[2,"17","Authorize",{"idTag":"04A1B2C3"}]');
  expect(call).toEqual({
    kind: 'call',
    messageId: '17',
    action: 'Authorize',
    payload: { idTag: '04A1B2C3' },
    tolerated: [],
  });
  const result = readFrame('[3,"17",{"status":"Accepted"}]');
  expect(result).toEqual({ kind: 'result', messageId: '17', payload: { status: 'Accepted' }, tolerated: [] });
  const error = readFrame('[4,"17","NotSupported","no such thing",{"a":1}]');
  expect(error).toEqual({
    kind: 'error',
    messageId: '17',
    code: 'NotSupported',
    description: 'no such thing',
    details: { a: 1 },
    tolerated: [],
  });
  expect('tolerated' in call && 'tolerated' in error && call.tolerated === error.tolerated).toBe(true);
});

test.each([
  ['a leading comma', '[,2,"17","Heartbeat",{}]'],
  ['a comma before the frame', ',[2,"17","Heartbeat",{}]'],
  ['a doubled comma', '[2,"17",,"Heartbeat",{}]'],
  ['a trailing comma in the frame', '[2,"17","Heartbeat",{},]'],
  ['a trailing comma in the payload', '[2,"17","Heartbeat",{,}]'],
  ['NUL bytes after the frame', '[2,"17","Heartbeat",{}]\0\0'],
  ['NUL bytes between values', '\0[2,\0"17","Heartbeat",{}\0]'],
  ['a byte order mark', '\ufeff[2,"17","Heartbeat",{}]'],
  ['trailing garbage', '[2,"17","Heartbeat",{}]]}xyz'],
  ['another frame behind it', '[2,"17","Heartbeat",{}][2,"18","Heartbeat",{}]'],
  ['a missing last bracket', '[2,"17","Heartbeat",{}'],
  ['a missing last bracket and a NUL', '[2,"17","Heartbeat",{}\0'],
])('field-16: a frame with %s is repaired and tagged', (_fault, text) => {
  expect(readFrame(text)).toEqual({ ...HEARTBEAT, tolerated: ['repaired-json'] });
});

test.each([
  ['an empty value', '{"info":,"connectorId":1}', { info: null, connectorId: 1 }],
  ['an empty last value', '{"connectorId":1,"info":}', { connectorId: 1, info: null }],
  ['nan from a printf', '{"value":nan}', { value: null }],
  ['-inf from a printf', '{"value":-inf}', { value: null }],
  ['undefined', '{"value":undefined}', { value: null }],
  ['words of Python', '{"a":True,"b":False,"c":None}', { a: true, b: false, c: null }],
  ['zero-padded numbers', '{"a":007,"b":-01,"c":00}', { a: 7, b: -1, c: 0 }],
  ['numbers without a digit before or after the point', '{"a":.5,"b":5.,"c":+5}', { a: 0.5, b: 5, c: 5 }],
  ['a line break inside a text', '{"info":"a\nb"}', { info: 'a\nb' }],
  ['a NUL inside a text', '{"idTag":"04A1\0\0"}', { idTag: '04A1\0\0' }],
  ['a lone backslash', '{"location":"C:\\Users\\new"}', { location: 'C:\\Users\new' }],
  ['an escape that JSON does not have', '{"info":"it\\\'s"}', { info: "it\\'s" }],
])('field-16: a payload with %s is repaired and tagged', (_fault, payload, expected) => {
  expect(readFrame(`[2,"17","DataTransfer",${payload}]`)).toEqual({
    kind: 'call',
    messageId: '17',
    action: 'DataTransfer',
    payload: expected,
    tolerated: ['repaired-json'],
  });
});

test.each([
  ['cut in the middle of a value', '[2,"17","StopTransaction",{"meterStop":12'],
  ['cut after a value', '[2,"17","StopTransaction",{"meterStop":1234'],
  ['cut inside a text', '[2,"17","Authorize",{"idTag":"04A1'],
  ['with a missing comma', '[2,"17" "Heartbeat",{}]'],
  ['with a missing comma before an object', '[2,"17","Heartbeat"{}]'],
  ['with brackets that do not match', '[2,"17","Heartbeat",{]}'],
  ['with single quotes', '[2,"17",\'Heartbeat\',{}]'],
  ['with a decimal comma', '[2,"17","MeterValues",{"value":12,5}]'],
  ['with a word that nobody knows', '[2,"17","Heartbeat",{"a":maybe}]'],
  ['with a colon in an array', '[2,"17":"Heartbeat",{}]'],
])('field-16: a frame %s is not guessed at, but answered under its id', (_fault, text) => {
  expect(readFrame(text)).toMatchObject({
    kind: 'malformed',
    messageId: '17',
    looksLike: 'call',
    fault: { code: 'FormationViolation' },
  });
});

test.each([
  '',
  '   ',
  '\0\0',
  'hello',
  '{}',
  '{"a":1}',
  'null',
  '42',
  '"text"',
  '[]',
  '[null]',
  '[["2"]]',
  '[',
  ']',
  '<html>',
])('field-16: %j is a frame that nobody can be answered by id, so it is answered under -1', (text) => {
  const fault = { code: 'FormationViolation', detail: expect.any(String) as string };
  expect(readFrame(text)).toEqual({ kind: 'malformed', messageId: '-1', looksLike: 'unknown', fault });
});

test.each([
  ['a number', '[2,17,"Heartbeat",{},]', '17'],
  ['escapes', '[2,"a\\"b\\u0041",,}', 'a"bA'],
  ['spaces and commas around it', '[ 2 ,, "17" , ', '17'],
  ['garbage before the frame', 'OCPP:[2,"17",', '17'],
])('field-16: the message id is recovered from broken text with %s', (_case, text, messageId) => {
  expect(readFrame(text)).toMatchObject({ messageId });
});

test('field-16: a broken answer is told apart from a broken call, for no CALLERROR answers an answer', () => {
  expect(readFrame('[3,"17",{"status":"Acc')).toMatchObject({
    kind: 'malformed',
    messageId: '17',
    looksLike: 'answer',
  });
  expect(readFrame('[4,"17","Gen')).toMatchObject({ kind: 'malformed', messageId: '17', looksLike: 'answer' });
});

test.each([
  '[1,"17","Heartbeat",{}]',
  '[5,"17",{}]',
  '[0]',
  '[-3,"x"]',
  '[6,"17","Heartbeat",{}]',
  '[2.5,"17"]',
  '["1"]',
])('field-16: %s has a message type that the standard tells us to ignore', (text) => {
  const frame = readFrame(text);
  expect(frame).toMatchObject({ kind: 'ignored', why: 'unknown-message-type' });
  expect('tolerated' in frame && frame.tolerated.includes('unknown-message-type')).toBe(true);
});

test('field-16: a message id that is a number is read as it is spelled', () => {
  expect(readFrame('[2,17,"Heartbeat",{}]')).toEqual({ ...HEARTBEAT, tolerated: ['message-id-not-text'] });
  expect(readFrame('[2,12345678901234567890,"Heartbeat",{}]')).toMatchObject({ messageId: '12345678901234567890' });
  expect(readFrame('[3,-1,{}]')).toMatchObject({ kind: 'result', messageId: '-1' });
});

test('field-16: a payload that is null or missing is read as empty', () => {
  expect(readFrame('[2,"17","Heartbeat",null]')).toEqual({ ...HEARTBEAT, tolerated: ['null-payload'] });
  expect(readFrame('[2,"17","Heartbeat"]')).toEqual({ ...HEARTBEAT, tolerated: ['missing-property'] });
  expect(readFrame('[3,"17",null]')).toMatchObject({ kind: 'result', payload: {}, tolerated: ['null-payload'] });
  expect(readFrame('[3,"17"]')).toMatchObject({ kind: 'result', payload: {}, tolerated: ['missing-property'] });
});

test('field-17: a message type written as text, and parts beyond the last, are tolerated', () => {
  expect(readFrame('["2","17","Heartbeat",{}]')).toEqual({ ...HEARTBEAT, tolerated: ['coerced-type'] });
  expect(readFrame('[2,"17","Heartbeat",{},"x"]')).toEqual({ ...HEARTBEAT, tolerated: ['extra-property'] });
});

test('an error is read whatever it lacks, for a call waits for it', () => {
  expect(readFrame('[4,"17"]')).toEqual({
    kind: 'error',
    messageId: '17',
    code: 'GenericError',
    description: '',
    details: {},
    tolerated: ['missing-property'],
  });
  expect(readFrame('[4,"17",500,null,null]')).toMatchObject({
    kind: 'error',
    code: '500',
    description: '',
    details: {},
  });
});

test.each([
  '[2,null,"Heartbeat",{}]',
  '[2,true,"Heartbeat",{}]',
  '[2,{},"Heartbeat",{}]',
  '[2]',
  '[3]',
  '[2,"17"]',
  '[2,"17",5,{}]',
])('%s cannot be handled: there is no id or no action', (text) => {
  expect(readFrame(text)).toMatchObject({ kind: 'malformed', fault: { code: 'FormationViolation' } });
});

test('field-18: a message id is echoed up to a limit, and tagged when longer than the standard has it', () => {
  const call = (length: number) => readFrame(JSON.stringify([2, 'x'.repeat(length), 'Heartbeat', {}]));
  expect(call(MESSAGE_ID_CHARACTERS_MAX)).toMatchObject({ kind: 'call', tolerated: [] });
  expect(call(MESSAGE_ID_CHARACTERS_MAX + 1)).toMatchObject({ kind: 'call', tolerated: ['over-long'] });
  expect(call(MESSAGE_ID_CHARACTERS_TOLERATED_MAX)).toMatchObject({ kind: 'call', tolerated: ['over-long'] });
  expect(call(MESSAGE_ID_CHARACTERS_TOLERATED_MAX + 1)).toMatchObject({ kind: 'malformed', messageId: '-1' });
});

test('a frame may be as long as the limit and no longer', () => {
  const frame = (length: number) => {
    const empty = '[2,"17","DataTransfer",{"data":""}]';
    return empty.replace('""', `"${'x'.repeat(length - empty.length)}"`);
  };
  expect(readFrame(frame(FRAME_BYTES_MAX))).toMatchObject({ kind: 'call' });
  expect(readFrame(frame(FRAME_BYTES_MAX + 1))).toMatchObject({
    kind: 'malformed',
    messageId: '17',
    looksLike: 'call',
  });
});

test('dangerous property names stay plain data', () => {
  const frame = readFrame('[2,"17","DataTransfer",{"__proto__":{"vendorId":"x"},"constructor":1}]');
  if (frame.kind !== 'call') throw new Error(frame.kind);
  expect((frame.payload as { vendorId?: unknown }).vendorId).toBeUndefined();
  expect(({} as { vendorId?: unknown }).vendorId).toBeUndefined();
});

test('deep nesting, and a frame that is nothing but repairs, are read or refused in time', () => {
  for (const text of [
    '['.repeat(FRAME_BYTES_MAX),
    `[2,"17","DataTransfer",${'['.repeat(30_000)}${']'.repeat(30_000)}]`,
    `[2,"17","DataTransfer",{"data":"${'\\'.repeat(60_000)}"}]`,
    `[${','.repeat(60_000)}`,
    `[2,"${'\\"'.repeat(30_000)}`,
    `${' '.repeat(60_000)}x`,
    `[2,"17","DataTransfer",{"a":${'0'.repeat(60_000)}x}]`,
    `["2${' '.repeat(60_000)}x","17",]`,
  ]) {
    const startedMs = performance.now();
    expect(['call', 'malformed']).toContain(readFrame(text).kind);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  }
});

test('no text makes readFrame throw, and each gives one of the kinds of frame', () => {
  const nearlyFrames = fc
    .tuple(fc.json(), fc.integer({ min: 0, max: 40 }), fc.constantFrom('', ',', '\0', '"', '[', '}', ':', '\\', 'nan'))
    .map(([json, at, extra]) => `[2,"17","Heartbeat",${json}]`.replace(/^/s, '').slice(0, at) + extra + json);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), nearlyFrames), (text) => {
      expect(['call', 'result', 'error', 'ignored', 'malformed']).toContain(readFrame(text).kind);
    }),
    { numRuns: 2_000 },
  );
});

test('a frame that lost or gained one character is read as itself, repaired, or refused: never as another call', () => {
  const payload = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: '2026-03-02T08:15:00Z' };
  const text = JSON.stringify([2, 'x1', 'StartTransaction', payload]);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(',', '\0', ' '), (at, extra) => {
      const frame = readFrame(text.slice(0, at) + extra + text.slice(at));
      if (frame.kind !== 'call') return;
      const { meterStart } = frame.payload as { meterStart?: unknown };
      expect(meterStart === 1000 || meterStart === undefined).toBe(true);
    }),
  );
});

test('whatever the message id, what is written is one frame that reads back with it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: MESSAGE_ID_CHARACTERS_MAX / 2 }), (messageId) => {
      const fault = { code: 'InternalError', detail: messageId } as const;
      expect(readFrame(writeError(messageId, fault))).toEqual({
        kind: 'error',
        messageId,
        code: 'InternalError',
        description: messageId,
        details: {},
        tolerated: [],
      });
      expect(readFrame(writeCall(messageId, { action: 'ClearCache' }))).toMatchObject({ kind: 'call', messageId });
      expect(readFrame(writeResult(messageId, { action: 'MeterValues' }))).toMatchObject({ kind: 'result', messageId });
    }),
  );
});

test('frames are written without a blank, and without what the object holds beyond the standard', () => {
  expect(writeResult('17', { action: 'Heartbeat', currentTime: '2026-03-02T08:15:00.000Z' })).toBe(
    '[3,"17",{"currentTime":"2026-03-02T08:15:00.000Z"}]',
  );
  const info = { status: 'Accepted', balance: 12 } as const;
  expect(writeResult('17', { action: 'Authorize', idTagInfo: info })).toBe(
    '[3,"17",{"idTagInfo":{"status":"Accepted"}}]',
  );
  expect(writeResult('17', { action: 'StopTransaction' })).toBe('[3,"17",{}]');
  expect(writeCall('17', { action: 'GetConfiguration' })).toBe('[2,"17","GetConfiguration",{}]');
});

test('the description of an error is cut to its maximum', () => {
  const written = writeError('17', { code: 'GenericError', detail: 'x'.repeat(1_000) });
  expect(JSON.parse(written)).toEqual([4, '17', 'GenericError', 'x'.repeat(ERROR_DESCRIPTION_CHARACTERS_MAX), {}]);
});
