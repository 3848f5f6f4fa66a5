import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ENVELOPE_BYTES_MAX } from '#src/edges/ocpp-soap/body.ts';
import { reread } from '#src/wire/all.ts';
import { readSoapCall, versionFault } from '#src/wire/ocpp-soap/calls-from.ts';
import { readEnvelope } from '#src/wire/ocpp-soap/envelope.ts';
import { readFault } from '#src/wire/ocpp-soap/faults.ts';
import { SOAP_WIRES } from '#src/wire/ocpp-soap/wire.ts';
import { startServer } from '../../fixtures/server.ts';
import { envelope, NAMESPACES, SOAP_1_1, SOAP_1_2 } from '../../wire/soap/envelopes.ts';
import { bytesBent, ODD_TEXTS, plain } from './bending.ts';
import type { HostileFamily } from './family.ts';
import { ANSWERS, AT, CALLS } from './words.ts';

type Version = '1.5' | '1.6';
type Posted = { readonly bytes: Buffer; readonly headers: Readonly<Record<string, string>> };

const IDENTITY = 'CP1';
const JSON_ONLY = 3;
/** A list of a payload is as many elements, an object one with children. */
function elementsOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => elementsOf(name, one)).join('');
  if (typeof value !== 'object' || value === null) return `<c:${name}>${String(value)}</c:${name}>`;
  return `<c:${name}>${Object.entries(value)
    .map(([child, of]) => elementsOf(child, of))
    .join('')}</c:${name}>`;
}

/** OCPP 1.5 has its values inside of `values`, and tells of them in attributes. */
const METER_15 =
  `<c:meterValuesRequest><c:connectorId>1</c:connectorId><c:values><c:timestamp>${AT}</c:timestamp>` +
  '<c:value unit="Wh" measurand="Energy.Active.Import.Register">1500</c:value></c:values></c:meterValuesRequest>';

function messagesOf(version: Version): readonly string[] {
  const calls = CALLS.slice(0, -JSON_ONLY).map(([action, payload]) => {
    const element = `${action.charAt(0).toLowerCase()}${action.slice(1)}Request`;
    const body = version === '1.5' && action === 'MeterValues' ? METER_15 : elementsOf(element, payload);
    return envelope({ version, action: `/${action}`, from: 'http://127.0.0.1:9/', body, identity: IDENTITY });
  });
  const answers = ANSWERS.map(([{ action }, payload]) =>
    envelope({ version, body: elementsOf(`${action.charAt(0).toLowerCase()}${action.slice(1)}Response`, payload) }),
  );
  return [...calls, ...answers];
}

const ELEMENT = /<((?:\w+:)?\w+)(?: [^<>]*)?>([^<]*)<\/\1>/g;
const ODD_ELEMENTS: readonly string[] = [
  '<c:__proto__ id="__proto__"><polluted>1</polluted></c:__proto__>',
  '<constructor><prototype><polluted>1</polluted></prototype></constructor>',
  '<a:b:c/>',
  '<c:idTag xsi:nil="true"/>',
  '<![CDATA[</s:Body>]]>',
  '<!-- -- -->',
  '<?xml version="1.0"?>',
  '&polluted;',
  '&#x110000;&#0;',
  `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`,
  '<x:Fault xmlns:x=""/>',
];

type Bend = (text: string) => string;
const bend: fc.Arbitrary<Bend> = fc.oneof(
  // One element is taken away, repeated, or says something odd.
  fc
    .tuple(fc.nat(), fc.constantFrom<string | number>(0, 2, 30, ...ODD_TEXTS, ...ODD_ELEMENTS))
    .map(([at, odd]) => (text: string) => {
      const elements = [...text.matchAll(ELEMENT)];
      const chosen = elements[at % Math.max(elements.length, 1)];
      if (chosen === undefined) return text;
      const [whole, name = ''] = chosen;
      const made = typeof odd === 'number' ? whole.repeat(odd) : `<${name}>${odd}</${name}>`;
      return text.slice(0, chosen.index) + made + text.slice(chosen.index + whole.length);
    }),
  fc.constantFrom<Bend>(
    (text) => `<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY polluted SYSTEM "file:///etc/passwd">]>${text}`,
    (text) => text.replaceAll(SOAP_1_2, SOAP_1_1),
    (text) => text.replaceAll(SOAP_1_2, 'urn:soap'),
    (text) => text.replaceAll(/"urn:\/\/Ocpp[^"]*"/g, `"${NAMESPACES['1.5']}"`),
    (text) => text.replaceAll(/"urn:\/\/Ocpp[^"]*"/g, `"${NAMESPACES['1.6']}"`),
    (text) => text.replaceAll('c:', ''),
    (text) => text.replace(`>${IDENTITY}<`, '>NOBODY<'),
    (text) => text.replace(/<s:Header>.*<\/s:Header>/s, ''),
    (text) => text.replace(/<s:Body>.*<\/s:Body>/s, '<s:Body/>'),
    (text) => text.replace(/<w:Action>.*<\/w:Action>/s, ''),
    (text) => text.replaceAll('Request', 'Response'),
    (text) => text.replace('</s:Body>', `${'<c:a/>'.repeat(300)}</s:Body>`),
    (text) => text.replace('</s:Body>', `${' '.repeat(ENVELOPE_BYTES_MAX)}</s:Body>`),
  ),
);

const HEADERS: readonly (Readonly<Record<string, string>> & { readonly packed?: never })[] = [
  {},
  { 'content-type': 'application/soap+xml; charset=utf-16' },
  { 'content-type': 'text/xml; charset="klingon"' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br' },
];

function piecesOf(version: Version): fc.Arbitrary<Posted> {
  const bent = fc
    .tuple(fc.constantFrom(...messagesOf(version)), fc.array(bend, { maxLength: 2 }))
    .map(([text, bends]) => Buffer.from(bends.reduce((before, one) => one(before), text)));
  const unpacked = { weight: 8, arbitrary: fc.record({ bytes: bytesBent(bent), headers: fc.constant({}) }) };
  const odd = fc.record({
    bytes: fc.oneof(bytesBent(bent), bytesBent(bent.map((bytes) => gzipSync(bytes)))),
    headers: fc.constantFrom(...HEADERS),
  });
  return fc.oneof(unpacked, { weight: 2, arbitrary: odd });
}

function samples(value: string, times: number): string {
  const meterValue = `<c:meterValue><c:timestamp>${AT}</c:timestamp>${value.repeat(times)}</c:meterValue>`;
  return envelope({
    body: `<c:meterValuesRequest><c:connectorId>1</c:connectorId>${meterValue}</c:meterValuesRequest>`,
  });
}

export function hostileSoap(version: Version): HostileFamily<Posted> {
  function read(text: string): void {
    reread(text, text);
    const found = readEnvelope(text);
    if (!found.ok) return;
    versionFault(found.envelope, version);
    for (const mode of ['tolerant', 'strict'] as const) plain(readSoapCall(found.envelope, version, mode));
    readFault(found.envelope.body);
    for (const [call] of ANSWERS) plain(SOAP_WIRES[`ocpp-${version}-soap`].readAnswer(call, found.envelope.body));
  }
  const whole = messagesOf(version);
  return {
    name: `OCPP ${version} SOAP`,
    pieces: piecesOf(version),
    read: ({ bytes }) => read(bytes.toString()),
    readText: read,
    whole,
    bytesMax: ENVELOPE_BYTES_MAX,
    measure: samples(
      '<c:sampledValue><c:value>1500.5</c:value><c:context>Sample.Clock</c:context></c:sampledValue>',
      2_600,
    ),
    dear: [
      samples('<c:sampledValue><value>1</value><measurand>a</measurand><context>b</context></c:sampledValue>', 2_600),
      // As many prefixes as fit, and elements whose prefix nobody declared.
      `${Array.from({ length: 30 }, (_, depth) => `<a ${Array.from({ length: 50 }, (_none, at) => `xmlns:n${depth}x${at}="u"`).join(' ')}>`).join('')}${'<x:b/>'.repeat(19_000)}`,
      `<a ${'b="" '.repeat(50)}>`.repeat(30) + '<b/>'.repeat(19_000),
      '&amp;'.repeat(50_000),
    ],
    identities: [IDENTITY, 'NEIGHBOUR'],
    start: (now) => startServer({ now, chargePoints: [{}, { chargePointId: 'NEIGHBOUR' }] }),
    async connect(server, identity) {
      const url = server.soapUrl(version);
      async function post(body: Buffer | string, headers: Readonly<Record<string, string>>) {
        const sent = typeof body === 'string' ? body : new Uint8Array(body);
        const response = await fetch(url, {
          method: 'POST',
          body: sent,
          headers: { 'content-type': 'application/soap+xml', ...headers },
        });
        return { status: response.status, text: await response.text() };
      }
      const [boot = ''] = whole;
      await post(boot.replace(`>${IDENTITY}<`, `>${identity}<`), {});
      return {
        async send({ bytes, headers }) {
          const { status, text } = await post(bytes, headers);
          if (status !== 200 || text.includes('<s:Fault>')) return { type: 'refused' };
          const transactionId = /<o:transactionId>(\d+)</.exec(text)?.[1];
          return { type: 'carried-out', transactionId: transactionId === undefined ? null : Number(transactionId) };
        },
        async beat() {
          const { status } = await post(envelope({ version, identity }), {});
          if (status !== 200) throw new Error(`a heartbeat is answered ${status}`);
        },
      };
    },
  };
}
