import fc from 'fast-check';
import { reread } from '#src/wire/all.ts';
import { readCall } from '#src/wire/ocpp/calls-from.ts';
import { FRAME_BYTES_MAX, readFrame } from '#src/wire/ocpp/frame.ts';
import { ocppJson } from '#src/wire/ocpp/json.ts';
import { newId } from '../../fixtures/charger.ts';
import { startServer } from '../../fixtures/server.ts';
import { until } from '../../fixtures/until.ts';
import { bytesBent, jsonBent, plain } from './bending.ts';
import type { Fate, HostileFamily } from './family.ts';
import { ANSWERS, AT, CALLS } from './words.ts';

const said = [...CALLS, ...ANSWERS.map(([{ action }, payload]) => [action, payload] as const)];

const frames = jsonBent(said.map(([action, payload]) => ({ action, payload }))).chain((written) => {
  const [, action = '"Heartbeat"', payload = '{}'] = /^\{"action":(.*?),"payload":(.*)\}$/s.exec(written) ?? [];
  const id = JSON.stringify(newId());
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(`[2,${id},${action},${payload}]`) },
    { weight: 2, arbitrary: fc.constantFrom(`[3,${id},${payload}]`, `[4,${id},"InternalError","",${payload}]`) },
    { weight: 1, arbitrary: fc.constantFrom(`[9,${id},${payload}]`, `{"2":${id}}`, `[2,${id}]`, '', '[2]', written) },
    { weight: 1, arbitrary: fc.constant(`[2,${id},${action},{"data":"${'x'.repeat(FRAME_BYTES_MAX)}"}]`) },
  );
});

function fateOf(bytes: Buffer): Fate {
  const frame = readFrame(bytes.toString());
  if (frame.kind === 'call') return 'answered';
  return frame.kind === 'malformed' && frame.looksLike !== 'answer' ? 'answered' : 'told';
}

function read(text: string): void {
  const frame = readFrame(text);
  if (frame.kind === 'call')
    for (const mode of ['tolerant', 'strict'] as const) plain(readCall(frame.action, frame.payload, mode));
  if (frame.kind === 'call' || frame.kind === 'result')
    for (const [call] of ANSWERS) plain(ocppJson.readAnswer(call, frame.payload));
  reread(text, text);
}

function samples(value: string, times: number): string {
  const sampledValue = Array.from({ length: times }, () => value).join(',');
  return `[2,"d","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"${AT}","sampledValue":[${sampledValue}]}]}]`;
}

export const HOSTILE_JSON: HostileFamily<Buffer> = {
  name: 'OCPP 1.6 JSON',
  pieces: bytesBent(frames.map((text) => Buffer.from(text))),
  read: (bytes) => read(bytes.toString()),
  readText: read,
  whole: CALLS.map(([action, payload]) => JSON.stringify([2, 'w', action, payload])),
  bytesMax: FRAME_BYTES_MAX,
  measure: samples('{"value":"1500.5","measurand":"Power.Active.Import","unit":"W","context":"Sample.Clock"}', 700),
  dear: [
    samples('{"value":"1","measurand":"a","context":"b","location":"c","format":"d"}', 900),
    samples('{"a":1}', 8_000),
    `[2,"d","DataTransfer",{"vendorId":"v","data":${'['.repeat(32_000)}${']'.repeat(32_000)}}]`,
    '['.repeat(65_000),
    `[2,"d","Heartbeat",${'{"a":'.repeat(13_000)}`,
    `[${' '.repeat(65_000)}`,
  ],
  identities: ['CP1', 'CP2'],
  start: (now) => startServer({ now }),
  async connect(server, identity) {
    const charger = await server.booted(identity);
    return {
      async send(bytes) {
        const before = charger.heard.length;
        charger.socket.send(bytes, { binary: false });
        const fate = fateOf(bytes);
        if (fate !== 'answered') return { type: fate };
        const [type, , payload] = await until('an answer', () => charger.heard[before]);
        if (type !== 3) return { type: 'refused' };
        return { type: 'carried-out', transactionId: (payload as { transactionId?: number }).transactionId ?? null };
      },
      async beat() {
        await charger.call('Heartbeat', {});
      },
    };
  },
};
