import { detailOf, type Delivery } from './transport.ts';

const ANSWER_MS = 20_000;
/** Of a refusal's text: enough to read why. */
const DETAIL_BYTES_MAX = 1_000;

/** A message over HTTP. `header`: `Name: value`, such as an authorisation; empty: none. Never rejects. */
export async function sendOverHttp(
  url: string,
  {
    header,
    headers = {},
    ...request
  }: RequestInit & { readonly header: string; readonly headers?: Record<string, string> },
): Promise<Delivery> {
  const all = new Headers(headers);
  const colon = header.indexOf(':');
  if (colon > 0) all.set(header.slice(0, colon).trim(), header.slice(colon + 1).trim());
  try {
    const answer = await fetch(url, {
      ...request,
      headers: all,
      // An answer that sends us elsewhere would carry the text, and the authorisation, to who knows whom.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return await deliveryOf(answer);
  } catch (error) {
    return { result: 'later', detail: detailOf(error) };
  }
}

/** Only what speaks of this message is final: a missing right, a limit or a fault of the provider passes. */
async function deliveryOf(answer: Response): Promise<Delivery> {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    await answer.body?.cancel();
    return { result: 'accepted' };
  }
  const isFinal = status === 400 || status === 413 || status === 422;
  return { result: isFinal ? 'refused' : 'later', detail: `HTTP ${status} ${await beginning(answer)}`.trim() };
}

async function beginning(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= DETAIL_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, DETAIL_BYTES_MAX).toString('utf8').trim();
}
