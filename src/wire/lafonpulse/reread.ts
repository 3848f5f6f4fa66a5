import type { Exchange } from '../wire.ts';
import { readSay } from './says.ts';

/** What a kit said and what it was told, read again from the journal, which does not name the kit. */
export function rereadSay(request: string, answer: string | null): Exchange | null {
  if (!request.trimStart().startsWith('{')) return null;
  const read = readSay(request, '');
  if (!read.ok) return null;
  const { ok, number } = objectOf(answer);
  return {
    call: read.call,
    transactionId: typeof number === 'number' && Number.isSafeInteger(number) ? number : null,
    status: typeof ok === 'boolean' ? (ok ? 'Accepted' : 'Rejected') : null,
  };
}

function objectOf(text: string | null): { readonly ok?: unknown; readonly number?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    // A reply that was cut on its way into the journal.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
