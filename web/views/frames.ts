/** A frame of the journal, read again for a person: whatever was stored, this never throws. */
export type ReadFrame = {
  /** The payload's fields; empty when there are none or the frame is not JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Code and text of a CALLERROR. */
  readonly error: string | null;
};

const CALL_RESULT = 3;
const CALL_ERROR = 4;
const NOTHING: ReadFrame = { fields: {}, error: null };

export function readFrame(frame: string | null): ReadFrame {
  const value = parsed(frame);
  if (!Array.isArray(value)) return isFields(value) ? { fields: value, error: null } : NOTHING;
  if (value[0] === CALL_ERROR) return { fields: {}, error: [value[2], value[3]].filter(isWord).join(': ') };
  const payload: unknown = value[value[0] === CALL_RESULT ? 2 : 3];
  return isFields(payload) ? { fields: payload, error: null } : NOTHING;
}

/** The frame with its payload indented, or as it is when it is not JSON. */
export function prettyFrame(frame: string): string {
  const value = parsed(frame);
  return value === undefined ? frame : JSON.stringify(value, null, 2);
}

/** A field as text: empty for what is absent or has parts. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
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
