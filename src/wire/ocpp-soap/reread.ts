import type { Exchange } from '../wire.ts';
import { readSoapCall, versionFault } from './calls-from.ts';
import type { SoapVersion } from './descriptions.ts';
import { readEnvelope } from './envelope.ts';
import type { XmlElement } from './xml.ts';

/** A call of a charger and our answer, read again from the journal; null for an envelope of another version too. */
export function rereadEnvelopes(request: string, answer: string | null, version: SoapVersion): Exchange | null {
  if (!request.trimStart().startsWith('<')) return null;
  const asked = readEnvelope(request);
  if (!asked.ok || versionFault(asked.envelope, version) !== null) return null;
  const read = readSoapCall(asked.envelope, version, 'tolerant');
  if (!read.ok) return null;
  const given = answer === null ? null : readEnvelope(answer);
  const body = given?.ok === true ? given.envelope.body : null;
  const transactionId = Number(textOf(body, 'transactionId') ?? Number.NaN);
  return {
    call: read.call,
    transactionId: Number.isSafeInteger(transactionId) ? transactionId : null,
    status: textOf(body, 'status'),
  };
}

/** Of the element itself, or of its `idTagInfo`. */
function textOf(body: XmlElement | null, name: string): string | null {
  const children = [...(body?.children ?? []), ...(body?.children.flatMap((child) => child.children) ?? [])];
  return children.find((child) => child.name === name)?.text ?? null;
}
