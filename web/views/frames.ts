import { inWordsOfOcpp } from './frames-kit.ts';
import { prettyXml, readXmlFrame } from './frames-xml.ts';

/** A frame of the journal, read again for a person: whatever was stored, this never throws. */
export type ReadFrame = {
  /** The payload's fields; empty when there are none or the frame is not JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What a CALL asks for; empty for the rest. */
  readonly action: string;
  readonly error: CallError | null;
};
/** Code and text of a CALLERROR. */
export type CallError = { readonly code: string; readonly text: string };

const CALL_RESULT = 3;
const CALL_ERROR = 4;
const NOTHING: ReadFrame = { fields: {}, action: '', error: null };

export function readFrame(frame: string | null): ReadFrame {
  const value = parsed(frame);
  if (value === undefined) return frame === null ? NOTHING : readSoap(frame);
  if (!Array.isArray(value)) return isFields(value) ? readBody(value) : NOTHING;
  if (value[0] === CALL_ERROR) return { ...NOTHING, error: { code: wordOf(value[2]), text: wordOf(value[3]) } };
  const isResult = value[0] === CALL_RESULT;
  const payload: unknown = value[isResult ? 2 : 3];
  return { ...NOTHING, fields: isFields(payload) ? payload : {}, action: isResult ? '' : wordOf(value[2]) };
}

/** What a Pulse kit said or was told, or a call of ours that never left. */
function readBody(body: ReadFrame['fields']): ReadFrame {
  const fields = inWordsOfOcpp(body);
  const code = wordOf(body['fault']);
  // A kit's own fault is a word in small letters; the server's are those of OCPP.
  if (body['say'] !== undefined || !/^[A-Z]/.test(code)) return { ...NOTHING, fields, action: wordOf(body['say']) };
  return { ...NOTHING, error: { code, text: wordOf(body['detail']) } };
}

/** The fields of an envelope's body, as JSON would have brought them. */
function readSoap(frame: string): ReadFrame {
  const body = readXmlFrame(frame);
  if (body === null) return NOTHING;
  const { name, fields } = body;
  if (name === 'Fault') return { ...NOTHING, error: faultOf(fields) };
  const action = /^(\w)(\w*)Request$/.exec(name);
  return { ...NOTHING, fields, action: action === null ? '' : `${action[1]?.toUpperCase()}${action[2]}` };
}

/** OCPP-S puts its own word below the code of SOAP. */
function faultOf(fault: ReadFrame['fields']): CallError {
  const code = within(fault, ['Code', 'Subcode', 'Value']) || within(fault, ['Code', 'Value']);
  return { code: code.slice(code.lastIndexOf(':') + 1), text: within(fault, ['Reason', 'Text']) };
}

function within(fields: ReadFrame['fields'], path: readonly string[]): string {
  let at: unknown = fields;
  for (const name of path) at = isFields(at) ? at[name] : undefined;
  return wordOf(at);
}

/** The frame with its parts indented, or as it is when it is neither JSON nor XML. */
export function prettyFrame(frame: string): string {
  const value = parsed(frame);
  if (value === undefined) return readXmlFrame(frame) === null ? frame : prettyXml(frame);
  return JSON.stringify(value, null, 2);
}

/** A field as text: empty for what is absent or has parts. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(frame: string | null): unknown {
  if (frame === null) return undefined;
  try {
    return JSON.parse(frame) as unknown;
  } catch (error) {
    // Broken JSON is journalled as it came (field-16), and SOAP is not JSON at all.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
