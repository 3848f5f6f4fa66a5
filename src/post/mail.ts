import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { createTransport } from 'nodemailer';
import { detailOf, type Delivery, type Outgoing, type Transport } from './transport.ts';

const CONNECT_MS = 10_000;
/** Silence of the server in the middle of a mail. */
const SILENCE_MS = 20_000;

/** Mail over SMTP. `url`: `smtp://user:password@host:587`, or `smtps://` for TLS from the start; `from`: the sender. */
export function mailTransport({ url, from }: { readonly url: string; readonly from: string }): Transport {
  const transport = createTransport(
    {
      url,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // What a message says is text, never a file of ours or an address to fetch.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  /** By Message-ID: those that have not been handed over. */
  const open = new Map<string, AbortController>();
  transport.use('stream', (mail, done) => {
    const id = mail.data.messageId ?? '';
    // After the last of it comes the dot that hands it over: from here on only the server knows.
    const watched = () =>
      new Transform({
        transform: (chunk, _encoding, pass) => pass(null, chunk),
        flush(pass) {
          open.delete(id);
          pass();
        },
      });
    mail.message.transform(watched);
    done();
  });
  return {
    async send(message) {
      const messageId = messageIdOf(message, from);
      const giveUp = new AbortController();
      open.set(messageId, giveUp);
      try {
        await transport.sendMail({
          signal: giveUp.signal,
          to: { name: '', address: message.to },
          subject: message.subject,
          text: message.text,
          date: new Date(message.createdAtMs),
          messageId,
          // Nobody's holiday notice should answer a machine (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { result: 'accepted' };
      } catch (error) {
        return deliveryOf(error);
      } finally {
        open.delete(messageId);
      }
    },
    cut() {
      for (const giveUp of open.values()) giveUp.abort();
    },
    async close() {
      transport.close();
    },
  };
}

/** The same for every try of a message, so that a repeat after a crash is recognised by mail servers and readers. */
export function messageIdOf({ key }: Pick<Outgoing, 'key'>, from: string): string {
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'vigie.invalid';
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`;
}

/**
 * A reply of 500 and above about this message or its recipient is final (RFC 5321 §4.2.1). One about the login, the
 * greeting or the connection is about us: it is repaired, and then everything that waits leaves.
 */
function deliveryOf(error: unknown): Delivery {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  const isAboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  const isFinal = isAboutMessage && typeof responseCode === 'number' && responseCode >= 500;
  return { result: isFinal ? 'refused' : 'later', detail: detailOf(error) };
}
