import type { Config } from '../config.ts';
import { httpSmsTransport } from './sms-http.ts';
import type { Transport, Transports } from './transport.ts';

/**
 * The ways out that the settings name; without them every message stays in the outbox. What speaks for one of them is
 * loaded only then.
 */
export async function configuredTransports(config: Config): Promise<Transports> {
  const [mail, sms] = await Promise.all([configuredMail(config), configuredSms(config)]);
  return { ...(mail !== null && { mail }), ...(sms !== null && { sms }) };
}

async function configuredMail({ mailUrl: url, mailFrom: from }: Config): Promise<Transport | null> {
  if (url === '') return null;
  const { mailTransport } = await import('./mail.ts');
  return mailTransport({ url, from });
}

async function configuredSms(config: Config): Promise<Transport | null> {
  const { smsUrl: url, smsMethod, smsHeader, smsBody, smsFrom: from } = config;
  if (url === '') return null;
  if (/^s?smpp:/.test(url)) {
    const { smppTransport } = await import('./sms-smpp.ts');
    return smppTransport({ url, from });
  }
  return httpSmsTransport({
    method: smsMethod,
    url,
    body: smsMethod === 'GET' ? '' : smsBody,
    header: smsHeader,
    from,
  });
}
