import type { IncomingMessage } from 'node:http';
import { brotliDecompress, gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib';

/**
 * Of an envelope, as it came and unpacked: XML is four times as wordy as JSON, and a stop may bring five hundred samples.
 */
export const ENVELOPE_BYTES_MAX = 262_144;

export type ReadBody =
  | { readonly ok: true; readonly text: string }
  /** `broken`: the sender hung up. `not-unpacked`: what it packed cannot be unpacked. */
  | { readonly ok: false; readonly why: Unreadable };
type Unreadable = 'too-large' | 'broken' | 'not-unpacked';

type Unpack = (bytes: InputType, options: ZlibOptions, done: (error: Error | null, bytes: Buffer) => void) => void;
const UNPACKERS: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', brotliDecompress],
]);

/** The text of a request or a response, packed or not, in whatever encoding it names. Never rejects. */
export async function readBody(message: IncomingMessage): Promise<ReadBody> {
  const received = await bytesOf(message);
  if (typeof received === 'string') return { ok: false, why: received };
  const unpack = UNPACKERS.get(message.headers['content-encoding']?.trim().toLowerCase() ?? '');
  const bytes = unpack === undefined ? received : await unpacked(received, unpack);
  if (typeof bytes === 'string') return { ok: false, why: bytes };
  return { ok: true, text: decoded(bytes, message.headers['content-type'] ?? '') };
}

function bytesOf(message: IncomingMessage): Promise<Buffer | 'too-large' | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= ENVELOPE_BYTES_MAX) chunks.push(chunk);
      else resolve('too-large');
    });
    message.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    message.on('error', () => resolve('broken'));
    message.on('close', () => resolve('broken'));
  });
}

function unpacked(bytes: Buffer, unpack: Unpack): Promise<Buffer | 'too-large' | 'not-unpacked'> {
  return new Promise((resolve) => {
    unpack(bytes, { maxOutputLength: ENVELOPE_BYTES_MAX }, (error, whole) => {
      if (error === null) resolve(whole);
      else resolve((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-unpacked');
    });
  });
}

/** The header goes before the XML declaration (RFC 7303 §3); UTF-8 unless one of them names something else. */
function decoded(bytes: Buffer, contentType: string): string {
  const named = /charset\s*=\s*"?([\w-]+)/i.exec(contentType) ?? declared(bytes);
  const label = named?.[1]?.toLowerCase() ?? 'utf-8';
  if (label === 'utf-8' || label === 'us-ascii') return bytes.toString();
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    // RangeError: an encoding that nobody knows. What is ASCII in it can be read all the same.
    if (error instanceof RangeError) return bytes.toString();
    throw error;
  }
}

function declared(bytes: Buffer): RegExpExecArray | null {
  return /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/.exec(bytes.toString('latin1', 0, 100));
}
